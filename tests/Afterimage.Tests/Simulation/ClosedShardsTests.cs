using Afterimage.Streams.Reading;
using Afterimage.Streams.Shards;

namespace Afterimage.Tests.Simulation;

/// <summary>A table that is hardly written to has thousands of shards that closed empty, one after the other.</summary>
public sealed class ClosedShardsTests : IProgress<WorkerNotice>
{
    private const int Closed = 5_000;

    private readonly SimLoop loop = new(new Random(1));
    private readonly SimWorld world;
    private readonly SimTable table;

    public ClosedShardsTests()
    {
        world = new SimWorld(loop, new SimWeather(), trace: null);
        table = new SimTable("Quiet", loop, new Random(2));
        world.Tables.Add(table);
        table.Enable(shards: 4);
        for (var roll = 0; roll < Closed; roll++)
        {
            table.Roll(TimeSpan.Zero);
        }

        table.Write();
    }

    [Fact]
    public void Five_thousand_closed_and_empty_shards_are_read_within_half_a_minute_and_never_again()
    {
        var began = loop.Now;
        Drain().ShouldBe(Closed + table.Streams[0].Open.Count());

        (loop.Now - began).ShouldBeLessThan(TimeSpan.FromSeconds(30));
        world.Trail.Rows.Count(one => one.Row.Finished).ShouldBe(Closed);
        world.Trail.Entries.Count.ShouldBe(1);

        Drain().ShouldBe(table.Streams[0].Open.Count());
    }

    void IProgress<WorkerNotice>.Report(WorkerNotice value) => Assert.Fail($"{value}");

    // How many shards were opened to read everything there is.
    private int Drain()
    {
        var process = new SimProcess(loop, "worker");
        var options = new WorkerOptions { DrainAfter = TimeSpan.FromSeconds(2) };
        var api = new SimApi(world, process, new Random(3));
        var journal = new SimJournal(world, process, new Random(4));
        var worker = new StreamsWorker(journal, options, this, process.Clock, new Random(5), journal);
        var source = new FixedStreams(new FollowedStream(table.Streams[0].Arn, null, StartFrom.TrimHorizon, new StreamsAccess(api, process.Clock)));
        Task? run = null;
        process.Post(_ => run = worker.RunAsync(source, CancellationToken.None, CancellationToken.None), null);
        loop.Run(() => run?.IsCompleted == true, stepsMax: 1_000_000);
        run!.IsCompletedSuccessfully.ShouldBeTrue();
        return api.Opened;
    }
}
