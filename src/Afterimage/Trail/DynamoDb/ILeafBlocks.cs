using Afterimage.Streams.Records;

namespace Afterimage.Trail.DynamoDb;

/// <summary>The leaves of shards, of which the log reads what it seals and proves.</summary>
internal interface ILeafBlocks
{
    /// <summary>The leaves from one place up to another, as far as the shard's row says that they are there.</summary>
    IAsyncEnumerable<LeafRun> LeavesAsync(StreamArn stream, ShardId shard, long from, long to, CancellationToken ct);

    /// <summary>The leaf in one place, and what is kept of its entry besides; null if there is none.</summary>
    Task<StoredLeaf?> LeafAsync(StreamArn stream, ShardId shard, long place, CancellationToken ct);
}
