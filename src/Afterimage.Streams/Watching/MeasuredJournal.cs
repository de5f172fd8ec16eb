using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Watching;

/// <summary>Measures what is kept, whoever keeps it.</summary>
internal sealed class MeasuredJournal(IShardJournal journal, StreamsMeter meter, TimeProvider time) : IShardJournal
{
    public Task<StreamProgress> ReadAsync(StreamArn stream, CancellationToken ct) => journal.ReadAsync(stream, ct);

    public Task<StreamBeginning> BeginAsync(StreamBeginning beginning, CancellationToken ct) => journal.BeginAsync(beginning, ct);

    public async Task<KeepResult> KeepAsync(StreamBatch batch, ShardProgress before, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var result = await journal.KeepAsync(batch, before, ct);
        if (result is KeepResult.Kept)
        {
            meter.Kept(batch.Stream, batch.Records.Count, batch.Gap, time.GetElapsedTime(began));
        }

        return result;
    }

    public Task NoteReadThroughAsync(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough, CancellationToken ct) =>
        journal.NoteReadThroughAsync(stream, readThrough, ct);
}
