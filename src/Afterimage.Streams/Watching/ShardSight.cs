using Afterimage.Streams.Records;

namespace Afterimage.Streams.Watching;

/// <summary>A shard as the worker that holds it saw it last. Moments of reads are timestamps, which no setting of a clock moves.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Shard">The shard.</param>
/// <param name="IsOpen">Whether it may still be written to, as far as listings tell.</param>
/// <param name="ReadThrough">Up to when everything is known to be read; null where that is not known.</param>
/// <param name="Since">When it was last read with success; before that, when it was taken up.</param>
internal sealed record ShardSight(StreamArn Stream, ShardId Shard, bool IsOpen, DateTimeOffset? ReadThrough, long Since);

/// <summary>How many of a stream's shards there are, each counted once.</summary>
/// <param name="Reading">Those that this worker reads.</param>
/// <param name="Elsewhere">Those that another one reads.</param>
/// <param name="Waiting">Those that nobody reads yet: their parents are not finished, or nobody has taken them.</param>
/// <param name="Finished">Those that were read to their end.</param>
internal sealed record ShardCounts(int Reading, int Elsewhere, int Waiting, int Finished)
{
    public static ShardCounts None { get; } = new(0, 0, 0, 0);
}

/// <summary>A stream as its follower saw it last.</summary>
/// <param name="Counts">Its shards.</param>
/// <param name="Since">When they were last listed; before that, when it was taken up.</param>
internal sealed record StreamSight(ShardCounts Counts, long Since);
