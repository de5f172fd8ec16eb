using Afterimage.Entries;

namespace Afterimage.Verifying;

/// <summary>Holds what is kept of stamps to the shard's own entries: one that an item bore before came back with a copy, and any other did not.</summary>
internal sealed class StampOrder
{
    private static readonly TimeSpan Memory = 2 * Attribution.ClockSkewMax;

    private readonly HashSet<(string Nonce, bool Removes)> borne = [];
    private readonly Queue<(DateTimeOffset Time, (string Nonce, bool Removes) Use)> order = [];
    private DateTimeOffset? first;

    /// <summary>What is wrong with what is kept of the stamp; null if nothing is.</summary>
    /// <param name="leaf">The next leaf of the shard.</param>
    public string? Problem(CheckedLeaf leaf)
    {
        if (leaf is not { Stamp: { } use, Entry: { } entry })
        {
            return null;
        }

        first ??= entry.Time;
        while (order.TryPeek(out var oldest) && oldest.Time < entry.Time - Memory)
        {
            borne.Remove(order.Dequeue().Use);
        }

        var key = (use.Borne.Nonce, use.Removes);
        var isNew = borne.Add(key);
        if (isNew)
        {
            order.Enqueue((entry.Time, key));
        }

        // Before the shard's first stamp the item's entries lie in other shards.
        var mayHaveComeBack = !isNew || use.Borne.Time - Memory < first;
        return leaf.StampCameBack
            ? mayHaveComeBack ? null : "its stamp is kept as one that came back, and nothing bore it before"
            : isNew ? null : "its stamp is kept as its own, and the item bore it before";
    }
}
