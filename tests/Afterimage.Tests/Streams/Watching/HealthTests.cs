using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Watching;

namespace Afterimage.Tests.Streams.Watching;

/// <summary>What is wrong, and from when on.</summary>
public sealed class HealthTests : IProgress<WorkerNotice>
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    private readonly List<WorkerNotice> said = [];

    [Theory]
    [InlineData(0, HealthLevel.Healthy)]
    [InlineData(11.9, HealthLevel.Healthy)]
    [InlineData(12, HealthLevel.Alarm)]
    [InlineData(19.9, HealthLevel.Alarm)]
    [InlineData(20, HealthLevel.Unhealthy)]
    [InlineData(24, HealthLevel.Unhealthy)]
    public void What_will_be_trimmed_is_an_alarm_12_hours_before_and_unhealthy_4_hours_before(double hoursBehind, HealthLevel level) =>
        Judge(Shard("a", hoursBehind)).Level.ShouldBe(level);

    [Fact]
    public void A_reason_says_what_is_wrong_how_long_is_left_and_what_to_do()
    {
        var reason = Judge(Shard("a", 21)).Reasons.Single();

        reason.What.ShouldBe("Orders: shard a was read through 2026-11-20 23:00:00Z; what came next may be trimmed in 3h 0m.");
        reason.Hint.ShouldStartWith("See that a worker runs");
        Judge(Shard("a", 30)).Reasons.Single().What.ShouldEndWith("what came next may be trimmed already.");
    }

    [Fact]
    public void Pain_18_hundreds_of_shards_in_the_same_trouble_are_one_reason()
    {
        var reasons = Judge([.. Enumerable.Range(0, 684).Select(at => Shard($"shard-{at:000}", hoursBehind: 13 + (at / 1000.0)))]).Reasons;

        reasons.Single().What.ShouldStartWith("Orders: shard shard-683 (and 683 more) was read through ");
    }

    [Fact]
    public void Pain_3_a_shard_that_is_held_but_not_read_for_ten_minutes_is_unhealthy()
    {
        Judge(Shard("a", 0) with { Unread = TimeSpan.FromMinutes(9) }).Level.ShouldBe(HealthLevel.Healthy);

        var reason = Judge(Shard("a", 0) with { Unread = TimeSpan.FromMinutes(10) }).Reasons.Single();
        (reason.Level, reason.Cause).ShouldBe((HealthLevel.Unhealthy, HealthCause.NotRead));
        reason.What.ShouldBe("Orders: no read of shard a has succeeded for 10m 0s, though the worker runs.");
    }

    [Fact]
    public void A_slow_reader_is_given_the_time_it_takes() =>
        HealthLimits.For(new PacingOptions(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5))).Silence.ShouldBe(TimeSpan.FromMinutes(30));

    [Fact]
    public void Pain_17_the_time_to_trim_is_24_hours_less_the_age_of_what_may_be_unread()
    {
        var shard = Shard("a", hoursBehind: 23);

        (shard.Lag(Now), shard.TimeToTrim(Now)).ShouldBe((TimeSpan.FromHours(23), TimeSpan.FromHours(1)));
        Shard("a", hoursBehind: 30).TimeToTrim(Now).ShouldBe(TimeSpan.Zero);
        new WatchedShard("Orders", new ShardId("a"), null, null).TimeToTrim(Now).ShouldBeNull();
    }

    [Fact]
    public void Pain_18_what_lasts_is_said_once_and_once_more_where_it_gets_worse_and_once_that_it_is_over()
    {
        var watch = new HealthWatch(this);
        foreach (var hoursBehind in new[] { 11, 13, 14, 15, 21, 22, 19, 21, 0, 0 })
        {
            watch.Note(Judge(Shard("a", hoursBehind)));
        }

        said.Count.ShouldBe(3);
        said[0].ShouldBeOfType<WorkerNotice.Alarmed>().Reason.Level.ShouldBe(HealthLevel.Alarm);
        said[1].ShouldBeOfType<WorkerNotice.Alarmed>().Reason.Level.ShouldBe(HealthLevel.Unhealthy);
        said[2].ShouldBeOfType<WorkerNotice.Eased>();
    }

    void IProgress<WorkerNotice>.Report(WorkerNotice value) => said.Add(value);

    private static Health Judge(params WatchedShard[] shards) => Health.Of(shards, Now, new HealthLimits());

    private static WatchedShard Shard(string id, double hoursBehind) => new("Orders", new ShardId(id), Now.AddHours(-hoursBehind), Unread: null);
}
