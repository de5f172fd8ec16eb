namespace Afterimage.Relay;

/// <summary>The entries that a sink is to have next, and which of them go into the next call. Entries of one item are sent in their order, and none overtakes an earlier one.</summary>
/// <param name="limits">What the sink takes in one call.</param>
/// <param name="options">What is configured for it.</param>
internal sealed class SendWindow(SinkLimits limits, SinkOptions options)
{
    // So many wait at most: enough to fill calls from many items, and little to send again after a crash.
    private const int EntriesMax = 2_000;
    private const long BytesMax = 32 * 1024 * 1024;

    private readonly LinkedList<PendingEntry> pending = [];
    private long bytes;

    /// <summary>Whether more may be added.</summary>
    public bool HasRoom => pending.Count < EntriesMax && bytes < BytesMax;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => pending.Count == 0;

    private int BatchMax => Math.Min(options.BatchSize ?? int.MaxValue, limits.EntriesMax);

    /// <summary>Adds an entry behind all others.</summary>
    public void Add(PendingEntry entry)
    {
        pending.AddLast(entry);
        bytes += entry.Outgoing.Text.Length;
    }

    /// <summary>Entries of an item behind this one, in their order.</summary>
    public IReadOnlyList<PendingEntry> Behind(PendingEntry entry) =>
        [.. pending.SkipWhile(one => one != entry).Skip(1).Where(one => !one.IsOver && one.Outgoing.Item == entry.Outgoing.Item)];

    /// <summary>Forgets what is over.</summary>
    public void Clear()
    {
        for (var node = pending.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.IsOver)
            {
                bytes -= node.Value.Outgoing.Text.Length;
                pending.Remove(node);
            }

            node = next;
        }
    }

    /// <summary>The calls to make now: as many as may be under way at once, with no item in common.</summary>
    /// <param name="now">The present.</param>
    /// <param name="isLast">Whether nothing follows for now that would fill a batch.</param>
    public IReadOnlyList<IReadOnlyList<PendingEntry>> Take(DateTimeOffset now, bool isLast)
    {
        var (calls, barred) = (new List<IReadOnlyList<PendingEntry>>(), new HashSet<string>(StringComparer.Ordinal));
        while (calls.Count < limits.CallsAtOnce && Next(now, barred) is { Count: > 0 } batch)
        {
            if (!IsDue(batch, now) && !isLast)
            {
                break;
            }

            batch.ForEach(entry => entry.IsUnderWay = true);
            calls.Add(batch);
        }

        return calls;
    }

    /// <summary>When something may be sent though nothing arrives; null if nothing waits. What stands behind another of its item waits for that one.</summary>
    public DateTimeOffset? WakesAt() =>
        pending.Count == 0 ? null : pending.DistinctBy(entry => entry.Outgoing.Item).Min(entry => Later(entry.NotBefore, entry.ArrivedAt + options.MaxBatchingWindow));

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    // A batch goes when it is full, or when its oldest entry has waited long enough.
    private bool IsDue(List<PendingEntry> batch, DateTimeOffset now) => batch.Count >= Math.Min(BatchMax, batch.Min(entry => entry.TogetherMax))
        || batch.Sum(SizeOf) + limits.EntryOverhead >= limits.BytesMax
        || !HasRoom
        || now - batch[0].ArrivedAt >= options.MaxBatchingWindow;

    private List<PendingEntry> Next(DateTimeOffset now, HashSet<string> barred)
    {
        var (batch, size, max) = (new List<PendingEntry>(), 0L, BatchMax);
        foreach (var entry in pending)
        {
            if (entry.IsOver)
            {
                continue;
            }

            var item = entry.Outgoing.Item;
            if (barred.Contains(item) || entry.IsUnderWay || entry.NotBefore > now || (batch.Count > 0 && (entry.TogetherMax <= batch.Count || size + SizeOf(entry) > limits.BytesMax)))
            {
                // Whatever keeps one back keeps back what follows it of its item.
                barred.Add(item);
                continue;
            }

            batch.Add(entry);
            size += SizeOf(entry);
            max = Math.Min(max, entry.TogetherMax);
            if (limits.TakesSome)
            {
                barred.Add(item);
            }

            if (batch.Count == max)
            {
                break;
            }
        }

        return batch;
    }

    private long SizeOf(PendingEntry entry) => entry.Outgoing.Text.Length + limits.EntryOverhead;
}
