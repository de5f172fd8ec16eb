using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Afterimage.Trail.Sqlite;

/// <summary>
/// Tells whether two large sets of lookups are the same without holding either: a sum for each span over a keyed hash of every row. The key is secret and new with each
/// check, so that no rows can be chosen to cancel out.
/// </summary>
/// <param name="key">32 secret bytes.</param>
internal sealed class LookupSums(ReadOnlySpan<byte> key)
{
    /// <summary>How many bytes the key has.</summary>
    public const int KeySize = 32;

    private readonly ConcurrentDictionary<long, UInt128> sums = new();
    private readonly ulong first = BinaryPrimitives.ReadUInt64LittleEndian(key);
    private readonly ulong second = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]) | 1;
    private readonly ulong third = BinaryPrimitives.ReadUInt64LittleEndian(key[16..]);
    private readonly ulong fourth = BinaryPrimitives.ReadUInt64LittleEndian(key[24..]) | 1;

    /// <summary>The spans of which anything was counted.</summary>
    public IEnumerable<long> Spans => sums.Keys;

    /// <summary>What the rows of a span come to; those that are there add, those that should be take away.</summary>
    public UInt128 this[long span] => sums.GetValueOrDefault(span);

    /// <summary>Adds to a span.</summary>
    public void Add(long span, UInt128 sum) => sums.AddOrUpdate(span, sum, (_, old) => unchecked(old + sum));

    /// <summary>The hash of a row.</summary>
    public UInt128 Hash(long key, ReadOnlySpan<byte> place, long no)
    {
        var left = Mix((ulong)key ^ first, (ulong)no ^ second);
        var right = Mix((ulong)key ^ third, (ulong)no ^ fourth);
        Span<byte> padded = stackalloc byte[32];
        padded.Clear();
        place[..Math.Min(place.Length, padded.Length - 1)].CopyTo(padded);
        padded[^1] = (byte)place.Length;
        for (var at = 0; at < padded.Length; at += sizeof(ulong))
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(padded[at..]);
            left = Mix(left ^ word, second);
            right = Mix(right ^ word, fourth);
        }

        return new UInt128(left, right);
    }

    private static ulong Mix(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low ^ left;
    }
}
