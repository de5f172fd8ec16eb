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

            yield return new DynamoRun(shard, block, block.Rules is { } hash ? await rules.TextAsync(hash, ct) : string.Empty, kept);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<(long Place, string What)> Compare(StoredRun run, IReadOnlyList<CommittedEntry?> expected)
    {
        var (block, kept) = (((DynamoRun)run).Block, ((DynamoRun)run).Kept);
        var different = new List<(long, string)>();
        var made = new EntryItems(AppendOf(run, block, expected), PartitionKey(run.Shard.Stream.Table), block.Rules ?? string.Empty);
        for (var at = 0; at < expected.Count; at++)
        {
            if (expected[at] is not { } entry)
            {
                continue;
            }

            var key = EntryItems.KeyOf(run.Shard.Stream, entry);
            held.Expect(key);
            var faults = kept[at] is { Item: { } item } there
                ? Differences(item, made.Make(at, block.Claim, isWhole: !item.Has("images")).Item, there.Pointer)
                : ["its item is gone"];
            different.AddRange(faults.Select(fault => (run.First + at, fault)));
        }

        return different;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> CompareRestAsync(
        Func<StoredRun, IReadOnlyList<CommittedEntry?>> expect, IReadOnlyDictionary<EntryId, Acknowledgement> acknowledged, CancellationToken ct)
    {
        var found = new List<string>(await held.CompareAsync(byName, blocks, ct));
        var said = await table.AllAsync(new ItemQuery(Layout.Acknowledgements), ct).ToListAsync(ct);
        found.AddRange(said.Where(item => !Matches(item, acknowledged)).Select(item => $"gap {item.Key.Sort} is acknowledged otherwise than was noted"));
        var missing = acknowledged.Keys.Where(id => said.All(item => item.Key.Sort != id.Value));
        return [.. found, .. missing.Select(id => $"gap {id} was acknowledged, and is not")];
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

    private static TrailAppend AppendOf(StoredRun run, LeafBlock block, IReadOnlyList<CommittedEntry?> expected)
    {
        var before = run.Shard.Progress with { Size = block.First };
        var leaves = block.Leaves.Select((leaf, at) => new TrailLeaf(leaf.Text, default, at < expected.Count ? expected[at] : null));
        return new TrailAppend(run.Shard.Stream, before, before, [.. leaves], TreeState.Empty, run.Rules.Length == 0 ? TableRules.None : RulesText.Read(run.Rules));
    }

    private string? PartitionKey(string name) => tables.FirstOrDefault(one => one.Name == name)?.PartitionKey.Name;
}
