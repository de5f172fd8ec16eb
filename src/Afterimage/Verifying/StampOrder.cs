using Afterimage.Entries;

namespace Afterimage.Verifying;

/// <summary>Holds what is kept of stamps to the shard's own entries: one that an item bore before came back with a copy, and any other did not.</summary>
internal sealed class StampOrder
{
    // That a use was seen is all that is noted: half an hour of leaves would be too much to hold.
    private static readonly object Seen = new();

    private readonly RecentStamps<object> borne = new();

    /// <summary>What is wrong with what is kept of the stamp; null if nothing is.</summary>
    /// <param name="leaf">The next leaf of the shard.</param>
    public string? Problem(CheckedLeaf leaf)
    {
        if (leaf is not { Stamp: { } use, Entry: { } entry })
        {
            return null;
        }

        var isNew = borne.Find(use, entry.Time) is null;
        if (isNew)
        {
            borne.Add(use, entry.Time, Seen);
        }

        // Before the shard's first stamp the item's entries lie in other shards.
        var mayHaveComeBack = !isNew || borne.MayBeOlder(use);
        return leaf.Standing == StampStanding.CameBack
            ? mayHaveComeBack ? null : "its stamp is kept as one that came back, and nothing bore it before"
            : isNew ? null : "its stamp is kept as its own, and the item bore it before";
    }
}
