using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Bench;

/// <summary>Keeps nothing but how far it was read: what is left is the cost of reading.</summary>
internal sealed class CountingJournal(int wanted) : IShardJournal
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int records;

    /// <summary>Completes with the last record that is wanted.</summary>
    public Task Done => done.Task;

    /// <summary>How many bytes the records had.</summary>
    public long Bytes { get; private set; }

    public Task<StreamProgress> ReadAsync(StreamArn stream, CancellationToken ct) => Task.FromResult(new StreamProgress(null, []));

    public Task<StreamBeginning> BeginAsync(StreamBeginning beginning, CancellationToken ct) => Task.FromResult(beginning);

    public Task<KeepResult> KeepAsync(StreamBatch batch, ShardProgress before, CancellationToken ct)
    {
        records += batch.Records.Count;
        Bytes += batch.Records.Sum(record => (long)record.Length);
        if (records >= wanted)
        {
            done.TrySetResult();
        }

        // A page is read on from its iterator: nobody asks for the last number.
        return Task.FromResult<KeepResult>(new KeepResult.Kept(before with { Size = before.Size + batch.Records.Count, Finished = batch.EndsShard }));
    }

    public Task NoteReadThroughAsync(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough, CancellationToken ct) => Task.CompletedTask;
}
