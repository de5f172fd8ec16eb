using Afterimage.Streams.Leases;
using Afterimage.Streams.Records;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Streams.Leases;

/// <summary>Who takes what.</summary>
public sealed class LeasePlanTests
{
    private static readonly WorkerId Me = new("me");
    private static readonly WorkerId You = new("you");

    [Fact]
    public void Who_is_alone_takes_everything() => ToTake(Table([Me], (null, 5))).Count.ShouldBe(5);

    [Fact]
    public void Of_two_each_takes_half_of_what_is_free() => ToTake(Table([Me, You], (null, 7))).Count.ShouldBe(4);

    [Fact]
    public void Where_all_is_shared_out_nobody_takes_anything() => ToTake(Table([Me, You], (Me, 3), (You, 4))).ShouldBeEmpty();

    [Fact]
    public void Who_has_two_less_than_another_takes_one_of_its_shards() =>
        ToTake(Table([Me, You], (Me, 2), (You, 4))).Single().Shard.Value.ShouldStartWith("you");

    [Fact]
    public void While_something_is_free_nothing_is_taken_from_anybody() =>
        ToTake(Table([Me, You], (You, 6), (null, 1))).Single().Shard.Value.ShouldStartWith("free");

    [Fact]
    public void What_a_dead_worker_owned_is_free()
    {
        var watch = new LeaseWatch(LeaseCrowd.Duration);
        var table = Table([Me, You], (You, 4));
        var wanted = Wanted(table);
        foreach (var now in Enumerable.Range(0, 4).Select(n => TimeSpan.FromSeconds(10 * n)))
        {
            watch.Note(table with { Beats = new Dictionary<WorkerId, long> { [Me] = now.Ticks, [You] = 1 } }, wanted, now, now);
        }

        LeasePlan.ToTake(Me, table, wanted, _ => false, watch).Count.ShouldBe(4);
        watch.Living.ShouldBe([Me]);
    }

    [Fact]
    public void Who_has_not_looked_for_long_takes_nobody_for_dead()
    {
        var watch = new LeaseWatch(LeaseCrowd.Duration);
        var table = Table([Me, You], (You, 4));
        foreach (var now in new[] { TimeSpan.Zero, TimeSpan.FromHours(1) })
        {
            watch.Note(table, Wanted(table), now, now);
        }

        watch.Living.ShouldBe([Me, You], ignoreOrder: true);
    }

    [Fact]
    public void A_table_that_was_long_on_its_way_makes_nobody_older_than_when_it_was_asked_for()
    {
        var watch = new LeaseWatch(LeaseCrowd.Duration);
        var table = Table([Me, You], (You, 4));
        watch.Note(table, [], TimeSpan.Zero, TimeSpan.Zero);
        watch.Note(table, [], TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(90));

        watch.IsAlive(You).ShouldBeTrue();
    }

    [Fact]
    public void What_nobody_takes_for_long_is_taken_whatever_the_share()
    {
        var watch = new LeaseWatch(LeaseCrowd.Duration);
        var table = Table([Me, You], (Me, 4), (null, 4));
        for (var beat = 0; beat < 4; beat++)
        {
            watch.Note(table with { Beats = new Dictionary<WorkerId, long> { [Me] = beat, [You] = beat } }, Wanted(table), TimeSpan.FromSeconds(10 * beat), TimeSpan.FromSeconds(10 * beat));
        }

        LeasePlan.ToTake(Me, table, Wanted(table), wish => wish.Shard.Value.StartsWith("me", StringComparison.Ordinal), watch).Count.ShouldBe(4);
    }

    [Fact]
    public void However_workers_come_and_die_every_shard_is_owned_and_shared_out_evenly_in_the_end()
    {
        foreach (var seed in Enumerable.Range(1, 300))
        {
            var random = new Random(seed);
            var crowd = new LeaseCrowd(random, shards: 1 + random.Next(40));
            for (var round = 0; round < 40; round++)
            {
                crowd.SomethingHappens();
                crowd.Round();
            }

            crowd.Settle().ShouldBeLessThanOrEqualTo(crowd.RoundsMax, $"seed {seed}");

            // And so it stays.
            var taken = crowd.Taken;
            crowd.Round();
            crowd.Round();
            crowd.Taken.ShouldBe(taken, $"seed {seed}");
        }
    }

    private static IReadOnlyList<LeaseWish> ToTake(LeaseTable table)
    {
        var watch = new LeaseWatch(LeaseCrowd.Duration);
        watch.Note(table, Wanted(table), TimeSpan.Zero, TimeSpan.Zero);
        return LeasePlan.ToTake(Me, table, Wanted(table), wish => table.Leases.Any(lease => lease.Shard == wish.Shard && lease.Owner == Me), watch);
    }

    private static List<LeaseWish> Wanted(LeaseTable table) => [.. table.Leases.Select(lease => new LeaseWish(lease.Stream, lease.Shard, null, lease.Epoch))];

    private static LeaseTable Table(WorkerId[] workers, params (WorkerId? Owner, int Shards)[] owned) => new(
        workers.ToDictionary(worker => worker, _ => 1L),
        [.. owned.SelectMany(one => Enumerable.Range(1, one.Shards).Select(n => new Lease(FakeStream.Arn, new ShardId($"{one.Owner?.Value ?? "free"}-{n}"), 1, one.Owner)))]);
}
