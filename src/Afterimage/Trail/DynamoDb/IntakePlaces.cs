using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>Gives places to entries of one stream that came by the intake. Any number of processes may do so at once: the row of the intake's shard moves once.</summary>
internal sealed class IntakePlaces(IItemTable table, ShardRows rows, RulesBook rules, EntryReading entries, LeafBlocks blocks, string trail, StreamArn stream)
{
    private const int NotesAtOnce = 20;

    // With the leaf that opens a shard, what goes into one block.
    private const int PlacesAtOnce = LeafBlock.LeavesMax - 1;
    private const string Placing = "placing";
    private const string PlacedNotes = "placedNotes";

    private static readonly IReadOnlyList<string> Looked = [.. EntryReading.Attributes, "id", "kind"];

    /// <summary>The one claim under which the intake's leaves are kept, whoever puts them.</summary>
    private static readonly Claim Everybody = new(0, Claim.Intake, 0);

    /// <summary>Gives places to all that wait.</summary>
    /// <returns>How many got one.</returns>
    public async Task<long> RunAsync(CancellationToken ct)
    {
        var placed = 0L;
        PageMark? after = null;
        do
        {
            var page = await table.QueryAsync(new ItemQuery(Layout.IntakeOf(stream)) { Limit = NotesAtOnce, After = after }, ct);
            for (var some = await PlaceAsync(page.Items, ct); some > 0; some = await PlaceAsync(page.Items, ct))
            {
                placed += some;
            }

            after = page.Next;
        }
        while (after is not null);

        // Where nobody waits any more somebody may have died while he wrote places.
        await FinishAsync(ct);
        return placed;
    }

    private async Task<long> PlaceAsync(IReadOnlyList<Item> notes, CancellationToken ct)
    {
        await FinishAsync(ct);

        // The row before the items: what still waits when it is read later has no place up to where the row stands, unless somebody is about to write it.
        if (notes.Count == 0 || await table.GetAsync(Layout.RowOf(stream, TrailShard.Intake), ct) is not { } read || read.Has(Placing))
        {
            return 0;
        }

        var row = ShardRow.Read(stream, read);
        var named = notes.ToDictionary(note => note.Key.Sort, note => note.Texts("pks").Zip(note.Texts("sks"), (pk, sk) => new ItemKey(pk, sk)).ToList());
        var items = await FindAsync([.. named.Values.SelectMany(keys => keys).Distinct()], ct);
        var waiting = items.Values.Where(IsWaiting).GroupBy(item => item.Text("rules")).FirstOrDefault()?.OrderBy(item => item.Key.Sort, StringComparer.Ordinal).Take(PlacesAtOnce).ToList();
        var block = waiting is null ? null : await BlockAsync(row, waiting, ct);

        // What a note names may be on its way still: only what has a place, here or in a worker's shard, is done with.
        var placed = block?.Leaves.Select(leaf => leaf.Entry).OfType<ItemKey>().ToHashSet() ?? [];
        foreach (var item in items.Values.Where(item => !IsWaiting(item)))
        {
            if (await entries.IsHeldAsync(item, ct))
            {
                placed.Add(item.Key);
            }
        }

        List<string> done = [.. named.Where(note => note.Value.TrueForAll(placed.Contains)).Select(note => note.Key)];
        if (block is not null)
        {
            return await CommitAsync(row, block, done, ct) ? block.Leaves.Count(leaf => leaf.Entry is not null) : 0;
        }

        await DeleteAsync(done, ct);
        return 0;
    }

