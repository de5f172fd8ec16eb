using System.Collections.Concurrent;
using Afterimage.Entries;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>A trail in a DynamoDB table, shared by any number of workers on any number of machines.</summary>
internal sealed class DynamoTrail : ITrail
{
    private readonly IItemTable table;
    private readonly OpenMode mode;
    private readonly string writer;
    private readonly TimeProvider time;
    private readonly IDisposable? resources;
    private readonly ShardRows rows;
    private readonly RulesBook rules;
    private readonly EntryReading entries;
    private readonly LeafBlocks blocks;
    private readonly TrailName trailName;
    private readonly DynamoTables tables;
    private readonly DynamoSaltKeys saltKeys;
    private readonly DynamoAdmin admin;
    private readonly DynamoLeases leases;
    private readonly DynamoLog log;
    private readonly DynamoIntents intents;
    private readonly ConcurrentDictionary<string, string> partitionKeys = new(StringComparer.Ordinal);
    private long attempt;
    private bool isClosed;

    /// <summary>A trail in a table.</summary>
    /// <param name="uri">Its address as the user wrote it.</param>
    /// <param name="table">The table.</param>
    /// <param name="mode">What it is opened for.</param>
    /// <param name="writer">A name for this process among all that write to the table, drawn at random.</param>
    /// <param name="time">The clock of waits.</param>
    /// <param name="resources">What is let go with it.</param>
    public DynamoTrail(string uri, IItemTable table, OpenMode mode, string writer, TimeProvider time, IDisposable? resources)
    {
        (Uri, this.table, this.mode, this.writer, this.time, this.resources) = (uri, table, mode, writer, time, resources);
        rows = new ShardRows(table);
        rules = new RulesBook(table);
        entries = new EntryReading(table, new HeldRows(rows), rules);
        blocks = new LeafBlocks(table, rows, entries, rules);
        trailName = new TrailName(table);
        tables = new DynamoTables(table);
        saltKeys = new DynamoSaltKeys(table);
        admin = new DynamoAdmin(table);
        leases = new DynamoLeases(table, rows);
        intents = new DynamoIntents(table);
        log = new DynamoLog(table, rows, admin, blocks);
        Notes = new DynamoNotes(table);
    }

    public string Uri { get; }

    public ILeaseStore Leases => leases;

    public ITrailLog Log => log;

    public ITrailNotes Notes { get; }

    public ITransactionIntents Intents => intents;

    public async Task<ITrailInspection> InspectAsync(Func<int, byte[]> secrets, CancellationToken ct)
    {
        Demand(ct);
        var seen = await rows.AllAsync([], ct).ToListAsync(ct);
        return new DynamoInspection(
            table, blocks, entries, rules, seen, await admin.TreeAsync(ct), await tables.AllAsync(ct), new HeldItems(table, secrets(HeldItems.KeySize)));
    }

    public Task<string> NameAsync(string proposed, CancellationToken ct) => ToWrite(() => trailName.KeepAsync(proposed, ct), ct);

    public Task<string?> NameAsync(CancellationToken ct) => ToRead(() => trailName.FindAsync(ct), ct);

    public Task<ReadOnlyMemory<byte>> SaltKeyAsync(StreamArn stream, ShardId shard, ReadOnlyMemory<byte> proposed, CancellationToken ct) =>
        ToWrite(() => saltKeys.OfAsync(stream, shard, proposed, ct), ct);

    public async Task ForgetSaltKeysAsync(DateTimeOffset before, CancellationToken ct)
    {
        var finished = await ToWrite(() => rows.AllAsync([Term.Is("finished", true)], ct).ToListAsync(ct).AsTask(), ct);
        await saltKeys.ForgetAsync([.. finished.Select(row => row.Shard).Where(row => (row.LastEntryTime ?? DateTimeOffset.MinValue) < before).Select(row => (row.Stream, row.Progress.Shard))], ct);
    }

    public async Task<AppendOutcome> AppendAsync(TrailAppend append, CancellationToken ct)
    {
        append.Check();
        await ToWrite(() => Task.FromResult(true), ct);
        CheckIds(append);
        var hash = await rules.KeepAsync(append.Rules, ct);
        var items = new EntryItems(append, await PartitionKeyAsync(append.Stream.Table, append.Entries, ct), hash);
        var claim = new Claim(append.Before.Epoch, writer, Interlocked.Read(ref attempt));
        var isOver = false;
        try
        {
            // The claim is kept where nothing was put: each one that commits something takes room in the shard's row.
            var run = new DynamoAppend(table, rows, append, items, hash, claim);
            var outcome = await run.RunAsync(ct);
            isOver = outcome == AppendOutcome.Kept || !run.HasPut;
            return outcome;
        }
        finally
        {
            // What was put may still arrive: it must never be taken for what is put next in its place.
            if (!isOver)
            {
                Interlocked.Increment(ref attempt);
            }
        }
    }

