using Afterimage.Streams.Records;

namespace Afterimage.Streams.Leases;

/// <summary>What one worker has seen of the others, and since when, by its own time, which no setting of a clock moves.</summary>
/// <param name="duration">For how long a worker may be seen without a new beat before it is taken for dead.</param>
internal sealed class LeaseWatch(TimeSpan duration)
{
    private Dictionary<WorkerId, (long Beats, TimeSpan Since)> seen = [];
    private Dictionary<(StreamArn Stream, ShardId Shard), TimeSpan> freeSince = [];
    private TimeSpan? asked;

    /// <summary>The workers that are alive.</summary>
    public IEnumerable<WorkerId> Living => seen.Keys.Where(IsAlive);

    /// <summary>Takes in a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="wanted">The shards that this worker would read.</param>
    /// <param name="askedAt">When it was asked for: it may be older than its arrival, so that nobody was silent for longer than until then.</param>
    /// <param name="now">The present, from which on a beat counts that was not seen before.</param>
    public void Note(LeaseTable table, IEnumerable<LeaseWish> wanted, TimeSpan askedAt, TimeSpan now)
    {
        // Who has not looked for long has seen nobody idle: the others may have been paused with it.
        var isBlind = asked is not { } before || askedAt - before > duration;
        asked = askedAt;

        // An owner that has no count, not yet or not any more, is watched like one whose count stands still.
        seen = table.Beats.Keys.Concat(Owners(table)).Distinct().ToDictionary(worker => worker, worker =>
        {
            var beats = table.Beats.GetValueOrDefault(worker);
            return !isBlind && seen.TryGetValue(worker, out var known) && known.Beats == beats ? known : (beats, now);
        });

        var owned = table.Leases.Where(lease => lease.Owner is { } owner && IsAlive(owner)).Select(lease => (lease.Stream, lease.Shard)).ToHashSet();
        freeSince = wanted.Select(wish => (wish.Stream, wish.Shard)).Where(key => !owned.Contains(key))
            .ToDictionary(key => key, key => !isBlind && freeSince.TryGetValue(key, out var since) ? since : now);
    }

    public bool IsAlive(WorkerId worker) => seen.TryGetValue(worker, out var known) && asked - known.Since < duration;

    /// <summary>The workers that are dead and own nothing.</summary>
    public IEnumerable<WorkerId> Buried(LeaseTable table) => seen.Keys.Where(worker => !IsAlive(worker)).Except(Owners(table));

    /// <summary>Whether nobody has taken a shard for so long that nobody else will: it may be that nobody else follows its stream.</summary>
    public bool IsLeftOver(LeaseWish wish) => freeSince.TryGetValue((wish.Stream, wish.Shard), out var since) && asked - since >= duration;

    private static IEnumerable<WorkerId> Owners(LeaseTable table) => table.Leases.Where(lease => lease.Owner is not null).Select(lease => lease.Owner!.Value);
}
