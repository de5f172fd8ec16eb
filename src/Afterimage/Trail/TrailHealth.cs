using System.Globalization;
using Afterimage.Streams.Watching;

namespace Afterimage.Trail;

/// <summary>Whether the tables of a trail are read in time, from the trail alone: it tells how far they were read, and not who reads them.</summary>
public static class TrailHealth
{
    /// <summary>Judges the tables that are followed; one that was let go is not missed.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="shards">The rows of their shards.</param>
    /// <param name="moved">Tables of which something was read since an earlier look: somebody reads them, however far back.</param>
    /// <param name="now">The present.</param>
    /// <param name="limits">From when on something is wrong.</param>
    public static Health Of(IEnumerable<TrailTable> tables, IReadOnlyCollection<TrailShard> shards, IReadOnlySet<string> moved, DateTimeOffset now, HealthLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var reasons = new List<HealthReason>();
        foreach (var table in tables.Where(table => table.Followed))
        {
            var rows = shards.Where(shard => shard.IsOfStream && shard.Stream.Table == table.Name).ToList();
            reasons.AddRange(Health.Of(Unfinished(rows), now, limits).Reasons);
            if (table.Transactions?.Intake is null && !moved.Contains(table.Name) && Abandoned(table.Name, rows, now, limits) is { } abandoned)
            {
                reasons.Add(abandoned);
            }
        }

        return Health.Of(reasons);
    }

    /// <summary>Tables of which something was read between two looks.</summary>
    public static IReadOnlySet<string> Moved(IEnumerable<TrailShard> before, IEnumerable<TrailShard> after)
    {
        var known = before.ToDictionary(shard => (shard.Stream, shard.Progress.Shard), shard => shard.Progress);
        return after.Where(shard => shard.IsOfStream && IsFurther(shard)).Select(shard => shard.Stream.Table).ToHashSet(StringComparer.Ordinal);

        // A lease alone is no reading: only its epoch rises.
        bool IsFurther(TrailShard shard) => !known.TryGetValue((shard.Stream, shard.Progress.Shard), out var row)
            ? shard.Progress.IsBegun
            : shard.Progress with { Epoch = row.Epoch } != row;
    }

    // What nothing was kept of yet comes after what its parent was read through.
    private static IEnumerable<WatchedShard> Unfinished(List<TrailShard> rows)
    {
        var readThrough = rows.ToDictionary(row => (row.Stream, row.Progress.Shard), row => row.Progress.ReadThrough);
        return rows.Where(row => !row.Progress.Finished)
            .Select(row => new WatchedShard(row.Stream.Table, row.Progress.Shard, row.Progress.ReadThrough ?? OfParent(row), Unread: null));

        DateTimeOffset? OfParent(TrailShard row) => row.Progress.Parent is { } parent ? readThrough.GetValueOrDefault((row.Stream, parent)) : null;
    }

    // A quiet shard is noted to be read through every few seconds, and so is one that is written to: at least one of a table's shards moves.
    private static HealthReason? Abandoned(string table, List<TrailShard> rows, DateTimeOffset now, HealthLimits limits)
    {
        const string Hint = "See that afterimage run runs and what it says; afterimage disable takes a table out that nobody is to follow.";
        if (rows.Max(row => row.Progress.ReadThrough) is not { } newest)
        {
            return new HealthReason(
                HealthLevel.Unhealthy, table, HealthCause.Abandoned, $"{table}: it is to be followed, and it is not known that anything of it was ever read through.", Hint);
        }

        if (now - newest < limits.Silence)
        {
            return null;
        }

        var moment = newest.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var why = rows.TrueForAll(row => row.Progress.Finished) ? "its stream is off, or nobody reads it" : "nobody reads it, or whoever does is as far behind";
        return new HealthReason(HealthLevel.Unhealthy, table, HealthCause.Abandoned, $"{table}: nothing was read through since {moment}, {SpanText.Of(now - newest)} ago: {why}.", Hint);
    }
}
