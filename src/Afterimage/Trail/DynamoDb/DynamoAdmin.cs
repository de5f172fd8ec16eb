using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>What was done to the trail itself: one item a leaf, each of which holds the tree with it. Nobody puts a leaf who has not seen the one before.</summary>
internal sealed class DynamoAdmin(IItemTable table)
{
    private readonly TrailName name = new(table);

    /// <summary>The tree as it is now.</summary>
    public async Task<TreeState> TreeAsync(CancellationToken ct)
    {
        var newest = new ItemQuery(Layout.Administration) { Reverse = true, Limit = 1, Attributes = [ItemKey.PartitionAttribute, ItemKey.SortAttribute, "tree"] };
        return await table.AllAsync(newest, ct).Select(item => TreeState.Read(item.Bytes("tree"))).FirstOrDefaultAsync(ct) ?? TreeState.Empty;
    }

    /// <summary>The leaves from one place up to another.</summary>
    public async IAsyncEnumerable<LeafRun> LeavesAsync(long from, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        if (from < to)
        {
            var query = new ItemQuery(Layout.Administration) { From = Layout.Place(from), Through = Layout.Place(Math.Min(to, TreeState.SizeMax) - 1) };
            await foreach (var item in table.AllAsync(query, ct))
            {
                yield return new LeafRun(Seal.ReadPlace(item), [Encoding.UTF8.GetBytes(item.Text("text"))], null);
            }
        }
    }

    /// <summary>Says from where on shards are read by which rules. A repeat says it once more, which harms nothing.</summary>
    public async Task NoteRulesAsync(IReadOnlyList<RulesInForce> rules, DateTimeOffset at, CancellationToken ct)
    {
        foreach (var rule in rules)
        {
            var (text, shard) = (Encoding.UTF8.GetBytes(rule.Rules), Canonical(rule.Tree.Value));
            await AddAsync((into, index) => AdminText.WriteConfiguration(into, at.ToUnixTimeSeconds(), rule.From, index, text, shard), ct);
        }
    }

    /// <summary>Notes that somebody knows of a gap, which the trail holds. The first reason stays.</summary>
    /// <returns>What is noted of it now.</returns>
    public async Task<(DateTimeOffset At, string Reason)> AcknowledgeAsync(EntryId gap, DateTimeOffset at, string reason, CancellationToken ct)
    {
        var key = new ItemKey(Layout.Acknowledgements, gap.Value);
        if (await table.GetAsync(key, ct) is { } known)
        {
            return Acknowledgement(known);
        }

        var (eid, text) = (Encoding.ASCII.GetBytes(gap.Value), Canonical(reason));
        for (var tree = await OpenAsync(ct); ; tree = await TreeAsync(ct))
        {
            var leaf = Leaf(tree, (into, index) => AdminText.WriteAcknowledged(into, at.ToUnixTimeSeconds(), eid, index, text));
            var noted = NewItem.Of(key, ("at", Cell.Of((DateTimeOffset?)at)), ("reason", AttributeValue.String(reason)));
            if (await table.WriteTogetherAsync([new ItemWrite.Put(leaf, Term.NoItem), new ItemWrite.Put(noted, Term.NoItem)], ct))
            {
                return (at, reason);
            }

            // Somebody was first, or it was this very write, whose answer was lost. Otherwise the leaf's place was taken by another, and it goes behind that.
            if (await table.GetAsync(key, ct) is { } held)
            {
                return Acknowledgement(held);
            }
        }
    }

    /// <summary>What was said about gaps.</summary>
    public async Task<IReadOnlyDictionary<EntryId, (DateTimeOffset At, string Reason)>> AcknowledgementsAsync(CancellationToken ct) =>
        await table.AllAsync(new ItemQuery(Layout.Acknowledgements), ct).ToDictionaryAsync(item => new EntryId(item.Key.Sort), Acknowledgement, null, ct);

    private async Task AddAsync(Func<IBufferWriter<byte>, long, Sha256Hash> write, CancellationToken ct)
    {
        for (var tree = await OpenAsync(ct); ; tree = await TreeAsync(ct))
        {
            // In a place that is taken stands this very leaf, if its answer was lost, or that of another, behind which it goes.
            var leaf = Leaf(tree, write);
            if (await table.WriteAsync(new ItemWrite.Put(leaf, Term.NoItem), ct) || (await table.GetAsync(leaf.Key, ct))?.Text("text") == TextOf(leaf))
            {
                return;
            }
        }
    }

    // A tree begins with a leaf that names the trail.
    private async Task<TreeState> OpenAsync(CancellationToken ct)
    {
        var tree = await TreeAsync(ct);
        if (tree.Size > 0)
        {
            return tree;
        }

        var trail = Canonical(await name.FindAsync(ct) ?? throw new InvalidOperationException("A trail has a name before anything is done to it."));
        await table.WriteAsync(new ItemWrite.Put(Leaf(tree, (into, _) => AdminText.WriteOpen(into, trail)), Term.NoItem), ct);
        return await TreeAsync(ct);
    }

    private static NewItem Leaf(TreeState tree, Func<IBufferWriter<byte>, long, Sha256Hash> write)
    {
        var text = new ArrayBufferWriter<byte>();
        var after = tree.Append(write(text, tree.Size));
        return NewItem.Of(
            new ItemKey(Layout.Administration, Layout.Place(tree.Size)),
            ("text", AttributeValue.String(Encoding.UTF8.GetString(text.WrittenSpan))),
            ("tree", Cell.Of(after.ToBytes())));
    }

    private static string TextOf(NewItem leaf) => DynamoDbJson.ReadMap(leaf.Text)["text"].Text;

    private static (DateTimeOffset At, string Reason) Acknowledgement(Item item) => (Cell.Moment(item.Text("at"))!.Value, item.Text("reason"));

    private static byte[] Canonical(string text) => Encoding.UTF8.GetBytes(CanonicalText.Of(text));
}
