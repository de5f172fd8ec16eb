using System.Text;
using System.Text.Json;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;
using Afterimage.Trail;
using Afterimage.Trail.Sqlite;

namespace Afterimage.Tests.Capture;

/// <summary>A shard's tree says what was read and nothing of how: not where batches were cut, nor how often a worker began anew.</summary>
public sealed class ShardRootTests : IDisposable
{
    private const int Records = 1_500;
    private static readonly ShardProgress Parent = new(new ShardId("shardId-parent"), null, null, 0, false);
    private static readonly ShardProgress Child = new(new ShardId("shardId-child"), Parent.Shard, null, 0, false);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("afterimage-test-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batches_of_1_of_7_and_of_1000_and_restarts_at_random_give_the_same_roots()
    {
        var records = Hostile();
        var roots = new List<(string Parent, string Child)>();
        foreach (var (cut, restarts) in new[] { (1, false), (7, false), (1_000, false), (7, true), (100, true) })
        {
            await using var trail = await TrailAsync($"{cut}-{restarts}");
            roots.Add((await KeepAsync(trail, Parent, records, cut, restarts ? new Random(cut) : null), await KeepAsync(trail, Child, Hostile(first: 9_000)[..50], cut, null)));
        }

        roots.Distinct().Count().ShouldBe(1);
        roots[0].Parent.ShouldNotBe(roots[0].Child);
    }

    [Fact]
    public async Task A_shard_opens_with_its_parents_tree_and_closes_with_the_count_of_its_records()
    {
        await using var trail = await TrailAsync("lineage");
        var root = await KeepAsync(trail, Parent, Hostile()[..20], 7, null);
        await KeepAsync(trail, Child, [], 1, null);

        var (parent, child) = (await LeavesAsync(Parent.Shard), await LeavesAsync(Child.Shard));

        using var opened = JsonDocument.Parse(parent[0]);
        opened.RootElement.GetProperty("t").GetString().ShouldBe("open");
        opened.RootElement.GetProperty("parent").GetString().ShouldBe("beginning");
        using var closed = JsonDocument.Parse(parent[^1]);
        closed.RootElement.GetProperty("t").GetString().ShouldBe("close");
        closed.RootElement.GetProperty("count").GetInt32().ShouldBe(parent.Count - 2);
        using var next = JsonDocument.Parse(child[0]);
        next.RootElement.GetProperty("parent").GetProperty("root").GetString().ShouldBe(root);
        next.RootElement.GetProperty("parent").GetProperty("size").GetInt32().ShouldBe(parent.Count);
        child.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_leaves_that_are_kept_are_the_tree_that_is_kept()
    {
        await using var trail = await TrailAsync("leaves");
        await KeepAsync(trail, Parent, Hostile(), 100, null);

        var leaves = await LeavesAsync(Parent.Shard);
        var row = (await trail.ShardAsync(FakeStream.Arn, Parent.Shard, Ct)).ShouldNotBeNull();

        TreeState.Empty.Append([.. leaves.Select(leaf => MerkleTree.Leaf(Encoding.UTF8.GetBytes(leaf)))]).ShouldBe(row.Tree);
        row.Tree.Size.ShouldBe(row.Progress.Size);
        row.Entries.ShouldBe(leaves.Count - 2);
        leaves.Select((leaf, at) => JsonDocument.Parse(leaf).RootElement.GetProperty("i").GetInt32() - at).ShouldAllBe(off => off == 0);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(folder.FullName, $"{name}.db");

    private async Task<SqliteTrail> TrailAsync(string name)
    {
        current = PathOf(name);
        var trail = await SqliteTrail.OpenAsync("sqlite:trail.db", current, OpenMode.CreateOrWrite, Ct);
        await trail.NameAsync("a trail of the same name", Ct);
        foreach (var shard in new[] { Parent, Child })
        {
            await trail.SaltKeyAsync(FakeStream.Arn, shard.Shard, new byte[ShardSalts.KeySize], Ct);
        }

        return trail;
    }

    private string current = string.Empty;

    private static async Task<string> KeepAsync(SqliteTrail trail, ShardProgress from, List<ReadOnlyMemory<byte>> records, int cut, Random? restarts)
    {
        var recorder = Recorder(trail);
        var (at, progress) = (0, from);
        do
        {
            // A worker that begins anew may have lost the answer to its last append, and reads a few records again.
            var again = restarts?.Next(3) == 0 ? Math.Min(at, restarts.Next(12)) : 0;
            if (again > 0)
            {
                recorder.Dispose();
                recorder = Recorder(trail);
            }

            var batch = records.Skip(at - again).Take(cut + again).ToList();
            at = Math.Min(at + cut, records.Count);
            var kept = await recorder.KeepAsync(new StreamBatch(FakeStream.Arn, from.Shard, batch, EndsShard: at == records.Count), progress, Ct);
            progress = kept.ShouldBeOfType<KeepResult.Kept>().After;
        }
        while (at < records.Count);
        recorder.Dispose();
        return (await trail.ShardAsync(FakeStream.Arn, from.Shard, Ct)).ShouldNotBeNull().Tree.Root().ToBase64();
    }

    private static Recorder Recorder(SqliteTrail trail) => new(trail, _ => TableRules.None, new Nobody(), SeededSecrets.From(1));

    // Rising sequence numbers, and now and then something that is no record at all.
    private static List<ReadOnlyMemory<byte>> Hostile(int first = 100)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(first, Records).Select(number => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(
            random.Next(40) == 0 ? $"rubbish {number}" : FakeStream.Record($"{number}")))];
    }

    private async Task<List<string>> LeavesAsync(ShardId shard)
    {
        await using var sessions = new SqliteSessions(current, 1);
        return await sessions.ReadAsync(
            session =>
            {
                var stream = SqliteShards.FindStream(session, FakeStream.Arn)!.Value;
                var row = SqliteShards.Find(session, stream, FakeStream.Arn, shard)!.Value;
                return SqliteBlocks.OfShard(session, row.No, 0).SelectMany(block => Block.Unpack(block.Texts)).Select(leaf => Encoding.UTF8.GetString(leaf.Span)).ToList();
            },
            Ct);
    }

    private sealed class Nobody : IProgress<KeptBatch>
    {
        public void Report(KeptBatch value)
        {
        }
    }
}
