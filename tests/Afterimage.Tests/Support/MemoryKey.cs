using System.Security.Cryptography;
using Afterimage.Proof;
using Afterimage.Sealing;

namespace Afterimage.Tests.Support;

/// <summary>A signing key of a test's own.</summary>
internal sealed class MemoryKey : ISigningKey
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public VerifierKey Verifier(string name) => VerifierKey.Of(name, key.ExportSubjectPublicKeyInfo());

    public Task<VerifierKey> VerifierAsync(string name, CancellationToken ct) => Task.FromResult(Verifier(name));

    public Task<byte[]> SignAsync(ReadOnlyMemory<byte> text, CancellationToken ct) =>
        Task.FromResult(key.SignData(text.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    public void Dispose() => key.Dispose();
}
