using System.Buffers;
using System.Runtime.InteropServices;

namespace Afterimage.Proof;

/// <summary>The one hash that an entry's leaf carries for all it commits to.</summary>
internal static class EntryItem
{
    private const byte Prefix = 0x02;

    // The digests are sorted where they lie, as words, which lie on multiples of eight; the prefix goes in front of them.
    private const int DigestsAt = 8;

    /// <summary>
    /// SHA-256(0x02 ‖ the digests sorted bytewise). Being sorted, it comes out the same from shown disclosures and bare digests in any order.
    /// </summary>
    public static Sha256Hash Of(ReadOnlySpan<Sha256Hash> digests)
    {
        var length = DigestsAt + (digests.Length * Sha256Hash.Size);
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        bytes[DigestsAt - 1] = Prefix;
        var sorted = MemoryMarshal.Cast<byte, Sha256Hash>(bytes.AsSpan(DigestsAt..length));
        digests.CopyTo(sorted);
        sorted.Sort(Sha256Hash.ByBytes);
        var item = Sha256Hash.Of(bytes.AsSpan((DigestsAt - 1)..length));
        ArrayPool<byte>.Shared.Return(bytes);
        return item;
    }
}
