using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Tests.Support;

/// <summary>A journal in memory: sequence numbers in the order in which they were kept.</summary>
internal sealed class ListJournal : IShardJournal
{
    private readonly Dictionary<(StreamArn Stream, ShardId Shard), ShardProgress> progress = [];

    /// <summary>How the reading of each stream began, in the order of the beginnings.</summary>
    public List<StreamBeginning> Beginnings { get; } = [];

    public List<ShardGap> Gaps { get; } = [];

    public Action<ShardGap> OnGap { get; set; } = _ => { };

    public List<string> Kept { get; } = [];

    /// <summary>Is asked before each commit and may throw, or move the shard as another worker would.</summary>
    public Func<StreamBatch, Task> Before { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyCollection<ShardProgress> Rows => progress.Values;

    public Task<StreamProgress> ReadAsync(StreamArn stream, CancellationToken ct) => Task.FromResult(
        new StreamProgress(Beginnings.Find(one => one.Stream == stream), [.. progress.Where(row => row.Key.Stream == stream).Select(row => row.Value)]));

    public Task<StreamBeginning> BeginAsync(StreamBeginning beginning, CancellationToken ct)
    {
        if (Beginnings.Find(one => one.Stream == beginning.Stream) is { } known)
        {
            return Task.FromResult(known);
        }

        Beginnings.Add(beginning);
        return Task.FromResult(beginning);
    }

    public Task NoteReadThroughAsync(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough, CancellationToken ct) => Task.CompletedTask;

    public void Put(ShardProgress row) => progress[(FakeStream.Arn, row.Shard)] = row;

    public async Task<KeepResult> KeepAsync(StreamBatch batch, ShardProgress before, CancellationToken ct)
    {
        await Before(batch);
        ct.ThrowIfCancellationRequested();
        if (progress.TryGetValue((batch.Stream, batch.Shard), out var known) && known.Size != before.Size)
        {
            return new KeepResult.Superseded();
        }

        var sequences = batch.Records.Select(raw => StreamRecord.Read(raw).SequenceNumber).Where(sequence => before.Last is null || sequence > before.Last).ToList();
        if (batch.Gap is { } gap)
        {
            OnGap(gap);
            Gaps.Add(gap);
        }

        Kept.AddRange(sequences.Select(sequence => sequence.Text));
        var after = before with
        {
            Last = sequences.Count > 0 ? sequences[^1] : before.Last,
            Size = before.Size + sequences.Count + (batch.Gap is null ? 0 : 1),
            Finished = batch.EndsShard,
            GapFoundAt = sequences.Count == 0 ? batch.Gap?.FoundAt ?? before.GapFoundAt : null,
            ReadThrough = batch.ReadThrough ?? before.ReadThrough,
        };
        progress[(batch.Stream, batch.Shard)] = after;
        return new KeepResult.Kept(after);
    }
}
