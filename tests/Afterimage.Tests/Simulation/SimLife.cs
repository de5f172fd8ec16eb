using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;

namespace Afterimage.Tests.Simulation;

/// <summary>A worker's life: processes that start, meet their fate and are started again.</summary>
internal sealed class SimLife(SimWorld world, SimPlan plan, string name, Random random, IProgress<WorkerNotice> notices)
{
    private SimProcess? process;
    private bool isEnded;
    private bool isSpared;
    private int starts;

    /// <summary>The newest process.</summary>
    public SimProcess? Process => process;

    /// <summary>Whether the newest process has ended by itself.</summary>
    public bool IsOver { get; private set; }

    public void Begin()
    {
        var (stop, abandon) = Start(plan.Options);
        process!.Ended = BeginAgain;
        if (!isSpared)
        {
            MeetFate(process!, stop, abandon);
        }
    }

    /// <summary>Starts a process that nothing happens to.</summary>
    public void BeginForGood(bool drains) => Start(plan.Options with { DrainAfter = drains ? TimeSpan.FromSeconds(2) : null });

    /// <summary>From now on nothing happens to the worker any more, and it is there.</summary>
    public void BeSpared()
    {
        isSpared = true;
        if (process is { IsDead: false })
        {
            process.BeSpared();
        }
        else
        {
            isEnded = true;
            Start(plan.Options);
        }
    }

    public void End()
    {
        isEnded = true;
        process?.Die();
    }

    private void MeetFate(SimProcess mine, CancellationTokenSource stop, CancellationTokenSource abandon)
    {
        var life = plan.Span * random.NextDouble();
        world.Loop.After(plan.Span * random.NextDouble(), () => mine.ClockError = ClockError());
        switch (random.Next(6))
        {
            case 0:
                mine.DieAfter(random.Next(1, 400));
                break;
            case 1:
                mine.DieAfter(random.Next(1, 20_000));
                break;
            case 2:
                world.Loop.After(life, Unless(stop.Cancel));
                break;
            case 3:
                world.Loop.After(life, Unless(() =>
                {
                    stop.Cancel();
                    abandon.Cancel();
                }));
                break;
            case 4:
                world.Loop.After(life, Unless(() => mine.PauseFor(Away())));
                break;
            default:
                world.Loop.After(life, Unless(mine.Die));
                break;
        }
    }

    // Clocks are set while processes run; how much time has passed is another matter.
    private TimeSpan ClockError() => TimeSpan.FromSeconds(random.Next(-120, 120));

    private Action Unless(Action fate) => () =>
    {
        if (!isSpared)
        {
            fate();
        }
    };

    private (CancellationTokenSource Stop, CancellationTokenSource Abandon) Start(WorkerOptions options)
    {
        process = new SimProcess(world.Loop, $"{name}.{++starts}") { ClockError = ClockError(), LeaseDuration = options.LeaseDuration };
        var (stop, abandon) = (new CancellationTokenSource(), new CancellationTokenSource());
        var seed = random.Next();
        IsOver = false;
        world.Tell($"{process.Name} starts");
        process.Post(_ => _ = RunAsync(process, options, seed, stop.Token, abandon.Token), null);
        return (stop, abandon);
    }

    private async Task RunAsync(SimProcess mine, WorkerOptions options, int seed, CancellationToken stop, CancellationToken abandon)
    {
        try
        {
            var draws = new Random(seed);
            var journal = new SimJournal(world, mine, draws);
            var worker = new StreamsWorker(journal, options, notices, mine.Clock, draws, journal);
            await worker.RunAsync(Source(mine, draws), stop, abandon);
            world.Tell($"{mine.Name} has ended");
        }
        catch (SimStoreException)
        {
            world.Tell($"{mine.Name} ended, since its store failed");
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            world.Tell($"{mine.Name} gave up");
        }
        catch (Exception e) when (e is AccessDeniedException or UsageException)
        {
            world.Tell($"{mine.Name} ended: {e.Message}");
        }
        catch (Exception e) when (IsUnexpected(e))
        {
            throw;
        }

        IsOver = true;
        mine.Die();
    }

    private TableSource Source(SimProcess mine, Random draws)
    {
        var region = new AccountRegion("us-east-1", null, new SimTables(world, mine, draws), new StreamsAccess(new SimApi(world, mine, draws), mine.Clock));
        return new TableSource([new TableOptions("T*", TableRules.None)], _ => region, new SimLedger(world, mine, draws), notices, mine.Clock);
    }

    private bool IsUnexpected(Exception e)
    {
        world.Failure ??= e;
        return true;
    }

    // Where a process has ended, another is started a while later.
    private void BeginAgain()
    {
        world.Tell($"{process!.Name} is dead");
        if (!isEnded)
        {
            world.Loop.After(isSpared ? TimeSpan.Zero : Away(), () =>
            {
                if (!isEnded)
                {
                    Begin();
                }
            });
        }
    }

    private TimeSpan Away() => plan.IsLong && random.Next(3) == 0 ? TimeSpan.FromHours(random.Next(1, 50)) : TimeSpan.FromSeconds(random.Next(0, 90));
}
