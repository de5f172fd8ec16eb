using System.Globalization;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Watching;

namespace Afterimage.Trail;

/// <summary>Whether changes and the intents that were committed with them have found each other.</summary>
public static class IntentHealth
{
    /// <summary>
    /// How long an intent may wait: where there is no stream for whoever makes an entry of it, else for its record once the stream was read that far beyond it. Writers' clocks
    /// may be as far from DynamoDB's.
    /// </summary>
    public static readonly TimeSpan Patience = Entries.Attribution.ClockSkewMax;

    /// <summary>What is wrong; empty where nothing is, or where the trail has no intents.</summary>
    /// <param name="trail">The trail.</param>
    /// <param name="shards">The rows of its shards.</param>
    /// <param name="now">The present.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<IReadOnlyList<HealthReason>> OfAsync(ITrail trail, IReadOnlyCollection<TrailShard> shards, DateTimeOffset now, CancellationToken ct)
    {
        var reasons = new List<HealthReason>();
        if (trail.Intents is not { } intents)
        {
            return reasons;
        }

        foreach (var table in (await trail.TablesAsync(ct)).Where(table => table.Transactions is not null))
        {
            var waiting = await intents.WaitingAsync(table.Name, ct).Where(intent => intent.Change is null || IsLate(intent.Change, table, shards, now)).ToListAsync(ct);
            reasons.AddRange(waiting.Count == 0 ? [] : [Left(table, waiting)]);
            var unannounced = await intents.UnannouncedAsync(table.Name, ct).ToListAsync(ct);
            reasons.AddRange(unannounced.Count == 0 ? [] : [Missing(table.Name, unannounced)]);
        }

        return reasons;
    }

    /// <summary>What is wrong, as far as whoever asks may look: where intents are kept from them, that is told of instead.</summary>
    /// <inheritdoc cref="OfAsync" path="/param"/>
    public static async Task<IReadOnlyList<HealthReason>> SeenAsync(ITrail trail, IReadOnlyCollection<TrailShard> shards, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            return await OfAsync(trail, shards, now, ct);
        }
        catch (AfterimageException e) when (e.InnerException is AccessDeniedException)
        {
            return [new HealthReason(HealthLevel.Alarm, string.Empty, HealthCause.IntentsHidden, $"Nobody looked whether intents are left or missing: {e.Message}", "Ask afterimage status --check with the credentials of a worker, who may see what is not redacted yet.")];
        }
    }

    /// <summary>Both in one order.</summary>
    public static Health Join(Health health, IEnumerable<HealthReason> reasons) => Health.Of(health.Reasons.Concat(reasons));

    private static bool IsLate(IntendedChange change, TrailTable table, IEnumerable<TrailShard> shards, DateTimeOffset now)
    {
        if (table.Transactions is { Intake: not null })
        {
            return change.Time + Patience < now;
        }

        var open = shards.Where(shard => shard.IsOfStream && shard.Stream.Table == table.Name && !shard.Progress.Finished).Select(shard => shard.Progress.ReadThrough).ToList();
        return open.Count > 0 && open.TrueForAll(readThrough => readThrough > change.Time + Patience);
    }

    private static HealthReason Left(TrailTable table, List<TransactionIntent> left)
    {
        var first = left.OrderBy(intent => intent.Change?.Time ?? DateTimeOffset.MinValue).First();
        var which = first.Change is { } change
            ? $"the first is {first.Name} of {change.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}"
            : $"{first.Name} cannot be read: {first.Problem}";
        return new HealthReason(
            HealthLevel.Unhealthy,
            table.Name,
            HealthCause.IntentLeft,
            table.Transactions!.Intake is null
                ? $"{table.Name}: {left.Count} changes were committed with intents, and their records did not come though the stream was read past them; {which}."
                : $"{table.Name}: {left.Count} changes were committed with intents that nobody makes entries of; {which}.",
            table.Transactions.Intake is null
                ? "Whether the stream was off, or what it held was trimmed, afterimage gaps list tells. The intents stay in the trail's table with both images."
                : "See that afterimage run runs for this table and trail, and what it says.");
    }

    private static HealthReason Missing(string table, List<UnannouncedChange> changes) => new(
        HealthLevel.Alarm,
        table,
        HealthCause.IntentMissing,
        $"{table}: the stamps of {changes.Count} changes say that an intent was committed with them, and there was none; the first is entry {changes.MinBy(change => change.Time)!.Entry}.",
        "Their actors count as stamps do. Look with afterimage show for the program that wrote it: it names another trail, or copies stamps.");
}
