using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Hosting;

/// <summary>Hands each batch on before a journal keeps how far the shard is: at least once, and never not at all.</summary>
/// <param name="journal">Keeps the progress.</param>
/// <param name="handle">Takes a batch.</param>
internal sealed class HandlingJournal(IShardJournal journal, Func<StreamBatch, CancellationToken, Task> handle) : IShardJournal
{
    public Task<StreamProgress> ReadAsync(StreamArn stream, CancellationToken ct) => journal.ReadAsync(stream, ct);

    public async Task<StreamBeginning> BeginAsync(StreamBeginning beginning, CancellationToken ct)
    {
        var isKnown = (await journal.ReadAsync(beginning.Stream, ct)).Beginning is not null;
        if (!isKnown && beginning.Previous is not null)
        {
            // What was written between two streams is in neither: nobody would hear of it otherwise.
            var shard = new ShardId($"_table/{beginning.Stream.Table}");
            var gap = new ShardGap(beginning.Stream, shard, null, null, GapCause.ReEnabled, GapCertainty.Possible, beginning.At);
            await handle(new StreamBatch(beginning.Stream, shard, [], EndsShard: true) { Gap = gap }, ct);
        }

        return await journal.BeginAsync(beginning, ct);
    }

    public async Task<KeepResult> KeepAsync(StreamBatch batch, ShardProgress before, CancellationToken ct)
    {
        // A crash before the second line repeats the batch: it was handled perhaps, and is handled again. One after it goes on behind it.
        await handle(batch, ct);
        return await journal.KeepAsync(batch, before, ct);
    }

    public Task NoteReadThroughAsync(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough, CancellationToken ct) =>
        journal.NoteReadThroughAsync(stream, readThrough, ct);
}
