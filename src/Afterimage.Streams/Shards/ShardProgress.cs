using Afterimage.Streams.Records;

namespace Afterimage.Streams.Shards;

/// <summary>How far a shard has been read and kept.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Parent">The shard it continues.</param>
/// <param name="Last">The sequence number of the last record kept; null before the first.</param>
/// <param name="Size">How many places the journal has filled for the shard: entries, and whatever it keeps beside them.</param>
/// <param name="Finished">Whether the shard was closed and read to its end.</param>
public sealed record ShardProgress(ShardId Shard, ShardId? Parent, SequenceNumber? Last, long Size, bool Finished)
{
    /// <summary>A shard of which nothing was kept yet.</summary>
    public static ShardProgress None(Shard shard) => new(shard.Id, shard.Parent, null, 0, false);
}
