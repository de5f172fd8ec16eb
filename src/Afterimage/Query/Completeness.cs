using System.Globalization;
using Afterimage.Entries;
using Afterimage.Trail;

namespace Afterimage.Query;

/// <summary>How far the trail knows a table's changes, so that no answer seems more complete than it is.</summary>
/// <param name="ReadThrough">Everything written before this moment is in the trail; null where that cannot be said.</param>
/// <param name="Shards">How many shards the answer rests on.</param>
/// <param name="Gaps">Where something is missing, or may be, and nobody has acknowledged it.</param>
public sealed record Completeness(DateTimeOffset? ReadThrough, int Shards, IReadOnlyList<AuditEntry> Gaps)
{
    /// <summary>Whether there is no stream to be read: changes come by the transactions that they are made in.</summary>
    public bool IsByTransactions { get; init; }

    /// <summary>What is taken off, since a write may show up in its stream a moment late.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    /// <summary>Reads it from the rows of the shards: the least advanced one that is not finished decides.</summary>
    public static Completeness Of(IEnumerable<TrailShard> shards, IEnumerable<TrailGap> gaps)
    {
        var all = shards.ToList();
        var read = all.Where(shard => shard.IsOfStream).ToList();
        var open = read.Where(shard => !shard.Progress.Finished).Select(shard => shard.Progress.ReadThrough).ToList();
        var isKnown = open.Count > 0 && !open.Contains(null);
        return new Completeness(isKnown ? open.Min() - Slack : null, read.Count, [.. gaps.Where(gap => gap.Acknowledged is null).Select(gap => gap.Entry)])
        {
            IsByTransactions = read.Count == 0 && all.Any(shard => TransactionStream.Is(shard.Stream)),
        };
    }

    /// <summary>Reads it from the trail, for one table or for all of them.</summary>
    public static async Task<Completeness> OfAsync(ITrail trail, string? table, CancellationToken ct)
    {
        var shards = await trail.ShardsAsync(null, ct);
        var gaps = await trail.GapsAsync(ct);
        return Of(shards.Where(shard => table is null || shard.Stream.Table == table), gaps.Where(gap => table is null || gap.Entry.Table == table));
    }

    /// <summary>One line for people.</summary>
    public override string ToString() => Progress + Gaps switch
    {
        [] => string.Empty,
        [var gap] => $"; 1 gap: {gap.Table}: {NoticeSentence.Of(gap)}. See afterimage gaps list",
        _ => $"; {Gaps.Count} gaps, {Gaps.Count(gap => gap.Gap!.IsCertain)} of them certain. See afterimage gaps list",
    };

    private string Progress => (Shards, ReadThrough) switch
    {
        (0, _) when IsByTransactions => "kept by the transactions that changes are made in: what was committed is here a moment later",
        (0, _) => "nothing was read yet: run `afterimage run`",
        (_, null) => "read to the end of what was found; how far that reaches in time is not known",
        (_, { } moment) => string.Create(CultureInfo.InvariantCulture, $"read through {moment.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z ({Slack.TotalSeconds:0} s of slack taken off)"),
    };
}
