using Afterimage.Proof;

namespace Afterimage.Sealing;

/// <summary>The key that checkpoints are signed with.</summary>
public interface ISigningKey : IDisposable
{
    /// <summary>The key that its signatures are checked with, under the name that it signs under.</summary>
    Task<VerifierKey> VerifierAsync(string name, CancellationToken ct);

    /// <summary>Signs a text: ECDSA on P-256 over its SHA-256, as ASN.1 DER.</summary>
    Task<byte[]> SignAsync(ReadOnlyMemory<byte> text, CancellationToken ct);
}
