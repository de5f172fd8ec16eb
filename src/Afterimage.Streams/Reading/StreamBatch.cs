using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Reading;

/// <summary>What comes next of one shard, to be kept together: records in stream order, a gap before them, the end behind them.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Records">Each record's JSON text in UTF-8, exactly as delivered. May be empty.</param>
/// <param name="EndsShard">Whether this is the last of the shard: it is closed, or what is left of it is lost.</param>
public sealed record StreamBatch(StreamArn Stream, ShardId Shard, IReadOnlyList<ReadOnlyMemory<byte>> Records, bool EndsShard)
{
    /// <summary>What is missing before the records; null where nothing is.</summary>
    public ShardGap? Gap { get; init; }

    /// <summary>
    /// Up to when everything was read, besides what the time of the last record tells; null where nothing is known.
    /// Not the moment at which the end was read: a shard that ended long before has children that did not wait.
    /// </summary>
    public DateTimeOffset? ReadThrough { get; init; }
}
