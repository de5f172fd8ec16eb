using System.Security.Cryptography;
using System.Text;
using Afterimage.Proof;

namespace Afterimage.Tests.Proof;

/// <summary>A key that signs checkpoints and comes again with its seed.</summary>
internal sealed class SampleKey : IDisposable
{
    public const string Trail = "audit.example.com/orders";

    private readonly ECDsa key;

    public SampleKey(int seed = 1, string name = Trail)
    {
        var secret = new byte[32];
        new Random(seed).NextBytes(secret.AsSpan(1));
        key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret });
        Verifier = VerifierKey.Of(name, key.ExportSubjectPublicKeyInfo());
    }

    public VerifierKey Verifier { get; }

    public byte[] Sign(ReadOnlySpan<byte> text) => key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>The signed note over a log of this size and root.</summary>
    public string Note(long size, Sha256Hash root)
    {
        var checkpoint = new Checkpoint(Verifier.Name, size, root);
        return Encoding.UTF8.GetString(SignedCheckpoint.Of(checkpoint, Verifier, Sign(checkpoint.ToText())).Note.Span);
    }

    public void Dispose() => key.Dispose();
}
