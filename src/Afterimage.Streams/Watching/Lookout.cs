using System.Collections.Concurrent;
using Afterimage.Streams.Records;

namespace Afterimage.Streams.Watching;

/// <summary>
/// What a worker shows of itself. Its loop replaces one small record for each read, and any other thread may look at them at any time: each is
/// whole, though two of them may be of different moments.
/// </summary>
internal sealed class Lookout(TimeProvider time)
{
    private readonly ConcurrentDictionary<(StreamArn Stream, ShardId Shard), ShardSight> shards = new();
    private readonly ConcurrentDictionary<StreamArn, StreamSight> streams = new();
    private long lookedAt;
    private volatile bool isRunning;

    public IEnumerable<ShardSight> Shards => shards.Select(one => one.Value);

    public IEnumerable<KeyValuePair<StreamArn, StreamSight>> Streams => streams;

    public DateTimeOffset UtcNow => time.GetUtcNow();

    /// <summary>How long ago something was.</summary>
    public TimeSpan Ago(long since) => time.GetElapsedTime(since);

    public void Begin()
    {
        NoteLook();
        isRunning = true;
    }

    /// <summary>What does not run any more shows nothing.</summary>
    public void End()
    {
        isRunning = false;
        shards.Clear();
        streams.Clear();
    }

    /// <summary>It was told which streams are to be followed.</summary>
    public void NoteLook() => Volatile.Write(ref lookedAt, time.GetTimestamp());

    public void Follow(StreamArn stream) => streams[stream] = new StreamSight(ShardCounts.None, time.GetTimestamp());

    public void Leave(StreamArn stream) => streams.TryRemove(stream, out _);

    public void NoteListing(StreamArn stream) => Change(stream, sight => sight with { Since = time.GetTimestamp() });

    public void Count(StreamArn stream, ShardCounts counts) => Change(stream, sight => sight with { Counts = counts });

    /// <summary>A shard was taken up.</summary>
    public void Hold(StreamArn stream, ShardId shard, bool isOpen, DateTimeOffset? readThrough) =>
        shards[(stream, shard)] = new ShardSight(stream, shard, isOpen, readThrough, time.GetTimestamp());

    /// <summary>A shard was read with success.</summary>
    public void NoteRead(StreamArn stream, ShardId shard, bool isOpen, DateTimeOffset? readThrough) => Hold(stream, shard, isOpen, readThrough);

    /// <summary>A shard is read no more.</summary>
    public void Drop(StreamArn stream, ShardId shard) => shards.TryRemove((stream, shard), out _);

    public Health Health(HealthLimits limits)
    {
        if (!isRunning)
        {
            return Watching.Health.Of([HealthReasons.NotRunning]);
        }

        // One stream that cannot be listed is enough for its table.
        var unlisted = streams.GroupBy(one => one.Key.Table, one => Ago(one.Value.Since), StringComparer.Ordinal)
            .Select(table => HealthReasons.NotListed(table.Key, table.Max(), limits))
            .Append(HealthReasons.NotListed(string.Empty, Ago(Volatile.Read(ref lookedAt)), limits));
        var watched = Shards.Select(sight => new WatchedShard(sight.Stream.Table, sight.Shard, sight.ReadThrough, Ago(sight.Since)));
        return Watching.Health.Of(Watching.Health.Of(watched, UtcNow, limits).Reasons.Concat(unlisted.OfType<HealthReason>()));
    }

    // A stream that was left meanwhile stays left.
    private void Change(StreamArn stream, Func<StreamSight, StreamSight> change)
    {
        if (streams.TryGetValue(stream, out var sight))
        {
            streams[stream] = change(sight);
        }
    }
}
