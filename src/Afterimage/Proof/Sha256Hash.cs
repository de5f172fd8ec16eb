using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Afterimage.Proof;

/// <summary>The 32 bytes of a SHA-256, as a value: a digest, a leaf's or a node's hash, a root. Many of them lie side by side without an object each.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Sha256Hash
{
    /// <summary>The number of bytes.</summary>
    public const int Size = 32;

    /// <summary>The number of characters as base64, with padding.</summary>
    public const int Base64Length = 44;

    // Only there to take the room of 32 bytes and to be compared quickly; the bytes lie in them as they came.
    private readonly ulong first;
    private readonly ulong second;
    private readonly ulong third;
    private readonly ulong fourth;

    // Kept and used again, since beginning anew costs more than hashing a hundred bytes does.
    [ThreadStatic]
    private static IncrementalHash? hasher;

    /// <summary>The hash of these bytes.</summary>
    public static Sha256Hash Of(ReadOnlySpan<byte> bytes) => Of(ReadOnlySpan<byte>.Empty, bytes);

    /// <summary>The hash of a byte and what follows it. The first byte keeps the kinds of things that are hashed apart.</summary>
    public static Sha256Hash Of(byte first, ReadOnlySpan<byte> bytes) => Of(new ReadOnlySpan<byte>(in first), bytes);

    /// <summary>A hash that was kept.</summary>
    /// <exception cref="FormatException">These are not 32 bytes.</exception>
    public static Sha256Hash Read(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? MemoryMarshal.Read<Sha256Hash>(bytes)
        : throw new FormatException($"A SHA-256 has {Size} bytes, not {bytes.Length}.");

    /// <summary>The order of hashes as bytes, from the first to the last.</summary>
    public static Comparison<Sha256Hash> ByBytes { get; } = static (left, right) => left.CompareBytes(right);

    /// <summary>The bytes, where they lie.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(new ReadOnlySpan<Sha256Hash>(in this));

    /// <summary>Writes the 44 characters of its base64.</summary>
    public void WriteBase64(Span<byte> into) => Base64.EncodeToUtf8(Bytes, into[..Base64Length], out _, out _);

    /// <summary>Its base64, as leaves have it.</summary>
    public string ToBase64() => Convert.ToBase64String(Bytes);

    /// <inheritdoc/>
    public override string ToString() => Convert.ToHexStringLower(Bytes);

    /// <summary>The same by way of .NET, which is there on every machine.</summary>
    internal static void HashByDotNet(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> hash)
    {
        var sha256 = hasher ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha256.AppendData(first);
        sha256.AppendData(second);
        sha256.GetHashAndReset(hash);
    }

    private static Sha256Hash Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var hash = default(Sha256Hash);
        var bytes = MemoryMarshal.AsBytes(new Span<Sha256Hash>(ref hash));
        if (OpenSslSha256.IsThere)
        {
            OpenSslSha256.Hash(first, second, bytes);
        }
        else
        {
            HashByDotNet(first, second, bytes);
        }

        return hash;
    }

    private int CompareBytes(Sha256Hash other)
    {
        // Two hashes are told apart by their first eight bytes, but for one pair in 2^64.
        var order = BigEndian(first).CompareTo(BigEndian(other.first));
        return order != 0 ? order : Bytes.SequenceCompareTo(other.Bytes);
    }

    private static ulong BigEndian(ulong word) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word;
}
