using System.Security.Cryptography;

namespace Afterimage.Proof;

/// <summary>
/// Makes the secrets of a shard's entries, from which their salts are made. A secret follows from the shard's key and the record's place, so
/// that the same record read again after a crash gives the same leaf; without the key nobody can make it. Not for two threads.
/// </summary>
internal sealed class ShardSalts : IDisposable
{
    /// <summary>The number of bytes of an entry's secret.</summary>
    public const int SecretSize = 32;

    /// <summary>The number of bytes of a shard's key.</summary>
    public const int KeySize = 32;

    private readonly IncrementalHash hmac;

    /// <summary>The source of one shard.</summary>
    /// <param name="shardKey">The shard's 32 random bytes.</param>
    public ShardSalts(ReadOnlySpan<byte> shardKey) => hmac = shardKey.Length == KeySize
        ? IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, shardKey)
        : throw new ArgumentException($"A shard's key has {KeySize} bytes, not {shardKey.Length}.");

    private static ReadOnlySpan<byte> Purpose => "afterimage/salt/1\n"u8;

    /// <summary>Makes the secret of one entry.</summary>
    /// <param name="seq">The sequence number exactly as it stands in the leaf.</param>
    /// <param name="into">The place of 32 bytes that it is written to.</param>
    public void Derive(ReadOnlySpan<byte> seq, Span<byte> into)
    {
        hmac.AppendData(Purpose);
        hmac.AppendData(seq);
        hmac.GetHashAndReset(into);
    }

    /// <inheritdoc/>
    public void Dispose() => hmac.Dispose();
}
