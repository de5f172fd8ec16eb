using Afterimage.Entries;
using Afterimage.Trail;

namespace Afterimage.Query;

/// <summary>Tells marks whose delete was done from those of which only an attempt is known.</summary>
public static class FoldedMarks
{
    /// <summary>Whether an entry is the mark that a removal of the item names its actor by; false of everything that is no mark.</summary>
    /// <remarks>It reads the item's changes of the half hour after the mark, and no others.</remarks>
    public static async Task<bool> IsUsedAsync(ITrail trail, AuditEntry entry, CancellationToken ct)
    {
        if (entry is not { Kind: EntryKind.Mark, Keys: { } item, NewImage: { } marked })
        {
            return false;
        }

        var nonces = Nonces(marked);
        await foreach (var later in trail.HistoryAsync(new HistoryFilter(entry.Table, item, Reverse: false, entry.Time), ct))
        {
            if (later.Time > entry.Time + Attribution.StampMemory)
            {
                return false;
            }

            if (later is { Actor.Source: ActorSource.DeleteMark, OldImage: { } removed } && Nonces(removed).Overlaps(nonces))
            {
                return true;
            }
        }

        return false;
    }

    // The attribute that stamps are in is a matter of the rules that the entry was made by; a nonce is found wherever it stands.
    private static HashSet<string> Nonces(AttributeMap image) =>
        [.. image.Keys.Select(attribute => WriterStamp.Find(image, attribute)).OfType<WriterStamp>().Where(stamp => stamp.Deletes).Select(stamp => stamp.Nonce)];
}
