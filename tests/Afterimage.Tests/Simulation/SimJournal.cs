using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Tests.Simulation;

/// <summary>The store failed: the process that meets this ends, and is started again.</summary>
internal sealed class SimStoreException() : Exception("The disk is full.");

/// <summary>The trail as one process reaches it: calls take time, and may fail before they take effect or after.</summary>
internal sealed class SimJournal(SimWorld world, SimProcess process, Random random) : IShardJournal
{
    public Task<StreamProgress> ReadAsync(StreamArn stream, CancellationToken ct) => CallAsync($"Read {stream.Table}", () => world.Trail.Read(stream), ct);

    public Task<KeepResult> KeepAsync(StreamBatch batch, ShardProgress before, CancellationToken ct) => CallAsync($"Keep {batch.Shard} {batch.Records.Count} records{(batch.EndsShard ? " and the end" : string.Empty)} {batch.Gap} after {SimWords.Short(before.Last)}", () => world.Trail.Keep(batch, before), ct);

    public Task<StreamBeginning> BeginAsync(StreamBeginning beginning, CancellationToken ct) => CallAsync($"Begin {beginning.Stream.Table} {beginning.Stream.Label}", () => world.Trail.Begin(beginning), ct);

    public Task NoteReadThroughAsync(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough, CancellationToken ct)
    {
        var noted = readThrough.ToDictionary();
        return CallAsync($"NoteReadThrough {stream.Table}", () => world.Trail.NoteReadThrough(stream, noted), ct);
    }

    private Task<T> CallAsync<T>(FormattableString call, Func<T> effect, CancellationToken ct) => SimCall.MakeAsync(world, process, call, random, () =>
    {
        var fails = random.NextDouble() < world.StoreFailures;
        if (fails && random.Next(2) == 0)
        {
            throw new SimStoreException();
        }

        var result = effect();
        return fails ? throw new SimStoreException() : result;
    }, ct);
}
