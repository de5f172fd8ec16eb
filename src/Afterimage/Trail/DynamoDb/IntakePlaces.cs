using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>Gives places to entries of one stream that came by the intake. Any number of processes may do so at once: the row of the intake's shard moves once.</summary>
internal sealed class IntakePlaces(IItemTable table, ShardRows rows, RulesBook rules, EntryReading entries, LeafBlocks blocks, string trail, StreamArn stream)
{
    private const int NotesAtOnce = 20;
    private const string Placing = "placing";
    private const string PlacedNotes = "placedNotes";

    /// <summary>Gives places to all that wait.</summary>
    /// <param name="claim">Gives a claim that nobody had before.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>How many got one.</returns>
    public async Task<long> RunAsync(Func<Claim> claim, CancellationToken ct)
    {
        var placed = 0L;
        PageMark? after = null;
        do
        {
            await FinishAsync(ct);
            var page = await table.QueryAsync(new ItemQuery(Layout.IntakeOf(stream)) { Limit = NotesAtOnce, After = after }, ct);
            placed += await PlaceAsync(page.Items, claim(), ct);
            after = page.Next;
        }
        while (after is not null);

        return placed;
    }

    private async Task<long> PlaceAsync(IReadOnlyList<Item> notes, Claim claim, CancellationToken ct)
    {
        // The row before the items: what still waits when it is read later has no place up to where the row stands, unless somebody is about to write it.
        if (notes.Count == 0 || await table.GetAsync(Layout.RowOf(stream, TrailShard.Intake), ct) is not { } read || read.Has(Placing))
        {
            return 0;
        }

        // What a note names may be on its way still: only what has a place, here or in a worker's shard, is done with.
        var row = ShardRow.Read(stream, read);
        var named = notes.ToDictionary(note => note.Key.Sort, note => note.Texts("pks").Zip(note.Texts("sks"), (pk, sk) => new ItemKey(pk, sk)).ToList());
        var items = (await table.GetManyAsync([.. named.Values.SelectMany(keys => keys).Distinct()], [.. EntryReading.Attributes, "id", "kind"], ct)).ToDictionary(item => item.Key);
        var waiting = items.Values.Where(IsWaiting).GroupBy(item => item.Text("rules")).FirstOrDefault()?.OrderBy(item => item.Key.Sort, StringComparer.Ordinal).ToList() ?? [];
        var placed = waiting.Select(item => item.Key).ToHashSet();
        foreach (var item in items.Values.Where(item => !IsWaiting(item)))
        {
            if (await entries.IsHeldAsync(item, ct))
            {
                placed.Add(item.Key);
            }
        }

        List<string> done = [.. named.Where(note => note.Value.TrueForAll(placed.Contains)).Select(note => note.Key)];
        if (waiting.Count == 0)
        {
            await DeleteAsync(done, ct);
            return 0;
        }

        return await CommitAsync(row, waiting, done, claim, ct) ? waiting.Count : 0;
    }

    private async Task<bool> CommitAsync(ShardRow row, IReadOnlyList<Item> waiting, IReadOnlyList<string> done, Claim claim, CancellationToken ct)
    {
        var before = row.Shard.Progress;
        var hash = waiting[0].Text("rules");
        var leaves = new List<(TrailLeaf Leaf, ItemKey? Key)>();
        if (before.Size == 0)
        {
            leaves.Add((LeafOf.Open(trail, stream, TrailShard.Intake, parent: null, isUnread: false), null));
        }

        foreach (var item in waiting)
        {
            leaves.Add((TrailIntake.Placed(WaitingOf(item), before.Size + leaves.Count), item.Key));
        }

        var tree = row.Shard.Tree.Append([.. leaves.Select(leaf => leaf.Leaf.Hash)]);
        var append = new TrailAppend(
            stream, before, before with { Size = before.Size + leaves.Count }, [.. leaves.Select(leaf => leaf.Leaf)], tree, RulesText.Read(await rules.TextAsync(hash, ct)));
        await table.PutManyAsync([.. LeafBlock.Make(stream, TrailShard.Intake, before.Size, [.. leaves.Select(leaf => new BlockLeaf(leaf.Leaf.Text, leaf.Key))], claim.ToString(), hash)], ct);

        var move = new RowMove(append, claim);
        var update = (ItemWrite.Update)move.From(row);

        // Whoever moved the row before has written all of its places: otherwise what it moved past would be given places once more.
        await table.WriteAsync(update with { Set = [.. update.Set, (Placing, Cell.Of(before.Size)), (PlacedNotes, Cell.Of(done))], Conditions = [.. update.Conditions, Term.Missing(Placing)] }, ct);

        // Whether it was this move or another process's, the places are to be written.
        var isMoved = move.WasMade(await rows.FindAsync(stream, TrailShard.Intake, ct));
        await FinishAsync(ct);
        return isMoved;
    }

    // The places that the row says are given are written into the items; only then the next ones are given.
    private async Task FinishAsync(CancellationToken ct)
    {
        if (await table.GetAsync(Layout.RowOf(stream, TrailShard.Intake), ct) is not { } item || item.IntegerOrNull(Placing) is not { } from)
        {
            return;
        }

        var row = ShardRow.Read(stream, item);
        await foreach (var block in blocks.BlocksAsync(row, from, row.Shard.Progress.Size, ct))
        {
            await Task.WhenAll(block.Leaves.Select((leaf, at) => leaf.Entry is { } key ? PlaceAsync(key, block.First + at, leaf.Text, ct) : Task.CompletedTask));
        }

        await DeleteAsync(item.Texts(PlacedNotes), ct);
        await table.WriteAsync(
            new ItemWrite.Update(item.Key, [(Placing, null), (PlacedNotes, null)], Term.Is(Placing, from), Term.Is("size", row.Shard.Progress.Size)), ct);
    }

    private Task PlaceAsync(ItemKey key, long place, ReadOnlyMemory<byte> leaf, CancellationToken ct) => table.WriteAsync(
        new ItemWrite.Update(
            key,
            [("index", Cell.Of(place)), ("leaf", AttributeValue.String(Encoding.UTF8.GetString(leaf.Span)))],
            Term.Is("claim", Claim.Intake),
            Term.Is("index", TrailIntake.Waiting)),
        ct);

    private Task DeleteAsync(IEnumerable<string> notes, CancellationToken ct) =>
        Task.WhenAll(notes.Select(note => table.WriteAsync(new ItemWrite.Delete(new ItemKey(Layout.IntakeOf(stream), note)), ct)));

    private static bool IsWaiting(Item item) => item.TextOrNull("claim") == Claim.Intake && item.IntegerOrNull("index") == TrailIntake.Waiting;

    // As much of it as its place is made of: what it is found by stays as it was put. Its body knows of no place.
    private static TrailLeaf WaitingOf(Item item)
    {
        var text = Encoding.UTF8.GetBytes(item.Text("leaf"));
        return new TrailLeaf(text, default, new CommittedEntry
        {
            Id = new EntryId(ShardLeaf.Read(text).EntryId!),
            Time = Cell.Moment(item.Text(Indexes.ByTime.Sort).Split(' ')[0])!.Value,
            Body = default,
        });
    }
}
