using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Leases;

/// <summary>
/// Keeps progress and leases in memory: to try the reader, and for whoever can do without what was read when the process ends. Each batch is
/// handed on once, without what an earlier one held, and one batch at a time.
/// </summary>
/// <param name="handle">Takes a batch. What it throws ends the run; the batch is then not kept, and is read again.</param>
public sealed class MemoryJournal(Func<StreamBatch, CancellationToken, Task> handle) : IShardJournal, ILeaseStore, IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private readonly LeaseRows rows = new();
    private readonly Dictionary<StreamArn, StreamBeginning> beginnings = [];

    /// <inheritdoc/>
    public Task<StreamProgress> ReadAsync(StreamArn stream, CancellationToken ct) =>
        InTurnAsync(() => new StreamProgress(beginnings.GetValueOrDefault(stream), [.. rows.All.Where(one => one.Stream == stream).Select(one => one.Row)]), ct);

    /// <inheritdoc/>
    public Task<StreamBeginning> BeginAsync(StreamBeginning beginning, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(beginning);
        return InTurnAsync(() => beginnings.TryAdd(beginning.Stream, beginning) ? beginning : beginnings[beginning.Stream], ct);
    }

    /// <inheritdoc/>
    public async Task<KeepResult> KeepAsync(StreamBatch batch, ShardProgress before, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(before);
        await turn.WaitAsync(ct);
        try
        {
            var row = rows.Find(batch.Stream, batch.Shard) ?? before with { Last = null, Size = 0, Finished = false };
            if (row.Epoch != before.Epoch || row.Size != before.Size || row.Last != before.Last || row.Finished != before.Finished)
            {
                return new KeepResult.Superseded();
            }

            var news = batch with { Records = [.. batch.Records.Where(raw => IsNews(raw, before))] };
            await handle(news, ct);
            var after = news.Advance(before);
            rows.Put(batch.Stream, after);
            return new KeepResult.Kept(after);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public Task NoteReadThroughAsync(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(readThrough);
        return InTurnAsync(() => rows.NoteReadThrough(stream, readThrough), ct);
    }

    /// <inheritdoc/>
    public Task<LeaseTable> BeatAsync(WorkerId me, CancellationToken ct) => InTurnAsync(() => rows.Beat(me), ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LeasedShard>> TakeAsync(WorkerId me, IReadOnlyList<LeaseWish> wanted, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        return InTurnAsync(() => rows.Take(me, wanted), ct);
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(WorkerId me, IReadOnlyList<Lease> leases, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(leases);
        return InTurnAsync(() => rows.Release(me, leases), ct);
    }

    /// <inheritdoc/>
    public Task LeaveAsync(WorkerId who, CancellationToken ct) => InTurnAsync(() => rows.Leave(who), ct);

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    // What cannot be read is handed on each time: only what tells its number can be known to have been kept.
    private static bool IsNews(ReadOnlyMemory<byte> raw, ShardProgress before) =>
        before.Last is not { } last || StreamRecord.TrySalvageSequenceNumber(raw) is not { } sequence || sequence > last;

    private Task<bool> InTurnAsync(Action act, CancellationToken ct) => InTurnAsync(
        () =>
        {
            act();
            return true;
        },
        ct);

    private async Task<T> InTurnAsync<T>(Func<T> act, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            return act();
        }
        finally
        {
            turn.Release();
        }
    }
}
