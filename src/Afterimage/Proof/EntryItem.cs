using System.Buffers;
using System.Runtime.InteropServices;

namespace Afterimage.Proof;

/// <summary>The one hash that an entry's leaf carries for all it commits to.</summary>
internal static class EntryItem
{
    private const byte Prefix = 0x02;

    /// <summary>
    /// SHA-256(0x02 ‖ the digests sorted bytewise). Being sorted, it comes out the same from shown disclosures and bare digests in any order.
    /// </summary>
    public static Sha256Hash Of(ReadOnlySpan<Sha256Hash> digests)
    {
        var rented = ArrayPool<Sha256Hash>.Shared.Rent(digests.Length);
        var sorted = rented.AsSpan(0, digests.Length);
        digests.CopyTo(sorted);
        sorted.Sort(Sha256Hash.ByBytes);
        var item = Sha256Hash.Of(Prefix, MemoryMarshal.AsBytes(sorted));
        ArrayPool<Sha256Hash>.Shared.Return(rented);
        return item;
    }
}
