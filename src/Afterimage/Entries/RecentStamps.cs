namespace Afterimage.Entries;

/// <summary>The uses of stamps that were seen lately, as long as one of them that comes again could still count. Not for two threads.</summary>
/// <typeparam name="TNote">What is noted of each when it is first seen.</typeparam>
internal sealed class RecentStamps<TNote>
    where TNote : class
{
    private readonly Dictionary<(string Nonce, bool Removes), TNote> notes = [];
    private readonly Queue<(DateTimeOffset Time, (string Nonce, bool Removes) Use)> order = [];
    private DateTimeOffset? first;

    /// <summary>What was noted of a use when it was first seen; null if it was not, or so long ago that it does not count any more.</summary>
    /// <param name="use">The use.</param>
    /// <param name="time">The time of the change that it is of. Changes come in their order.</param>
    public TNote? Find(StampUse use, DateTimeOffset time)
    {
        first ??= time;
        while (order.TryPeek(out var oldest) && oldest.Time < time - Attribution.StampMemory)
        {
            notes.Remove(order.Dequeue().Use);
        }

        return notes.GetValueOrDefault(Key(use));
    }

    /// <summary>Notes a use that was not found.</summary>
    public void Add(StampUse use, DateTimeOffset time, TNote note)
    {
        notes.Add(Key(use), note);
        order.Enqueue((time, Key(use)));
    }

    /// <summary>Whether an item may have borne the stamp before anything was seen here.</summary>
    public bool MayBeOlder(StampUse use) => use.Borne.Time - Attribution.StampMemory < first;

    private static (string Nonce, bool Removes) Key(StampUse use) => (use.Borne.Nonce, use.Removes);
}
