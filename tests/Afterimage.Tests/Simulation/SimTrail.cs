using Afterimage.Capture;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail;

namespace Afterimage.Tests.Simulation;

/// <summary>One entry that was kept: a change or a gap.</summary>
internal sealed record SimEntry(StreamArn Stream, ShardId Shard, long Index, SequenceNumber? Sequence, ShardGap? Gap, DateTimeOffset KeptAt);

/// <summary>What is durable: it outlives every process. Its commits follow the same rule as the trail's.</summary>
internal sealed class SimTrail(SimLoop loop)
{
    private readonly LeaseRows rows = new();

    /// <summary>Every entry in the order of the commits.</summary>
    public List<SimEntry> Entries { get; } = [];

    public Dictionary<StreamArn, (StreamBeginning Beginning, DateTimeOffset KeptAt)> Beginnings { get; } = [];

    /// <summary>What is noted of each table.</summary>
    public Dictionary<string, TrailTable> Tables { get; } = [];

    /// <summary>Is told of a beginning just before it is kept.</summary>
    public Action<StreamBeginning> OnBegin { get; set; } = _ => { };

    /// <summary>Is told of a gap just before it is kept.</summary>
    public Action<ShardGap> OnGap { get; set; } = _ => { };

    public IEnumerable<(StreamArn Stream, ShardProgress Row)> Rows => rows.All;

    /// <summary>Who took which shard when.</summary>
    public SimLeases Leases => field ??= new SimLeases(rows, loop);

    public StreamProgress Read(StreamArn stream) => new(
        Beginnings.TryGetValue(stream, out var begun) ? begun.Beginning : null, [.. rows.All.Where(one => one.Stream == stream).Select(one => one.Row)]);

    public StreamBeginning Begin(StreamBeginning beginning)
    {
        if (Beginnings.TryGetValue(beginning.Stream, out var known))
        {
            return known.Beginning;
        }

        OnBegin(beginning);
        Beginnings.Add(beginning.Stream, (beginning, loop.Now));
        return beginning;
    }

    public bool TryKeep(TrailTable table, TrailTable? seen)
    {
        var isAsSeen = Tables.GetValueOrDefault(table.Name) == seen;
        if (isAsSeen)
        {
            Tables[table.Name] = table;
        }

        return isAsSeen;
    }

    public KnownTables Known() => new([.. Tables.Values], [.. rows.All.GroupBy(one => one.Stream).Select(stream =>
        new KnownStream(stream.Key, stream.All(one => one.Row.Finished), stream.Select(one => one.Row.ReadThrough).Append(BegunAt(stream.Key)).Max()))]);

    private DateTimeOffset? BegunAt(StreamArn stream) => Beginnings.TryGetValue(stream, out var begun) ? begun.Beginning.At : null;

    public KeepResult Keep(StreamBatch batch, ShardProgress before, SimProcess by)
    {
        var records = batch.Records.Select(StreamRecord.Read).Where(record => before.Last is null || record.SequenceNumber > before.Last).ToList();
        var entries = records.Select(record => (Sequence: (SequenceNumber?)record.SequenceNumber, Gap: (ShardGap?)null)).ToList();
        if (batch.Gap is { } gap)
        {
            entries.Insert(0, (null, gap));
        }

        var after = before with
        {
            Last = records.Count > 0 ? records[^1].SequenceNumber : before.Last,
            Size = before.Size + entries.Count,
            Finished = batch.EndsShard,
            GapFoundAt = records.Count == 0 ? batch.Gap?.FoundAt ?? before.GapFoundAt : null,
            ReadThrough = new[] { before.ReadThrough, batch.ReadThrough, records.Count > 0 ? records[^1].ApproximateCreationTime : null }.Max(),
        };
        return Commit(by, batch, before, after, [.. entries.Select((entry, i) => new SimEntry(batch.Stream, before.Shard, before.Size + i, entry.Sequence, entry.Gap, loop.Now))]);
    }

    /// <summary>A shard of which nothing is kept yet gets a row that stands at its beginning.</summary>
    public bool NoteReadThrough(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough)
    {
        rows.NoteReadThrough(stream, readThrough);
        return true;
    }

    private KeepResult Commit(SimProcess by, StreamBatch batch, ShardProgress before, ShardProgress after, IReadOnlyList<SimEntry> entries)
    {
        var row = rows.Find(batch.Stream, before.Shard);
        if (!StandsAt(row, before))
        {
            return StandsAt(row, after) && Holds(batch.Stream, before, entries) ? new KeepResult.Kept(after) : new KeepResult.Superseded();
        }

        Leases.WhenKept(batch.Stream, before, by);
        SimFailure.Unless(!before.Finished || entries.Count == 0, $"Something was kept after the end of {before.Shard}.");
        if (batch.Gap is { } gap)
        {
            SimFailure.Unless(!before.EndsInGap, $"A second gap after the same record: {gap}");
            OnGap(gap);
        }

        Entries.AddRange(entries);
        rows.Put(batch.Stream, after);
        return new KeepResult.Kept(after);
    }

    private static bool StandsAt(ShardProgress? row, ShardProgress wanted) => row is null
        ? wanted is { Epoch: 0, Size: 0, Last: null, Finished: false }
        : row.Epoch == wanted.Epoch && row.Size == wanted.Size && row.Last == wanted.Last && row.Finished == wanted.Finished;

    private bool Holds(StreamArn stream, ShardProgress before, IReadOnlyList<SimEntry> entries) => Entries
        .Where(entry => entry.Stream == stream && entry.Shard == before.Shard && entry.Index >= before.Size)
        .Select(entry => (entry.Sequence, entry.Gap?.Last)).SequenceEqual(entries.Select(entry => (entry.Sequence, entry.Gap?.Last)));
}
