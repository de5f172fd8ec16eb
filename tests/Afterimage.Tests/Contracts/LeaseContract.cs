using Afterimage.Streams.Leases;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Contracts;

/// <summary>What every store of leases does, with the journal that shares its rows. A class that derives from it opens the store of its kind.</summary>
public abstract class LeaseContract
{
    private static readonly WorkerId Anna = new("anna");
    private static readonly WorkerId Ben = new("ben");
    private static readonly ShardId Shard = new("shardId-1");
    private static readonly ShardId Child = new("shardId-2");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract ILeaseStore Store { get; }

    protected abstract IShardJournal Journal { get; }

    [Fact]
    public async Task Each_beat_counts_and_shows_everybody_who_is_there()
    {
        var first = await Store.BeatAsync(Anna, Ct);
        await Store.BeatAsync(Ben, Ct);
        var second = await Store.BeatAsync(Anna, Ct);

        first.Beats.Keys.ShouldBe([Anna]);
        second.Beats.Keys.ShouldBe([Anna, Ben], ignoreOrder: true);
        second.Beats[Anna].ShouldBeGreaterThan(first.Beats[Anna]);
    }

    [Fact]
    public async Task A_shard_without_a_row_gets_one_at_its_beginning()
    {
        var row = (await Store.TakeAsync(Anna, [new LeaseWish(FakeStream.Arn, Child, Shard, 0)], Ct)).Single().Row;

        row.ShouldBe(new ShardProgress(Child, Shard, null, 0, false) { Epoch = 1 });
        row.IsBegun.ShouldBeFalse();
        (await RowAsync(Child)).ShouldBe(row);
        (await LeaseAsync(Child)).ShouldBe(new Lease(FakeStream.Arn, Child, 1, Anna));
    }

    [Fact]
    public async Task Of_two_who_saw_the_same_epoch_one_takes_the_shard()
    {
        (await TakeAsync(Anna, 0)).ShouldNotBeNull();
        (await TakeAsync(Ben, 0)).ShouldBeNull();

        (await LeaseAsync(Shard))!.Owner.ShouldBe(Anna);
    }

    [Fact]
    public async Task A_repeated_take_gives_the_same_shard_again()
    {
        var first = await TakeAsync(Anna, 0);

        (await TakeAsync(Anna, 0)).ShouldBe(first);
    }

    [Fact]
    public async Task Whoever_takes_a_shard_goes_on_where_the_row_stands()
    {
        var before = (await TakeAsync(Anna, 0))!;
        var kept = await KeptAsync(before, "1", "2");

        var taken = (await TakeAsync(Ben, 1))!;

        (taken.Last, taken.Size, taken.Epoch).ShouldBe((kept.Last, kept.Size, 2));
    }

    [Fact]
    public async Task Nothing_is_kept_under_an_epoch_that_has_passed()
    {
        var before = (await TakeAsync(Anna, 0))!;
        var taken = (await TakeAsync(Ben, 1))!;

        (await KeepAsync(before, "1")).ShouldBeOfType<KeepResult.Superseded>();

        (await RowAsync(Shard))!.Size.ShouldBe(taken.Size);
        (await KeptAsync(taken, "1")).Epoch.ShouldBe(2);
    }

    [Fact]
    public async Task Nothing_is_kept_without_a_lease_of_a_shard_that_is_leased()
    {
        await TakeAsync(Anna, 0);

        (await KeepAsync(new ShardProgress(Shard, null, null, 0, false), "1")).ShouldBeOfType<KeepResult.Superseded>();
    }

    [Fact]
    public async Task Each_shard_of_a_take_is_judged_by_itself()
    {
        await TakeAsync(Ben, 0);

        var got = await Store.TakeAsync(Anna, [new LeaseWish(FakeStream.Arn, Shard, null, 0), new LeaseWish(FakeStream.Arn, Child, Shard, 0)], Ct);

        got.Single().Row.Shard.ShouldBe(Child);
    }

