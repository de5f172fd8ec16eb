using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Sealing;
using Afterimage.Streams.Records;
using Afterimage.Tests.Support;
using Afterimage.Trail;
using Afterimage.Trail.DynamoDb;
using Afterimage.Trail.DynamoDb.Table;
using Afterimage.Verifying;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>Trees that grow in a DynamoDB table, and sealers at work on them.</summary>
internal sealed class LogRig : ILeafBlocks, IDisposable
{
    public const string Name = "audit.example.com/orders";

    private readonly Dictionary<TreeName, List<(byte[] Text, string Rules)>> leaves = [];
    private readonly Dictionary<ItemKey, AttributeMap> committed = [];
    private readonly MemoryKey key = new();

    public LogRig(IItemTable table, FakeItems? items = null)
    {
        Table = table;
        Items = items;
    }

    public IItemTable Table { get; }

    public FakeItems? Items { get; }

    public SetTime Time { get; } = new(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static StreamArn Stream { get; } = FakeStream.Arn;

    /// <summary>The log as a process that has just begun sees it.</summary>
    public DynamoLog Log => new(Table, new ShardRows(Table), Admin, this);

    public DynamoAdmin Admin => new(Table);

    /// <summary>Lets a shard grow by so many leaves.</summary>
    public async Task GrowAsync(string shard, int count, string rules = "{}", bool ends = false)
    {
        var name = TreeName.Of(Stream, new ShardId(shard));
        if (!leaves.TryGetValue(name, out var list))
        {
            leaves.Add(name, list = []);
        }

        list.AddRange(Enumerable.Range(list.Count, count).Select(at => (Encoding.UTF8.GetBytes($"{shard} {at}"), rules)));
        var tree = TreeState.Empty.Append([.. list.Select(leaf => MerkleTree.Leaf(leaf.Text))]);
        await FaultPlan.UntilAnsweredAsync(() => new ShardRows(Table).NoteStreamAsync(Stream, Ct));
        await FaultPlan.UntilAnsweredAsync(() => Table.WriteAsync(
            new ItemWrite.Update(
                Layout.RowOf(Stream, new ShardId(shard)),
                [("size", Cell.Of(tree.Size)), ("tree", Cell.Of(tree.ToBytes())), ("finished", ends ? AttributeValue.Boolean(true) : null)],
                Term.Below("size", Cell.Of(tree.Size))),
            Ct));
    }

    /// <summary>Seals what has grown.</summary>
    public async Task SealAsync()
    {
        Time.Now += TimeSpan.FromSeconds(10);
        Remember();
        await using var trail = new LogAlone(Log);
        await new Sealer(trail, Name, key, [], Time).SealAsync(DateTimeOffset.MaxValue, Ct);
    }

    /// <summary>Demands that the log is whole, and that everything that was ever committed is as it was.</summary>
    public async Task CheckAsync()
    {
        Remember();
        foreach (var (place, item) in committed)
        {
            Items!.Find(place).ShouldBe(item, $"{place}");
        }

        var findings = new Findings();
        var walk = new LogWalk(findings, []);
        await foreach (var row in Log.ReadAsync(0, Ct))
        {
            await walk.TakeAsync(row);
        }

        var found = new HeadDigests();
        foreach (var name in leaves.Keys.Append(TreeName.Administration))
        {
            await foreach (var head in Log.HeadsAsync(name, Ct))
            {
                found.Take(name, head);
            }

            found.Of(name).ShouldBe(walk.Digests.Of(name), $"{name}");
        }

        await walk.EndAsync(() => Task.FromResult(walk.Tree.Size));
        var end = await Log.EndAsync(Ct);
        findings.Listed.ShouldBeEmpty();
        walk.Tree.ShouldBe(end.Tree);
        walk.Epoch!.Number.ShouldBe(end.Epoch);
        walk.Epoch.Time.ShouldBe(end.Time!.Value);
        (await Log.NewestCheckpointAsync(Ct))!.Checkpoint.ShouldBe(new Checkpoint(Name, end.Tree.Size, end.Tree.Root()));
        (await Log.GrownAsync(Ct)).ShouldBeEmpty();
        foreach (var name in leaves.Keys.Append(TreeName.Administration))
        {
            await CheckAsync(name, walk.Heads.GetValueOrDefault(name));
        }
    }

    public async IAsyncEnumerable<LeafRun> LeavesAsync(StreamArn stream, ShardId shard, long from, long to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        var list = leaves[TreeName.Of(stream, shard)];
        for (var at = from; at < Math.Min(to, list.Count); at++)
        {
            yield return new LeafRun(at, [list[(int)at].Text], list[(int)at].Rules);
        }
    }

    public Task<StoredLeaf?> LeafAsync(StreamArn stream, ShardId shard, long place, CancellationToken ct) =>
        Task.FromResult<StoredLeaf?>(new StoredLeaf(leaves[TreeName.Of(stream, shard)][(int)place].Text, default));

    public void Dispose() => key.Dispose();

    // The last head is that of the tree as it is, and every head is found by the tree's name.
    private async Task CheckAsync(TreeName name, LogLeaf.Head? last)
    {
        var heads = await Log.HeadsAsync(name, Ct).ToListAsync(Ct);
        var texts = await Log.LeavesAsync(name, 0, long.MaxValue, Ct).SelectMany(run => run.Texts.ToAsyncEnumerable()).ToListAsync(Ct);
        var tree = TreeState.Empty.Append([.. texts.Select(text => MerkleTree.Leaf(text.Span))]);
        (last?.Size ?? 0).ShouldBe(tree.Size);
        (last?.Root ?? TreeState.Empty.Root()).ShouldBe(tree.Root());
        heads.Select(head => LogLeaf.Read(head.Text.Span)).LastOrDefault().ShouldBe(last);
        heads.Select(head => LogLeaf.Read(head.Seal.Span)).ShouldAllBe(seal => seal is LogLeaf.Epoch);
    }

    private void Remember()
    {
        string[] forGood = [Layout.Log, Layout.Checkpoints, Layout.Administration, Layout.Acknowledgements];
        foreach (var place in (Items?.Keys ?? []).Where(place => forGood.Contains(place.Partition)).ToList())
        {
            committed.TryAdd(place, Items!.Find(place)!);
        }
    }
}
