using Afterimage.Streams.Reading;

namespace Afterimage.Tests.Simulation;

/// <summary>One seed's history, from the first write to the last check.</summary>
internal sealed class SimHistory : IProgress<WorkerNotice>
{
    private const long StepsMax = 3_000_000;

    private static readonly TimeSpan TimeToCatchUp = TimeSpan.FromMinutes(3);

    // The end of a stream is believed late, and the next is looked for once a minute.
    private static readonly TimeSpan TimeToReadStream = TimeSpan.FromMinutes(2);

    // Over days processes look seldom.
    private static readonly TimeSpan TimeToWakeUp = TimeSpan.FromHours(3);

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

        world.Trail.OnGap = gap => SimGapChecks.WhenKept(world, gap);
        Scatter(plan.Writes, () => Pick().Write());
        Scatter(plan.Rolls, () => Pick().Roll(world.Weather.UntruthMax));
        Scatter(plan.Trims, () => world.Tables.ForEach(table => table.Trim()));
        Scatter(plan.Storms, () => Storm(TimeSpan.FromSeconds(random.Next(1, 60))));
        plan.Comings.Scatter(world, plan, random, Scatter);
        world.Trail.OnBegin = beginning => SimBeginChecks.WhenKept(world, beginning);
        foreach (var number in Enumerable.Range(1, plan.Workers))
        {
            var life = new SimLife(world, plan, $"worker {number}", random, this);
            lives.Add(life);
            life.Begin();
        }

        Wait(plan.Span);
    }

    /// <summary>The end of every history: all goes well from now on, and what can be read has to be.</summary>
    private void CatchUp()
    {
        world.Weather = world.Weather.Calmed();
        world.StoreFailures = 0;
        plan.Comings.Settle(world, plan);
        var timeToCatchUp = TimeToCatchUp + (TimeToReadStream * plan.Comings.ChainMax);
        if (plan.Ending == SimEnding.AsItStands)
        {
            lives.ForEach(life => life.BeSpared());
            Wait(plan.IsLong ? TimeToWakeUp * (1 + plan.Comings.ChainMax) : timeToCatchUp);
            ShareOut();
            return;
        }

        lives.ForEach(life => life.End());
        var last = new SimLife(world, plan with { Options = new WorkerOptions() }, "the last worker", random, this);
        if (plan.Ending == SimEnding.Followed)
        {
            last.BeginForGood(drains: false);
            Wait(timeToCatchUp);
            return;
        }

        // A split of which one half is not listed yet looks complete: whoever is told to end when all is read cannot know better.
        Wait(plan.Weather.UntruthMax);
        last.BeginForGood(drains: true);
        var latest = world.Loop.Now + timeToCatchUp;
        RunUntil(() => last.IsOver || world.Loop.Now >= latest);
        SimFailure.Unless(last.IsOver, $"The last worker has not read everything after {timeToCatchUp}.");
    }

    // A worker steals one shard a round, so that it takes as many rounds as it lacks shards.
    private void ShareOut()
    {
        var open = world.Tables.Sum(table => table.Streams.Sum(stream => stream.Open.Count()));
        var latest = world.Loop.Now + (plan.Options.LeaseDuration * (2 + (open / 3.0)));
        var processes = lives.Select(life => life.Process!).ToList();
        var look = world.Loop.Now;
        RunUntil(() => world.Loop.Now >= look && (world.Trail.Leases.AreShared(processes) || (look = world.Loop.Now + TimeSpan.FromSeconds(5)) >= latest));
        SimFailure.Unless(world.Trail.Leases.AreShared(processes), "The workers have not come to fair shares.");
    }

    private void Wait(TimeSpan time)
    {
        // Something must happen at the end of the time, or nobody would see that it is over.
        var end = world.Loop.Now + time;
        world.Loop.After(time, () => { });
        RunUntil(() => world.Loop.Now >= end);
    }

    private void RunUntil(Func<bool> isOver)
    {
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
    }

    private SimTable Pick() => world.Tables[random.Next(world.Tables.Count)];

    private void Storm(TimeSpan length)
    {
        var fair = world.Weather;
        world.Weather = fair with { IsStorm = true };
        world.Loop.After(length, () => world.Weather = world.Weather with { IsStorm = false });
    }
}