    public async Task<IReadOnlyList<IntakeOutcome>> PutAsync(TrailIntake intake, CancellationToken ct)
    {
        var hash = await ToWrite(() => rules.KeepAsync(intake.Rules, ct), ct);
        var partitionKey = await PartitionKeyAsync(intake.Stream.Table, intake.Leaves.Select(leaf => leaf.Entry!), ct);
        return await new DynamoIntake(table, rows, entries, time, intake, hash, partitionKey).PutAsync(ct);
    }

    public async Task<long> PlaceIntakeAsync(CancellationToken ct)
    {
        if (await ToWrite(() => trailName.FindAsync(ct), ct) is not { } name)
        {
            return 0;
        }

        var placed = 0L;
        foreach (var stream in await rows.StreamsAsync(ct))
        {
            placed += await new IntakePlaces(table, rows, rules, entries, blocks, name, stream).RunAsync(ct);
        }

        return placed;
    }

    public async Task<IReadOnlyDictionary<EntryId, AuditEntry>> FindIntakeAsync(StreamArn stream, IReadOnlyList<CommittedEntry> wanted, CancellationToken ct)
    {
        var items = await ToRead(() => IntakeItems.FindAsync(table, stream, wanted, EntryReading.Attributes, ct), ct);
        var found = new Dictionary<EntryId, AuditEntry>();
        foreach (var item in items)
        {
            var entry = (await entries.EntryAsync(item, ct))!;
            found.TryAdd(entry.Id, entry);
        }

        return found;
    }

    public Task KeepReadThroughAsync(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough, CancellationToken ct) =>
        ToWrite(async () =>
        {
            await Task.WhenAll(readThrough.Select(one => rows.KeepReadThroughAsync(stream, one.Key, one.Value, ct)));
            return true;
        }, ct);

    public async Task<IReadOnlyList<TrailShard>> ShardsAsync(StreamArn? stream, CancellationToken ct) =>
        await ToRead(() => (stream is { } one ? rows.OfStreamAsync(one, [], ct) : rows.AllAsync([], ct)).Select(row => row.Shard).ToListAsync(ct).AsTask(), ct);

    public async Task<TrailShard?> ShardAsync(StreamArn stream, ShardId shard, CancellationToken ct) => (await ToRead(() => rows.FindAsync(stream, shard, ct), ct))?.Shard;

    public Task KeepTableAsync(TrailTable table, CancellationToken ct) => ToWrite(async () =>
    {
        await tables.KeepAsync(table, ct);
        return true;
    }, ct);

    public Task<bool> TryKeepTableAsync(TrailTable table, TrailTable? seen, CancellationToken ct) => ToWrite(() => tables.TryKeepAsync(table, seen, ct), ct);

    public Task<IReadOnlyList<TrailTable>> TablesAsync(CancellationToken ct) => ToRead(() => tables.AllAsync(ct), ct);

    public async Task<AuditEntry?> FindAsync(EntryId id, CancellationToken ct) =>
        await ToRead(() => table.GetAsync(Layout.PointerOf(id), ct), ct) is { } pointer
        && await table.GetAsync(Pointer.Read(pointer), ct) is { } item
        && await entries.EntryAsync(item, ct) is { } entry && entry.Id == id ? entry : null;

    public IAsyncEnumerable<AuditEntry> ShardEntriesAsync(StreamArn stream, ShardId shard, long fromIndex, CancellationToken ct) =>
        Reading(blocks.EntriesAsync(stream, shard, fromIndex, ct), ct);

    public IAsyncEnumerable<AuditEntry> HistoryAsync(HistoryFilter filter, CancellationToken ct) => Reading(new DynamoHistory(table, entries).OfAsync(filter, ct), ct);

    public IAsyncEnumerable<FoundEntry> SearchAsync(SearchFilter filter, CancellationToken ct) => Reading(new DynamoSearch(table, entries, filter).RunAsync(TableNamesAsync, ct), ct);

    public Task<StreamBeginning?> BeginningAsync(StreamArn stream, CancellationToken ct) => ToRead(() => DynamoBeginnings.FindAsync(table, stream, ct), ct);

