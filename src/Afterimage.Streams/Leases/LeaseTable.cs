using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Leases;

/// <summary>Who is there and who owns what, at one moment.</summary>
/// <param name="Beats">How often each worker has beaten. A worker is alive as long as its count rises; no clock is compared.</param>
/// <param name="Leases">Every shard that has a row and is not finished.</param>
public sealed record LeaseTable(IReadOnlyDictionary<WorkerId, long> Beats, IReadOnlyList<Lease> Leases)
{
    /// <summary>Nobody, nothing.</summary>
    public static LeaseTable Empty { get; } = new(new Dictionary<WorkerId, long>(), []);
}

/// <summary>The right to advance one shard.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Epoch">Rises whenever the shard is taken; a commit counts only under the epoch of the shard's row.</param>
/// <param name="Owner">Who took it last; null where it was given back, or never taken.</param>
public sealed record Lease(StreamArn Stream, ShardId Shard, long Epoch, WorkerId? Owner);

/// <summary>A shard that is to be taken.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Parent">The shard it continues, for its row where it has none yet.</param>
/// <param name="EpochSeen">The epoch at which it was seen, and still has to be; 0 where it had no row.</param>
public sealed record LeaseWish(StreamArn Stream, ShardId Shard, ShardId? Parent, long EpochSeen);

/// <summary>A shard that was taken.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Row">Its row with the new epoch: from there it is read.</param>
public sealed record LeasedShard(StreamArn Stream, ShardProgress Row);
