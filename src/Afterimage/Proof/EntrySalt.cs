using System.Security.Cryptography;

namespace Afterimage.Proof;

/// <summary>
/// The secret that an entry's salts are made from. It follows from the shard's key and the record's place, so that the same record read
/// again after a crash gives the same leaf; without the key nobody can make it.
/// </summary>
internal static class EntrySalt
{
    /// <summary>The number of bytes, of an entry's secret and of a shard's key alike.</summary>
    public const int Size = 32;

    // Sequence numbers have at most 40 digits.
    private const int SequenceMax = 64;

    private static ReadOnlySpan<byte> Purpose => "afterimage/salt/1\n"u8;

    /// <summary>Makes the secret of one entry.</summary>
    /// <param name="shardKey">The shard's 32 secret bytes.</param>
    /// <param name="sequence">The sequence number exactly as it stands in the leaf.</param>
    /// <param name="into">The place of 32 bytes that it is written to.</param>
    public static void Derive(ReadOnlySpan<byte> shardKey, ReadOnlySpan<byte> sequence, Span<byte> into)
    {
        if (shardKey.Length != Size)
        {
            throw new ArgumentException($"A shard's key has {Size} bytes, not {shardKey.Length}.");
        }

        if (sequence.Length > SequenceMax)
        {
            throw new FormatException($"A sequence number of {sequence.Length} characters is none of DynamoDB's.");
        }

        Span<byte> message = stackalloc byte[Purpose.Length + sequence.Length];
        Purpose.CopyTo(message);
        sequence.CopyTo(message[Purpose.Length..]);
        HMACSHA256.HashData(shardKey, message, into);
    }
}
