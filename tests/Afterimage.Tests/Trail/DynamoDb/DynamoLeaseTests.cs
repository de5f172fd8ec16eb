using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Contracts;
using Afterimage.Tests.Support;
using Afterimage.Trail;
using Afterimage.Trail.DynamoDb;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>The leases of a trail in a DynamoDB table.</summary>
public sealed class DynamoLeaseTests : LeaseContract, IAsyncLifetime
{
    private static readonly WorkerId Anna = new("anna");
    private static readonly WorkerId Ben = new("ben");
    private static readonly LeaseWish Wish = new(FakeStream.Arn, new ShardId("shardId-1"), new ShardId("shardId-0"), 0);

    private readonly FakeTable table = FakeTrail.Table(new Random(1));
    private readonly DynamoTrail trail;
    private readonly Recorder recorder;

    public DynamoLeaseTests()
    {
        trail = FakeTrail.Open(table, OpenMode.CreateOrWrite, "writer");
        recorder = new Recorder(trail, _ => TableRules.None, new Progress<KeptBatch>(), SeededSecrets.From(1));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected override ILeaseStore Store => StoreOf(table);

    protected override IShardJournal Journal => recorder;

    public async ValueTask InitializeAsync() =>
        await new DynamoTables(table).KeepAsync(new TrailTable("Orders", new KeyAttribute("id", AttributeKind.S), null, FakeStream.Arn, Followed: true), Ct);

    [Fact]
    public Task Whatever_request_goes_wrong_a_worker_that_asks_again_has_its_shard() => FaultPlan.EachAsync(async weather =>
    {
        var broken = new FakeTable(new Random(2)) { Weather = weather };
        IReadOnlyList<LeasedShard> got = [];
        await FaultPlan.UntilAnsweredAsync(async () => got = await StoreOf(broken).TakeAsync(Anna, [Wish], Ct));
        got.Single().Row.Epoch.ShouldBe(1);
        got.Single().Row.Parent.ShouldBe(Wish.Parent);

        await FaultPlan.UntilAnsweredAsync(() => StoreOf(broken).LeaveAsync(Anna, Ct));
        await FaultPlan.UntilAnsweredAsync(async () => (await StoreOf(broken).BeatAsync(Ben, Ct)).Leases.ShouldBe([new Lease(Wish.Stream, Wish.Shard, 1, null)]));
    });

    [Theory]
    [InlineData("anna")]
    [InlineData("ben")]
    public Task A_request_that_arrives_late_takes_nothing_from_anybody(string next) => FaultPlan.EachLateAsync(async (weather, arrive) =>
    {
        var slow = new FakeTable(new Random(3)) { Weather = weather };
        await FaultPlan.UntilAnsweredAsync(() => StoreOf(slow).TakeAsync(Anna, [Wish], Ct));
        await FaultPlan.UntilAnsweredAsync(() => StoreOf(slow).ReleaseAsync(Anna, [new Lease(Wish.Stream, Wish.Shard, 1, Anna)], Ct));
        await FaultPlan.UntilAnsweredAsync(() => StoreOf(slow).TakeAsync(new WorkerId(next), [Wish with { EpochSeen = 1 }], Ct));
        slow.Calm();
        arrive();

        var row = (await new ShardRows(slow).FindAsync(Wish.Stream, Wish.Shard, Ct)).ShouldNotBeNull();
        (row.Owner, row.Shard.Progress.Epoch).ShouldBe((new WorkerId(next), 2));
    });

    [Fact]
    public async Task A_shard_that_was_appended_to_without_a_lease_keeps_its_parent()
    {
        var before = new ShardProgress(Wish.Shard, new ShardId("shardId-other"), null, 0, false);
        await Journal.KeepAsync(new StreamBatch(Wish.Stream, Wish.Shard, [System.Text.Encoding.UTF8.GetBytes(FakeStream.Record("1"))], EndsShard: false), before, Ct);

        var row = (await Store.TakeAsync(Anna, [Wish], Ct)).Single().Row;

        (row.Parent, row.Size, row.Epoch).ShouldBe((new ShardId("shardId-other"), 2L, 1L));
    }

    [Fact]
    public async Task A_worker_that_was_forgotten_while_it_was_paused_is_seen_alive_again()
    {
        await Store.BeatAsync(Anna, Ct);
        await Store.LeaveAsync(Anna, Ct);
        await Store.BeatAsync(Anna, Ct);

        (await Store.BeatAsync(Ben, Ct)).Beats.Keys.ShouldBe([Anna, Ben], ignoreOrder: true);
    }

    public async ValueTask DisposeAsync()
    {
        recorder.Dispose();
        await trail.DisposeAsync();
    }

    private static DynamoLeases StoreOf(IItemTable table) => new(table, new ShardRows(table));
}
