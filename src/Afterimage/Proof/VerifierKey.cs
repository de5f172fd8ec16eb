using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Afterimage.Proof;

/// <summary>
/// The public key that checkpoints are checked with, and the name it signs under (C2SP signed-note, signature type 2: ECDSA on P-256 over SHA-256). Its text
/// is what an auditor is given, by a way that the trail's operator does not control.
/// </summary>
public sealed class VerifierKey : IEquatable<VerifierKey>
{
    private const byte Ecdsa = 0x02;

    private readonly byte[] publicKey;

    private VerifierKey(string name, byte[] publicKey)
    {
        Name = name;
        this.publicKey = publicKey;
        Id = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(publicKey));
    }

    /// <summary>The name it signs under: the trail's.</summary>
    public string Name { get; }

    /// <summary>The first four bytes of the SHA-256 of its public key.</summary>
    public uint Id { get; }

    /// <summary>The public key, SubjectPublicKeyInfo as DER: what openssl reads with <c>-keyform DER</c>.</summary>
    public ReadOnlySpan<byte> PublicKey => publicKey;

    /// <summary>The key of this name.</summary>
    /// <param name="name">The name it signs under.</param>
    /// <param name="publicKey">SubjectPublicKeyInfo as DER.</param>
    /// <exception cref="FormatException">It is no public key on P-256, or the name cannot stand in a note.</exception>
    public static VerifierKey Of(string name, ReadOnlySpan<byte> publicKey)
    {
        CheckName(name);
        using var key = Import(publicKey);
        return key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
            ? new VerifierKey(name, publicKey.ToArray())
            : throw new FormatException("The key is not on the curve P-256.");
    }

    /// <summary>Reads a key as <see cref="ToString"/> writes it: <c>name+id+base64</c>.</summary>
    /// <exception cref="FormatException">It is none, or of another kind.</exception>
    public static VerifierKey Parse(string text)
    {
        // Base64 may hold a plus of its own; neither names nor ids do.
        if (text.Split('+', 3) is not [var name, { Length: 8 } id, var encoded])
        {
            throw new FormatException("A verifier key has three parts with a plus between: NAME+ID+KEY.");
        }

        var bytes = Utf8.Base64(encoded);
        if (bytes is not [Ecdsa, .. var publicKey])
        {
            throw new FormatException("The verifier key is of a kind that does not sign checkpoints: only ECDSA, 0x02, does.");
        }

        var key = Of(name, publicKey);
        return key.IdText == id ? key : throw new FormatException($"The verifier key says that its id is {id}, and it is {key.IdText}.");
    }

    /// <summary>A name that notes and keys can carry.</summary>
    /// <exception cref="FormatException">It is empty, or has spaces, controls or a plus.</exception>
    public static void CheckName(string name)
    {
        if (name.Length == 0 || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '+'))
        {
            throw new FormatException($"'{name}' cannot stand in a signed note: a name is not empty and has no spaces, no controls and no plus.");
        }
    }

    /// <summary>Whether this key signed the text.</summary>
    public bool HasSigned(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        using var key = Import(publicKey);
        return key.VerifyData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <inheritdoc/>
    public bool Equals(VerifierKey? other) => other is not null && Name == other.Name && publicKey.AsSpan().SequenceEqual(other.publicKey);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VerifierKey);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Id);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}+{IdText}+{Convert.ToBase64String([Ecdsa, .. publicKey])}";

    private string IdText => Id.ToString("x8", CultureInfo.InvariantCulture);

    private static ECDsa Import(ReadOnlySpan<byte> publicKey)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(publicKey, out var read);
            return read == publicKey.Length ? key : throw new CryptographicException("bytes follow the key.");
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
        {
            // PlatformNotSupportedException: a curve that this machine has never heard of.
            key.Dispose();
            throw new FormatException($"This is not a public key: {e.Message}", e);
        }
    }
}
