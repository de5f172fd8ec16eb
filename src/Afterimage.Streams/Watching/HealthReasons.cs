using System.Globalization;

namespace Afterimage.Streams.Watching;

/// <summary>What is wrong, in words: one sentence for a table, however many of its shards it concerns.</summary>
internal static class HealthReasons
{
    public static HealthReason NotRunning { get; } = new(
        HealthLevel.Unhealthy, string.Empty, HealthCause.NotRunning, "The worker does not run.", "Start it again; what it has kept stays, and it goes on from there.");

    /// <summary>What is wrong with the shards of one table.</summary>
    public static IEnumerable<HealthReason> Of(string table, IReadOnlyList<WatchedShard> shards, DateTimeOffset now, HealthLimits limits)
    {
        var late = shards.Where(shard => shard.TimeToTrim(now) <= limits.AlarmBefore).OrderBy(shard => shard.ReadThrough).ToList();
        if (late.Count > 0)
        {
            yield return TrimmedSoon(table, late, now, limits);
        }

        var unread = shards.Where(shard => shard.Unread >= limits.Silence).OrderByDescending(shard => shard.Unread).ToList();
        if (unread.Count > 0)
        {
            yield return new HealthReason(
                HealthLevel.Unhealthy,
                table,
                HealthCause.NotRead,
                $"{table}: no read of {Shards(unread)} has succeeded for {SpanText.Of(unread[0].Unread!.Value)}, though the worker runs.",
                "Look at what it says fails: permissions, the endpoint, the store. Where nothing fails, start it again.");
        }
    }

    /// <summary>What is wrong where nobody could tell for so long what there is to read; null where it is not that long.</summary>
    public static HealthReason? NotListed(string table, TimeSpan silence, HealthLimits limits) => silence < limits.Silence ? null : new HealthReason(
        HealthLevel.Unhealthy,
        table,
        HealthCause.NotListed,
        table.Length == 0
            ? $"Which streams are to be followed could not be looked up for {SpanText.Of(silence)}."
            : $"{table}: its shards could not be listed for {SpanText.Of(silence)}.",
        "See that DescribeTable and DescribeStream are allowed and that the endpoint answers.");

    private static HealthReason TrimmedSoon(string table, List<WatchedShard> late, DateTimeOffset now, HealthLimits limits)
    {
        var left = late[0].TimeToTrim(now)!.Value;
        var until = late[0].ReadThrough!.Value.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new HealthReason(
            left <= limits.UnhealthyBefore ? HealthLevel.Unhealthy : HealthLevel.Alarm,
            table,
            HealthCause.TrimmedSoon,
            left == TimeSpan.Zero
                ? $"{table}: {Shards(late)} was read through {until}; what came next may be trimmed already."
                : $"{table}: {Shards(late)} was read through {until}; what came next may be trimmed in {SpanText.Of(left)}.",
            "See that a worker runs and reads; start more of them if one cannot keep up. What is trimmed unread becomes a gap.");
    }

    private static string Shards(List<WatchedShard> shards) => shards.Count switch
    {
        1 => $"shard {shards[0].Shard}",
        var count => $"shard {shards[0].Shard} (and {count - 1} more)",
    };
}
