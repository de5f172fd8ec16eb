using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Tests.Simulation;

/// <summary>One entry that was kept.</summary>
internal sealed record SimEntry(StreamArn Stream, ShardId Shard, long Index, SequenceNumber Sequence, DateTimeOffset KeptAt);

/// <summary>What is durable: it outlives every process. Its commits follow the same rule as the trail's.</summary>
internal sealed class SimTrail(SimLoop loop)
{
    private readonly Dictionary<(StreamArn Stream, ShardId Shard), ShardProgress> rows = [];

    /// <summary>Every entry in the order of the commits.</summary>
    public List<SimEntry> Entries { get; } = [];

    public IReadOnlyList<ShardProgress> Read(StreamArn stream) => [.. rows.Where(row => row.Key.Stream == stream).Select(row => row.Value)];

    public KeepResult Keep(StreamBatch batch, ShardProgress before)
    {
        var sequences = batch.Records.Select(raw => StreamRecord.Read(raw).SequenceNumber).Where(sequence => before.Last is null || sequence > before.Last).ToList();
        var after = before with { Last = sequences.Count > 0 ? sequences[^1] : before.Last, Size = before.Size + sequences.Count, Finished = batch.EndsShard };
        var row = rows.GetValueOrDefault((batch.Stream, before.Shard));
        if (!StandsAt(row, before))
        {
            return StandsAt(row, after) && Holds(batch, before, sequences) ? new KeepResult.Kept(after) : new KeepResult.Superseded();
        }

        SimFailure.Unless(!before.Finished || sequences.Count == 0, $"Something was kept after the end of {before.Shard}.");
        Entries.AddRange(sequences.Select((sequence, i) => new SimEntry(batch.Stream, before.Shard, before.Size + i, sequence, loop.Now)));
        rows[(batch.Stream, before.Shard)] = after;
        return new KeepResult.Kept(after);
    }

    /// <summary>A shard of which nothing is kept yet gets a row that stands at its beginning.</summary>
    public bool NoteReadThrough(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough)
    {
        foreach (var shard in readThrough.Keys)
        {
            rows.TryAdd((stream, shard), new ShardProgress(shard, null, null, 0, false));
        }

        return true;
    }

    private static bool StandsAt(ShardProgress? row, ShardProgress wanted) => row is null
        ? wanted is { Size: 0, Last: null, Finished: false }
        : row.Size == wanted.Size && row.Last == wanted.Last && row.Finished == wanted.Finished;

    private bool Holds(StreamBatch batch, ShardProgress before, List<SequenceNumber> sequences) => Entries
        .Where(entry => entry.Stream == batch.Stream && entry.Shard == before.Shard && entry.Index >= before.Size)
        .Select(entry => entry.Sequence).SequenceEqual(sequences);
}
