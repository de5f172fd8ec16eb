using Afterimage.Streams.Reading;

namespace Afterimage.Tests.Simulation;

/// <summary>One seed's history, from the first write to the last check.</summary>
internal sealed class SimHistory : IProgress<WorkerNotice>
{
    private const long StepsMax = 3_000_000;

    private static readonly TimeSpan TimeToCatchUp = TimeSpan.FromMinutes(15);

    private readonly Random random;
    private readonly SimPlan plan;
    private readonly SimWorld world;
    private readonly List<SimLife> lives = [];

    private SimHistory(int seed, Action<string>? trace)
    {
        random = new Random(seed);
        plan = SimPlan.Draw(random);
        world = new SimWorld(new SimLoop(new Random(random.Next())), plan.Weather, trace) { StoreFailures = plan.StoreFailures };
    }

    /// <summary>Runs a history and checks it.</summary>
    /// <exception cref="SimFailure">Something happened in it that must not.</exception>
    public static void Run(int seed, Action<string>? trace = null)
    {
        var history = new SimHistory(seed, trace);
        history.world.Tell($"{history.plan}");
        history.Unfold();
        history.CatchUp();
        SimChecks.All(history.world);
    }

    public void Report(WorkerNotice value) => world.Tell($"{value}");

    private void Unfold()
    {
        foreach (var number in Enumerable.Range(1, plan.Tables))
        {
            var table = new SimTable($"T{number}", world.Loop, random);
            world.Tables.Add(table);
            table.Enable(plan.Shards);
        }

        Scatter(plan.Writes, () => Pick().Write());
        Scatter(plan.Rolls, () => Pick().Roll(world.Weather.UntruthMax));
        Scatter(plan.Storms, () => Storm(TimeSpan.FromSeconds(random.Next(1, 60))));
        foreach (var number in Enumerable.Range(1, plan.Workers))
        {
            var life = new SimLife(world, plan, $"worker {number}", random, this);
            lives.Add(life);
            life.Begin();
        }

        var end = world.Loop.Now + plan.Span;
        RunUntil(() => world.Loop.Now >= end);
    }

    /// <summary>The end of every history: all goes well, and one process more has to read what can be read.</summary>
    private void CatchUp()
    {
        lives.ForEach(life => life.End());
        world.Weather = world.Weather.Calmed();
        world.StoreFailures = 0;
        var last = new SimLife(world, plan with { Options = new WorkerOptions() }, "the last worker", random, this);
        last.BeginForGood(plan.EndsByDraining);
        var latest = world.Loop.Now + TimeToCatchUp;
        RunUntil(() => last.IsOver || world.Loop.Now >= latest);
        SimFailure.Unless(last.IsOver || !plan.EndsByDraining, $"The last worker has not read everything after {TimeToCatchUp}.");
    }

    private void RunUntil(Func<bool> isOver)
    {
        // Something must happen at the end of a span, or nobody would see that it is over.
        world.Loop.Run(() => isOver() || world.Failure is not null, StepsMax);
        if (world.Failure is { } failure)
        {
            throw new SimFailure($"The worker ended with {failure}");
        }
    }

    private void Scatter(int times, Action action)
    {
        for (var time = 0; time < times; time++)
        {
            world.Loop.After(plan.Span * random.NextDouble(), action);
        }

        world.Loop.After(plan.Span, () => { });
        world.Loop.After(plan.Span + TimeToCatchUp, () => { });
    }

    private SimTable Pick() => world.Tables[random.Next(world.Tables.Count)];

    private void Storm(TimeSpan length)
    {
        var fair = world.Weather;
        world.Weather = fair with { IsStorm = true };
        world.Loop.After(length, () => world.Weather = world.Weather with { IsStorm = false });
    }
}
