using Afterimage.Streams.Records;

namespace Afterimage.Streams.Shards;

/// <summary>Which shards may be read: a child only after its parent, so that the changes of one item stay in order.</summary>
internal static class Lineage
{
    /// <summary>The shards to read now, in the order of the listing.</summary>
    /// <param name="listed">Every shard that DescribeStream showed.</param>
    /// <param name="progress">What is known of each shard from reading it.</param>
    public static IReadOnlyList<Shard> Readable(IReadOnlyCollection<Shard> listed, IReadOnlyDictionary<ShardId, ShardProgress> progress)
    {
        var ids = listed.Select(shard => shard.Id).ToHashSet();
        return [.. listed.Where(shard => !IsFinished(shard.Id) && (shard.Parent is not { } parent || IsFinished(parent) || !IsWaitedFor(parent)))];

        bool IsFinished(ShardId id) => progress.TryGetValue(id, out var known) && known.Finished;

        // A parent that was trimmed before anybody read it cannot come back: its child begins here.
        // One that was begun is waited for, even unlisted: what is left of it is read first or known to be lost.
        bool IsWaitedFor(ShardId id) => ids.Contains(id) || progress.ContainsKey(id);
    }

    /// <summary>Shards that were begun, are not finished and are no longer listed: what was left in them cannot be read any more.</summary>
    public static IReadOnlyList<ShardProgress> Vanished(IReadOnlyCollection<Shard> listed, IReadOnlyDictionary<ShardId, ShardProgress> progress)
    {
        var ids = listed.Select(shard => shard.Id).ToHashSet();
        return [.. progress.Values.Where(known => !known.Finished && !ids.Contains(known.Shard))];
    }
}