    [Fact]
    public async Task A_finished_shard_is_in_no_table_and_is_not_given_out()
    {
        var before = (await TakeAsync(Anna, 0))!;
        await Journal.KeepAsync(new StreamBatch(FakeStream.Arn, Shard, [], EndsShard: true), before, Ct);

        (await LeaseAsync(Shard)).ShouldBeNull();
        (await TakeAsync(Ben, 1)).ShouldBeNull();
        (await TakeAsync(Anna, 0)).ShouldBeNull();
    }

    [Fact]
    public async Task A_shard_that_was_given_up_has_no_owner_and_the_same_epoch()
    {
        await TakeAsync(Anna, 0);

        await Store.ReleaseAsync(Anna, [new Lease(FakeStream.Arn, Shard, 1, Anna)], Ct);
        await Store.ReleaseAsync(Anna, [new Lease(FakeStream.Arn, Shard, 1, Anna)], Ct);

        (await LeaseAsync(Shard)).ShouldBe(new Lease(FakeStream.Arn, Shard, 1, null));
        (await TakeAsync(Ben, 1)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Nobody_gives_up_what_another_has_taken()
    {
        await TakeAsync(Anna, 0);
        await TakeAsync(Ben, 1);

        await Store.ReleaseAsync(Anna, [new Lease(FakeStream.Arn, Shard, 1, Anna)], Ct);
        await Store.LeaveAsync(Anna, Ct);

        (await LeaseAsync(Shard)).ShouldBe(new Lease(FakeStream.Arn, Shard, 2, Ben));
    }

    [Fact]
    public async Task Who_leaves_owns_nothing_and_is_forgotten()
    {
        await Store.BeatAsync(Anna, Ct);
        await TakeAsync(Anna, 0);

        await Store.LeaveAsync(Anna, Ct);
        await Store.LeaveAsync(Anna, Ct);

        var table = await Store.BeatAsync(Ben, Ct);
        table.Beats.Keys.ShouldBe([Ben]);
        table.Leases.ShouldBe([new Lease(FakeStream.Arn, Shard, 1, null)]);
    }

    [Fact]
    public async Task How_far_quiet_shards_are_read_is_noted_beside_the_lease()
    {
        var moment = new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);
        await TakeAsync(Anna, 0);

        await Journal.NoteReadThroughAsync(FakeStream.Arn, new Dictionary<ShardId, DateTimeOffset> { [Shard] = moment }, Ct);

        (await TakeAsync(Ben, 1))!.ShouldSatisfyAllConditions(row => row.ReadThrough.ShouldBe(moment), row => row.Epoch.ShouldBe(2));
    }

    private async Task<ShardProgress?> TakeAsync(WorkerId me, long seen) =>
        (await Store.TakeAsync(me, [new LeaseWish(FakeStream.Arn, Shard, null, seen)], Ct)).SingleOrDefault()?.Row;

    private async Task<Lease?> LeaseAsync(ShardId shard) => (await Store.BeatAsync(Anna, Ct)).Leases.SingleOrDefault(lease => lease.Shard == shard);

    private async Task<ShardProgress?> RowAsync(ShardId shard) => (await Journal.ReadAsync(FakeStream.Arn, Ct)).Shards.SingleOrDefault(row => row.Shard == shard);

    private Task<KeepResult> KeepAsync(ShardProgress before, params string[] sequences) =>
        Journal.KeepAsync(new StreamBatch(FakeStream.Arn, before.Shard, [.. sequences.Select(Record)], EndsShard: false), before, Ct);

    private async Task<ShardProgress> KeptAsync(ShardProgress before, params string[] sequences) => (await KeepAsync(before, sequences)).ShouldBeOfType<KeepResult.Kept>().After;

    private static ReadOnlyMemory<byte> Record(string sequence) => System.Text.Encoding.UTF8.GetBytes(FakeStream.Record(sequence));
}
