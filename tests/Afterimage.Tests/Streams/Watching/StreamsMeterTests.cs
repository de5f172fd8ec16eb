using System.Diagnostics.Metrics;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Watching;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Streams.Watching;

/// <summary>What a worker shows of itself to whoever listens.</summary>
public sealed class StreamsMeterTests : IDisposable
{
    private readonly Meter meter = new(StreamsWorker.MeterName);
    private readonly Measurements measured;
    private readonly LeapingTime time = new();

    public StreamsMeterTests() => measured = new Measurements(meter);

    [Fact]
    public async Task Pain_17_lag_and_time_to_trim_are_there_for_the_table_and_for_each_open_shard()
    {
        using var stop = new CancellationTokenSource();
        var rig = new WorkerRig { Meter = meter };
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["1", "2"]);
        IReadOnlyDictionary<string, double>? lag = null, left = null;
        var reads = 0;
        stream.Before = call =>
        {
            if (call == "GetRecords" && ++reads == 20)
            {
                (lag, left) = (measured.Collect("afterimage."), measured.Collect("afterimage.shard.time_to_trim"));
                stop.Cancel();
            }
        };

        await rig.FollowAsync(stream, stop.Token);

        lag!["afterimage.stream.lag{Orders}"].ShouldBeInRange(0, 60);
        lag["afterimage.shard.lag{Orders,a}"].ShouldBe(lag["afterimage.stream.lag{Orders}"]);
        lag["afterimage.stream.read.age{Orders}"].ShouldBeInRange(0, 60);
        lag["afterimage.stream.records{Orders}"].ShouldBe(2);
        lag["afterimage.stream.reads{Orders,Records}"].ShouldBe(1);
        lag["afterimage.stream.shards{Orders,reading}"].ShouldBe(1);
        left!["afterimage.shard.time_to_trim{Orders,a}"].ShouldBeInRange(86_300, 86_400);
    }

    [Fact]
    public async Task A_worker_that_has_ended_shows_no_shards_any_more()
    {
        var rig = new WorkerRig { Meter = meter };
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["1"]);

        await rig.DrainAsync(stream);

        measured.Collect("afterimage.stream.lag").ShouldBeEmpty();
        measured.Collect("afterimage.stream.records")["afterimage.stream.records{Orders}"].ShouldBe(1);
    }

    [Fact]
    public void Thousands_of_closed_shards_make_no_series_of_their_own()
    {
        var lookout = Lookout();
        Hold(lookout, 5_000, isOpen: false);
        Hold(lookout, 3, isOpen: true);

        measured.Collect("afterimage.shard.lag").Count.ShouldBe(3);
        measured.Collect("afterimage.stream.lag").Count.ShouldBe(1);
    }

    [Fact]
    public void A_table_of_hundreds_of_open_shards_is_one_series()
    {
        var lookout = Lookout();
        Hold(lookout, StreamsMeter.ShardSeriesMax + 1, isOpen: true);

        measured.Collect("afterimage.shard.lag").ShouldBeEmpty();
        measured.Collect("afterimage.stream.time_to_trim")["afterimage.stream.time_to_trim{Orders}"].ShouldBe(86_400 - 3_600 - StreamsMeter.ShardSeriesMax, tolerance: 1);
    }

    [Fact]
    public async Task Pain_3_a_worker_whose_reads_all_fail_says_so_once_and_is_unhealthy_until_they_work()
    {
        using var stop = new CancellationTokenSource();
        var rig = new WorkerRig { Meter = meter };
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["1"]);
        stream.AddShard("b", sequences: ["2"]);
        var reads = 0;
        stream.Before = call =>
        {
            if (call == "GetRecords" && ++reads <= 200)
            {
                throw new EndpointUnreachableException(new Uri("http://localhost:1"), "refused");
            }
        };
        rig.OnNotice = notice =>
        {
            if (notice is WorkerNotice.Eased)
            {
                stop.Cancel();
            }
        };

        await rig.FollowAsync(stream, stop.Token);

        var reason = rig.Notices.OfType<WorkerNotice.Alarmed>().Single().Reason;
        (reason.Level, reason.Cause).ShouldBe((HealthLevel.Unhealthy, HealthCause.NotRead));
        reason.What.ShouldContain("though the worker runs");
        rig.Notices.OfType<WorkerNotice.Eased>().Count().ShouldBe(1);
        rig.Journal.Kept.Order().ShouldBe(["1", "2"]);
        measured.Collect("afterimage.stream.failures").Single().ShouldBe(new("afterimage.stream.failures{Orders: reading its changes,EndpointUnreachable}", 200));
    }

    [Fact]
    public async Task Pain_3_a_worker_that_cannot_list_a_stream_is_unhealthy_though_nothing_of_it_is_held()
    {
        using var stop = new CancellationTokenSource();
        var rig = new WorkerRig { OnNotice = notice => Stop(notice, stop) };
        var stream = new FakeStream { Before = _ => throw new ThrottledException("ThrottlingException", "slow down", 400, null) };

        await rig.FollowAsync(stream, stop.Token);

        rig.Notices.OfType<WorkerNotice.Alarmed>().Single().Reason.What.ShouldStartWith("Orders: its shards could not be listed for 1");
    }

    [Fact]
    public void A_worker_that_does_not_run_is_unhealthy() =>
        new Lookout(time).Health(new HealthLimits()).Reasons.Single().Cause.ShouldBe(HealthCause.NotRunning);

    public void Dispose()
    {
        measured.Dispose();
        meter.Dispose();
    }

    private static void Stop(WorkerNotice notice, CancellationTokenSource stop)
    {
        if (notice is WorkerNotice.Alarmed)
        {
            stop.Cancel();
        }
    }

    private Lookout Lookout()
    {
        var lookout = new Lookout(time);
        _ = new StreamsMeter(meter, lookout);
        return lookout;
    }

    // Each is a second further behind than the one before it.
    private void Hold(Lookout lookout, int count, bool isOpen)
    {
        for (var at = 0; at < count; at++)
        {
            lookout.Hold(FakeStream.Arn, new ShardId($"{(isOpen ? "open" : "closed")}-{at}"), isOpen, time.GetUtcNow().AddSeconds(-3_600 - at));
        }
    }
}
