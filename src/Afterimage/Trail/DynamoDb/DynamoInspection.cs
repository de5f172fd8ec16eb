using System.Runtime.CompilerServices;
using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>What the table held when its rows were read: whatever a row did not hold then does not show.</summary>
internal sealed class DynamoInspection(
    IItemTable table, LeafBlocks blocks, EntryReading entries, RulesBook rules, IReadOnlyList<ShardRow> rows, TreeState administration, IReadOnlyList<TrailTable> tables, HeldItems held) : ITrailInspection
{
    private readonly Dictionary<TreeName, ShardRow> byName = rows.ToDictionary(row => TreeName.Of(row.Shard.Stream, row.Shard.Progress.Shard));

    /// <inheritdoc/>
    public IReadOnlyList<TrailShard> Shards { get; } = [.. rows.Select(row => row.Shard)];

    /// <inheritdoc/>
    public TreeState Administration => administration;

    /// <inheritdoc/>
    public long Waiting => held.Waiting;

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredRun> RunsAsync(TrailShard shard, [EnumeratorCancellation] CancellationToken ct)
    {
        var row = byName[TreeName.Of(shard.Stream, shard.Progress.Shard)];
        await foreach (var block in blocks.BlocksAsync(row, 0, shard.Progress.Size, ct))
        {
            var keys = block.Leaves.Select(leaf => leaf.Entry).OfType<ItemKey>().Distinct().ToList();
            var items = (await table.GetManyAsync(keys, null, ct)).ToDictionary(item => item.Key);
            var ids = block.Leaves.Where(leaf => leaf.Entry is not null).Select(IdOf).OfType<EntryId>().Distinct();
            var pointers = (await table.GetManyAsync([.. ids.Select(Layout.PointerOf)], null, ct)).ToDictionary(item => item.Key, item => Pointer.Read(item));
            var kept = new List<KeptEntry?>();
            foreach (var leaf in block.Leaves)
            {
                kept.Add(leaf.Entry is null ? null : await KeptAsync(leaf, items, pointers, ct));
            }

            yield return new DynamoRun(shard, block, await rules.TextAsync(block.Rules, ct), kept);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<(long Place, string What)> Compare(StoredRun run, IReadOnlyList<CommittedEntry?> expected)
    {
        var (block, kept) = (((DynamoRun)run).Block, ((DynamoRun)run).Kept);
        var different = new List<(long, string)>();
        var made = MakerOf((DynamoRun)run, expected);
        for (var at = 0; at < expected.Count; at++)
        {
            if (expected[at] is not { } entry)
            {
                continue;
            }

            var key = EntryItems.KeyOf(run.Shard.Stream, entry);
            if (kept[at] is not { Item: { } item } there)
            {
                held.Expect(key);
                different.Add((run.First + at, "its item is gone"));
                continue;
            }

            // Its place is written into an item after the leaf is committed; until then it says that it waits.
            var isWaiting = run.Shard.Progress.Shard == TrailShard.Intake && item.IntegerOrNull("index") == TrailIntake.Waiting;
            held.Expect(key, isWaiting);
            var wanted = isWaiting ? MakerOfWaiting((DynamoRun)run, at, entry).Make(0, Claim.Intake, isWhole: !item.Has("images")) : made.Make(at, ClaimOf(run, block), isWhole: !item.Has("images"));
            different.AddRange(Differences(item, wanted.Item, there.Pointer).Select(fault => (run.First + at, fault)));
        }

        return different;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> CompareRestAsync(
        Func<StoredRun, IReadOnlyList<CommittedEntry?>> expect, IReadOnlyDictionary<EntryId, Acknowledgement> acknowledged, CancellationToken ct)
    {
        var found = new List<string>(await held.CompareAsync(byName, blocks, await NotedAsync(ct), ct));
        var said = await table.AllAsync(new ItemQuery(Layout.Acknowledgements), ct).ToListAsync(ct);
        found.AddRange(said.Where(item => !Matches(item, acknowledged)).Select(item => $"gap {item.Key.Sort} is acknowledged otherwise than was noted"));
        var missing = acknowledged.Keys.Where(id => said.All(item => item.Key.Sort != id.Value));
        return [.. found, .. missing.Select(id => $"gap {id} was acknowledged, and is not")];
    }

    // The entries that somebody is to give places to.
    private async Task<IReadOnlySet<ItemKey>> NotedAsync(CancellationToken ct)
    {
        var noted = new HashSet<ItemKey>();
        foreach (var stream in rows.Where(row => row.Shard.Progress.Shard == TrailShard.Intake).Select(row => row.Shard.Stream))
        {
            await foreach (var note in table.AllAsync(new ItemQuery(Layout.IntakeOf(stream)), ct))
            {
                noted.UnionWith(note.Texts("pks").Zip(note.Texts("sks"), (pk, sk) => new ItemKey(pk, sk)));
            }
        }

        return noted;
    }

    private static bool Matches(Item item, IReadOnlyDictionary<EntryId, Acknowledgement> acknowledged) =>
        acknowledged.TryGetValue(new EntryId(item.Key.Sort), out var said)
        && item.Text("reason") == said.Reason
        && Cell.Moment(item.Text("at"))?.ToUnixTimeSeconds() == said.At.ToUnixTimeSeconds();

    private static EntryId? IdOf(BlockLeaf leaf)
    {
        try
        {
            return EntryId.TryParse(ShardLeaf.Read(leaf.Text.Span).EntryId, out var id) ? id : null;
        }
        catch (FormatException)
        {
            // What is wrong with the leaf is found where its hash is checked.
            return null;
        }
    }

    private async Task<KeptEntry> KeptAsync(BlockLeaf leaf, Dictionary<ItemKey, Item> items, Dictionary<ItemKey, ItemKey> pointers, CancellationToken ct)
    {
        ItemKey? pointer = IdOf(leaf) is { } id && pointers.TryGetValue(Layout.PointerOf(id), out var target) ? target : null;
        if (!items.TryGetValue(leaf.Entry!.Value, out var item))
        {
            return new KeptEntry(null, pointer, null, $"The item of an entry is gone: {leaf.Entry}");
        }

        try
        {
            return new KeptEntry(item, pointer, await entries.BodyAsync(item, ct), null);
        }
        catch (FormatException e)
        {
            return new KeptEntry(item, pointer, null, e.Message);
        }
    }

    private static IEnumerable<string> Differences(Item item, NewItem wanted, ItemKey? pointer)
    {
        if (pointer != wanted.Key)
        {
            yield return "it is not found by its id";
        }

        var (has, should) = (Attributes(Encoding.UTF8.GetBytes(item.Attributes.GetRawText())), Attributes(wanted.Text));
        foreach (var name in has.Keys.Union(should.Keys).Where(name => !Equals(has.GetValueOrDefault(name), should.GetValueOrDefault(name))))
        {
            yield return $"its attribute {name} is {Text(has.GetValueOrDefault(name))} and not {Text(should.GetValueOrDefault(name))}";
        }
    }

    // The body is what the rest was made of, and compresses otherwise with another version of the library.
    private static AttributeMap Attributes(ReadOnlyMemory<byte> item) =>
        new(DynamoDbJson.ReadMap(item).Where(attribute => attribute.Key is not ("body" or "parts")));

    private static string Text(AttributeValue? value)
    {
        const int ShownMax = 80;
        var text = value is null ? "missing" : CanonicalText.Of(value);
        return text.Length <= ShownMax ? text : text[..ShownMax] + "…";
    }

    private static string ClaimOf(StoredRun run, LeafBlock block) => run.Shard.Progress.Shard == TrailShard.Intake ? Claim.Intake : block.Claim;

    // What was worked out of an entry comes without its body, which it was worked out of.
    private EntryItems MakerOf(DynamoRun run, IReadOnlyList<CommittedEntry?> expected) => Maker(
        run, run.First, [.. run.Block.Leaves.Zip(expected, run.Kept).Select(one => new TrailLeaf(one.First.Text, default, one.Second is null ? null : one.Second with { Body = one.Third?.Body ?? default }))]);

    private EntryItems MakerOfWaiting(DynamoRun run, int at, CommittedEntry entry) => Maker(
        run, TrailIntake.Waiting, [TrailIntake.Placed(new TrailLeaf(run.Block.Leaves[at].Text, default, entry with { Body = run.Kept[at]!.Body ?? default }), TrailIntake.NoPlace)]);

    private EntryItems Maker(DynamoRun run, long first, IReadOnlyList<TrailLeaf> leaves)
    {
        var before = run.Shard.Progress with { Size = first };
        return new EntryItems(new TrailAppend(run.Shard.Stream, before, before, leaves, TreeState.Empty, RulesText.Read(run.Rules)), PartitionKey(run.Shard.Stream.Table), run.Block.Rules);
    }

    private string? PartitionKey(string name) => tables.FirstOrDefault(one => one.Name == name)?.PartitionKey.Name;
}
