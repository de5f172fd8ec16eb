using Afterimage.Streams.Aws;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Tests.Simulation;

/// <summary>The store failed: the process that meets this ends, and is started again.</summary>
internal sealed class SimStoreException() : Exception("The disk is full.");

/// <summary>The trail as one process reaches it: calls take time, and may fail before they take effect or after.</summary>
internal sealed class SimJournal(SimWorld world, SimProcess process, Random random) : IShardJournal, ILeaseStore
{
    public Task<StreamProgress> ReadAsync(StreamArn stream, CancellationToken ct) => CallAsync($"Read {stream.Table}", () => world.Trail.Read(stream), ct);

    public Task<KeepResult> KeepAsync(StreamBatch batch, ShardProgress before, CancellationToken ct) => CallAsync($"Keep {batch.Shard} {batch.Records.Count} records{(batch.EndsShard ? " and the end" : string.Empty)} {batch.Gap} after {SimWords.Short(before.Last)} under {before.Epoch}", () => world.Trail.Keep(batch, before, process), ct);

    public Task<StreamBeginning> BeginAsync(StreamBeginning beginning, CancellationToken ct) => CallAsync($"Begin {beginning.Stream.Table} {beginning.Stream.Label}", () => world.Trail.Begin(beginning), ct);

    public Task NoteReadThroughAsync(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough, CancellationToken ct)
    {
        var noted = readThrough.ToDictionary();
        return CallAsync($"NoteReadThrough {stream.Table}", () => world.Trail.NoteReadThrough(stream, noted), ct);
    }

    public Task<LeaseTable> BeatAsync(WorkerId me, CancellationToken ct) => CallAsync($"Beat", () => world.Trail.Leases.Beat(me, process), ct);

    public Task<IReadOnlyList<LeasedShard>> TakeAsync(WorkerId me, IReadOnlyList<LeaseWish> wanted, CancellationToken ct)
    {
        var wishes = wanted.ToList();
        return CallAsync($"Take {string.Join(' ', wishes.Select(wish => $"{wish.Shard}^{wish.EpochSeen}"))}", () => world.Trail.Leases.Take(me, process, wishes), ct);
    }

    public Task ReleaseAsync(WorkerId me, IReadOnlyList<Lease> leases, CancellationToken ct)
    {
        var given = leases.ToList();
        return CallAsync($"Release {string.Join(' ', given.Select(lease => lease.Shard))}", () => world.Trail.Leases.Release(me, given), ct);
    }

    public Task LeaveAsync(WorkerId who, CancellationToken ct) => CallAsync($"Leave", () => world.Trail.Leases.Leave(who), ct);

    private Task<T> CallAsync<T>(FormattableString call, Func<T> effect, CancellationToken ct) => SimCall.MakeAsync(world, process, call, random, () =>
    {
        var fails = random.NextDouble() < world.StoreFailures;
        if (fails && random.Next(2) == 0)
        {
            throw Failure();
        }

        var result = effect();
        return fails ? throw Failure() : result;
    }, ct);

    // A disk fails for good, a store over the network for a moment.
    private Exception Failure() => random.Next(2) == 0 ? new SimStoreException() : new ThrottledException("ThrottlingException", "The store is busy.", 400, null);
}
