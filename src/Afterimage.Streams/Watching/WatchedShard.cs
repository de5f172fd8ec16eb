using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Watching;

/// <summary>A shard that is to be read.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Shard">The shard.</param>
/// <param name="ReadThrough">
/// Up to when everything written to it is known to be read: the oldest unread record is younger. Null where that is not known.
/// </param>
/// <param name="Unread">For how long no read of it has succeeded; null where that is another's to know.</param>
public sealed record WatchedShard(string Table, ShardId Shard, DateTimeOffset? ReadThrough, TimeSpan? Unread)
{
    /// <summary>How long ago everything written was known to be read; null where that is not known.</summary>
    public TimeSpan? Lag(DateTimeOffset now) => LagOf(ReadThrough, now);

    /// <summary>24 hours less the greatest age that the oldest unread record can have: how long until it may be trimmed. Never below zero.</summary>
    public TimeSpan? TimeToTrim(DateTimeOffset now) => TimeToTrimOf(ReadThrough, now);

    /// <summary>The lag of what is read through so far. Clocks differ: it is never below zero.</summary>
    public static TimeSpan? LagOf(DateTimeOffset? readThrough, DateTimeOffset now) => readThrough is { } moment ? NotNegative(now - moment) : null;

    /// <summary>The time to trim of what is read through so far.</summary>
    public static TimeSpan? TimeToTrimOf(DateTimeOffset? readThrough, DateTimeOffset now) => readThrough is { } moment ? NotNegative(moment - Retention.Horizon(now)) : null;

    private static TimeSpan NotNegative(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span;
}
