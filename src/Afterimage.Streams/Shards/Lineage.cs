using Afterimage.Streams.Records;

namespace Afterimage.Streams.Shards;

/// <summary>Which shards may be read: a child only after its parent, so that the changes of one item stay in order.</summary>
internal static class Lineage
{
    /// <summary>The shards to read now.</summary>
    /// <param name="census">What the listings have shown.</param>
    /// <param name="progress">What is known of each shard from reading it.</param>
    public static IReadOnlyList<Shard> Readable(Census census, IReadOnlyDictionary<ShardId, ShardProgress> progress)
    {
        return [.. census.Listed.Where(shard => !IsFinished(shard.Id) && (shard.Parent is not { } parent || IsFinished(parent) || IsPast(parent)))];

        bool IsFinished(ShardId id) => progress.TryGetValue(id, out var known) && known.Finished;

        // A parent that nobody read and that is gone cannot come back. One that was begun is waited for, even when it is gone:
        // what is left of it has to be known to be lost first.
        bool IsPast(ShardId id) => census.IsGone(id) && !progress.ContainsKey(id);
    }

    /// <summary>Shards where a stream is begun: without a parent that could be read before them. Null while that is in doubt.</summary>
    public static IReadOnlyList<ShardId>? Begins(Census census)
    {
        var listed = census.Listed.ToList();
        return listed.Exists(shard => shard.Parent is { } parent && census.IsDoubted(parent))
            ? null
            : [.. listed.Where(shard => shard.Parent is not { } parent || census.IsGone(parent)).Select(shard => shard.Id)];
    }
}
