namespace Afterimage.Tests.Support;

/// <summary>Secrets that come again with their seed.</summary>
public static class SeededSecrets
{
    public static Func<int, byte[]> From(int seed)
    {
        var random = new Random(seed);
        return length =>
        {
            var secret = new byte[length];
            random.NextBytes(secret);
            return secret;
        };
    }
}
