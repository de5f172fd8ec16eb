using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Streams.Watching;
using Afterimage.Trail;

namespace Afterimage.Tests.Trail;

/// <summary>What a trail tells of whether somebody reads its tables.</summary>
public sealed class TrailHealthTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_table_of_which_one_shard_moves_is_read() => Judge(Row("a", minutesBehind: 1), Row("b", minutesBehind: 60)).Level.ShouldBe(HealthLevel.Healthy);

    [Fact]
    public void Pain_3_a_followed_table_that_nobody_reads_is_unhealthy()
    {
        var reason = Judge(Row("a", minutesBehind: 60)).Reasons.Single();

        (reason.Level, reason.Cause).ShouldBe((HealthLevel.Unhealthy, HealthCause.Abandoned));
        reason.What.ShouldBe("Orders: nothing was read through since 2026-11-21 19:00:00Z, 1h 0m ago: nobody reads it, or whoever does is as far behind.");
        reason.Hint.ShouldContain("afterimage run");
    }

    [Fact]
    public void Pain_2_a_table_whose_shards_are_all_finished_long_ago_is_missed_as_well() =>
        Judge(Row("a", minutesBehind: 60, isFinished: true)).Reasons.Single().What.ShouldEndWith("its stream is off, or nobody reads it.");

    [Fact]
    public void A_followed_table_of_which_nothing_was_ever_read_is_unhealthy() => Judge().Level.ShouldBe(HealthLevel.Unhealthy);

    [Fact]
    public void A_table_that_was_let_go_is_not_missed() =>
        TrailHealth.Of([Table(followed: false)], [Row("a", minutesBehind: 60 * 30)], new HashSet<string>(), Now, new HealthLimits()).Level.ShouldBe(HealthLevel.Healthy);

    [Fact]
    public void What_waits_for_its_first_read_is_as_late_as_its_parent_was_read_through()
    {
        var child = Row("child", minutesBehind: null, parent: "a");

        Judge(Row("a", 60 * 21, isFinished: true), child, Row("other", 1)).Reasons.Single().What
            .ShouldBe("Orders: shard child was read through 2026-11-20 23:00:00Z; what came next may be trimmed in 3h 0m.");
    }

    [Fact]
    public void A_worker_that_is_far_behind_and_catches_up_is_somebody_who_reads()
    {
        TrailShard[] before = [Row("a", minutesBehind: 600)], after = [Row("a", minutesBehind: 599)];

        Judge(TrailHealth.Moved(before, after), after).Level.ShouldBe(HealthLevel.Healthy);
        Judge(TrailHealth.Moved(after, after), after).Level.ShouldBe(HealthLevel.Unhealthy);
    }

    [Fact]
    public void A_lease_alone_is_no_reading()
    {
        var row = Row("a", minutesBehind: 600);
        var leased = row with { Progress = row.Progress with { Epoch = 7 } };

        TrailHealth.Moved([row], [leased]).ShouldBeEmpty();
        TrailHealth.Moved([row], [row, Row("b", minutesBehind: null)]).ShouldBeEmpty();
    }

    private static Health Judge(params TrailShard[] rows) => Judge(new HashSet<string>(), rows);

    private static Health Judge(IReadOnlySet<string> moved, params TrailShard[] rows) => TrailHealth.Of([Table(followed: true)], rows, moved, Now, new HealthLimits());

    private static TrailTable Table(bool followed) => new("Orders", new KeyAttribute("id", AttributeKind.S), null, null, followed);

    private static TrailShard Row(string id, int? minutesBehind, bool isFinished = false, string? parent = null)
    {
        var progress = new ShardProgress(new ShardId(id), parent is null ? null : new ShardId(parent), null, 0, isFinished)
        {
            ReadThrough = minutesBehind is { } minutes ? Now.AddMinutes(-minutes) : null,
        };
        return new TrailShard(new StreamArn("arn:aws:dynamodb:us-west-2:123456789012:table/Orders/stream/2026-11-21T20:00:00.000"), progress, TreeState.Empty, 0, null);
    }
}