    public async Task<IReadOnlyDictionary<StreamArn, DateTimeOffset>> BegunAsync(CancellationToken ct)
    {
        var streams = await ToRead(() => rows.StreamsAsync(ct), ct);
        var begun = await Task.WhenAll(streams.Select(stream => DynamoBeginnings.FindAsync(table, stream, ct)));
        return begun.OfType<StreamBeginning>().ToDictionary(beginning => beginning.Stream, beginning => beginning.At);
    }

    public async Task<IReadOnlyList<TrailGap>> GapsAsync(CancellationToken ct)
    {
        var said = await ToRead(() => admin.AcknowledgementsAsync(ct), ct);
        var found = new List<TrailGap>();
        foreach (var name in await TableNamesAsync(ct))
        {
            var keys = table.AllAsync(new ItemQuery(Layout.NoticesOf(name)) { Attributes = [ItemKey.PartitionAttribute, ItemKey.SortAttribute] }, ct).Select(item => item.Key);
            found.AddRange(await entries.AtAsync(keys, ct).Where(one => one.Entry.Kind == EntryKind.Gap).Select(one => GapOf(one.Entry, said)).ToListAsync(ct));
        }

        return [.. found.OrderBy(gap => gap.Entry.Time).ThenBy(gap => gap.Entry.ShardId, StringComparer.Ordinal).ThenBy(gap => gap.Entry.Index)];
    }

    public async Task<TrailGap?> AcknowledgeGapAsync(EntryId gap, DateTimeOffset at, string reason, CancellationToken ct)
    {
        if (await FindAsync(gap, ct) is not { Kind: EntryKind.Gap } entry)
        {
            return null;
        }

        var said = await ToWrite(() => admin.AcknowledgeAsync(gap, at, reason, ct), ct);
        return new TrailGap(entry, said.At, said.Reason);
    }

    public async Task<TrailSize> SizeAsync(CancellationToken ct) => new(await ToRead(() => rows.AllAsync([], ct).Select(row => row.Shard.Entries).SumAsync(ct).AsTask(), ct), null);

    public ValueTask DisposeAsync()
    {
        if (!isClosed)
        {
            isClosed = true;
            resources?.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static TrailGap GapOf(AuditEntry entry, IReadOnlyDictionary<EntryId, (DateTimeOffset At, string Reason)> said) =>
        said.TryGetValue(entry.Id, out var one) ? new TrailGap(entry, one.At, one.Reason) : new TrailGap(entry, null, null);

    private static void CheckIds(TrailAppend append)
    {
        var seen = new HashSet<EntryId>();
        foreach (var entry in append.Entries.Where(entry => !seen.Add(entry.Id)))
        {
            throw new InvariantViolationException($"Entry {entry.Id} comes twice in one append to shard {append.Before.Shard} of {append.Stream}.");
        }
    }

    private async Task<IReadOnlyList<string>> TableNamesAsync(CancellationToken ct) =>
        [.. (await rows.StreamsAsync(ct)).Select(stream => stream.Table).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    // Which of two attributes is the partition key cannot be guessed, and the index by it is written with the entry.
    private async Task<string?> PartitionKeyAsync(string name, IEnumerable<CommittedEntry> entries, CancellationToken ct)
    {
        var keys = entries.Select(entry => entry.Keys).FirstOrDefault(keys => !keys.IsEmpty);
        if (keys.IsEmpty)
        {
            return null;
        }

        // A table may be made anew with other keys: then what was known of it does not fit its items.
        var attributes = DynamoDbJson.ReadMap(keys);
        if (!partitionKeys.TryGetValue(name, out var known) || !attributes.ContainsKey(known))
        {
            var row = (await tables.AllAsync(ct)).FirstOrDefault(one => one.Name == name)
                ?? throw new InvariantViolationException($"Changes of the table {name} are to be kept, and the trail was not told of the table: its keys are not known.");
            partitionKeys[name] = known = row.PartitionKey.Name;
        }

        return known;
    }

    private IAsyncEnumerable<T> Reading<T>(IAsyncEnumerable<T> answer, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(isClosed, this);
        return answer;
    }

    private Task<T> ToRead<T>(Func<Task<T>> work, CancellationToken ct)
    {
        Demand(ct);
        return work();
    }

    private Task<T> ToWrite<T>(Func<Task<T>> work, CancellationToken ct)
    {
        Demand(ct);
        return mode == OpenMode.CreateOrWrite ? work() : throw new InvalidOperationException("This trail was opened for questions only.");
    }

    private void Demand(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(isClosed, this);
    }
}