    // The leaves from where the row stands on. Whoever puts them first decides for all who sequence, since the row moves past no others: so they need no claim of their own, and the row
    // does not grow with every change of hands.
    private async Task<LeafBlock> BlockAsync(ShardRow row, List<Item> waiting, CancellationToken ct)
    {
        var size = row.Shard.Progress.Size;
        var leaves = new List<BlockLeaf>();
        if (size == 0)
        {
            leaves.Add(new BlockLeaf(LeafOf.Open(trail, stream, TrailShard.Intake, parent: null, isUnread: false).Text, null));
        }

        foreach (var item in waiting)
        {
            leaves.Add(new BlockLeaf(TrailIntake.Placed(WaitingOf(item), size + leaves.Count).Text, item.Key));
        }

        var block = LeafBlock.Make(stream, TrailShard.Intake, size, leaves, Everybody.ToString(), waiting[0].Text("rules")).Single();
        await table.WriteAsync(new ItemWrite.Put(block, Term.NoItem), ct);
        return LeafBlock.Read(await table.GetAsync(block.Key, ct) ?? throw new FormatException($"The leaves at {block.Key} are gone."));
    }

    private async Task<bool> CommitAsync(ShardRow row, LeafBlock block, IReadOnlyList<string> done, CancellationToken ct)
    {
        var before = row.Shard.Progress;
        var items = await FindAsync([.. block.Leaves.Select(leaf => leaf.Entry).OfType<ItemKey>()], ct);
        List<TrailLeaf> leaves = [.. block.Leaves.Select(leaf => new TrailLeaf(
            leaf.Text, MerkleTree.Leaf(leaf.Text.Span), leaf.Entry is not { } key ? null : items.TryGetValue(key, out var item) ? WaitingOf(item).Entry : throw new FormatException($"The entry at {key} is gone.")))];
        var tree = row.Shard.Tree.Append([.. leaves.Select(leaf => leaf.Hash)]);
        var append = new TrailAppend(stream, before, before with { Size = block.End }, leaves, tree, RulesText.Read(await rules.TextAsync(block.Rules, ct)));

        // Whoever moved the row before has written all of its places: otherwise what it moved past would be given places once more.
        var move = new RowMove(append, Everybody);
        var update = (ItemWrite.Update)move.From(row);
        await table.WriteAsync(update with { Set = [.. update.Set, (Placing, Cell.Of(before.Size)), (PlacedNotes, Cell.Of(done))], Conditions = [.. update.Conditions, Term.Missing(Placing)] }, ct);

        // Whether it was this move or another process's, the places are to be written.
        var isMoved = move.WasMade(await rows.FindAsync(stream, TrailShard.Intake, ct));
        await FinishAsync(ct);
        return isMoved;
    }

    private async Task<Dictionary<ItemKey, Item>> FindAsync(IReadOnlyList<ItemKey> keys, CancellationToken ct) =>
        (await table.GetManyAsync(keys, Looked, ct)).ToDictionary(item => item.Key);

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

    private Task<bool> PlaceAsync(ItemKey key, long place, ReadOnlyMemory<byte> leaf, CancellationToken ct) => table.WriteAsync(
        new ItemWrite.Update(
            key,
            [("index", Cell.Of(place)), ("leaf", AttributeValue.String(Encoding.UTF8.GetString(leaf.Span)))],
            Term.Is("claim", Claim.Intake),
            Term.Is("index", TrailIntake.Waiting)),
        ct);

    private Task<bool[]> DeleteAsync(IEnumerable<string> notes, CancellationToken ct) =>
        Task.WhenAll(notes.Select(note => table.WriteAsync(new ItemWrite.Delete(new ItemKey(Layout.IntakeOf(stream), note)), ct)));

    private static bool IsWaiting(Item item) => item.TextOrNull("claim") == Claim.Intake && item.IntegerOrNull("index") == TrailIntake.Waiting;

    // As much of it as its place is made of: what it is found by stays as it was put. Its body knows of no place.
    private static TrailLeaf WaitingOf(Item item)
    {
        var text = Encoding.UTF8.GetBytes(item.Text("leaf"));
        return new TrailLeaf(text, default, new CommittedEntry
        {
            Id = new EntryId(ShardLeaf.Read(text).EntryId!),
            Time = Cell.Moment(item.Text(Indexes.ByTime.Sort).Split('/')[0])!.Value,
            Body = default,
        });
    }
}
