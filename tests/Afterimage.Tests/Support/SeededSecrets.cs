using System.Security.Cryptography;

namespace Afterimage.Tests.Support;

/// <summary>Secrets that come again with their seed.</summary>
public sealed class SeededSecrets(int seed) : RandomNumberGenerator
{
    private readonly Random random = new(seed);

    public override void GetBytes(byte[] data) => random.NextBytes(data);
}
