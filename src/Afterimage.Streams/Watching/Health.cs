namespace Afterimage.Streams.Watching;

/// <summary>Whether what is to be read is read in time, and what to do where it is not.</summary>
/// <param name="Reasons">What is wrong: at most one reason for a table and cause, the gravest first.</param>
public sealed record Health(IReadOnlyList<HealthReason> Reasons)
{
    /// <summary>How grave the gravest reason is.</summary>
    public HealthLevel Level => Reasons.Count == 0 ? HealthLevel.Healthy : Reasons.Max(reason => reason.Level);

    /// <summary>Judges shards that are to be read. It decides from its arguments alone.</summary>
    /// <param name="shards">The shards that are not finished.</param>
    /// <param name="now">The present.</param>
    /// <param name="limits">From when on something is wrong.</param>
    public static Health Of(IEnumerable<WatchedShard> shards, DateTimeOffset now, HealthLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var tables = shards.GroupBy(shard => shard.Table, StringComparer.Ordinal);
        return Of(tables.SelectMany(table => HealthReasons.Of(table.Key, [.. table], now, limits)));
    }

    /// <summary>Puts reasons in order.</summary>
    internal static Health Of(IEnumerable<HealthReason> reasons) =>
        new([.. reasons.OrderByDescending(reason => reason.Level).ThenBy(reason => reason.Table, StringComparer.Ordinal).ThenBy(reason => reason.Cause)]);
}

/// <summary>How well it is.</summary>
public enum HealthLevel
{
    /// <summary>Everything is read in time.</summary>
    Healthy,

    /// <summary>Somebody should look within hours.</summary>
    Alarm,

    /// <summary>Somebody should look now: changes will be lost, or nothing is read.</summary>
    Unhealthy,
}

/// <summary>What can be wrong.</summary>
public enum HealthCause
{
    /// <summary>What is unread will be trimmed before long.</summary>
    TrimmedSoon,

    /// <summary>A shard is held but no read of it succeeds.</summary>
    NotRead,

    /// <summary>Nobody can tell which shards or streams there are.</summary>
    NotListed,

    /// <summary>Nobody reads a table.</summary>
    Abandoned,

    /// <summary>The worker does not run.</summary>
    NotRunning,

    /// <summary>Changes were committed with intents that do not become entries.</summary>
    IntentLeft,

    /// <summary>Changes say that they were committed with intents, and there were none.</summary>
    IntentMissing,

    /// <summary>Whoever asks may not look at intents.</summary>
    IntentsHidden,
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Level">How grave it is.</param>
/// <param name="Table">The table; empty where it concerns all of them.</param>
/// <param name="Cause">What it is.</param>
/// <param name="What">It, as a sentence.</param>
/// <param name="Hint">What to do about it.</param>
public sealed record HealthReason(HealthLevel Level, string Table, HealthCause Cause, string What, string Hint);
