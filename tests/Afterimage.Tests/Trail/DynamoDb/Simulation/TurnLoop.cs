using Afterimage.Tests.Support;

namespace Afterimage.Tests.Trail.DynamoDb.Simulation;

/// <summary>
/// The one thread of a history: everybody stands before their next request, or before the end of a wait, until it is their turn. Whose turn it is, what becomes of their
/// request, and when copies of it come later is the seed's alone, so that a history can be had again.
/// </summary>
/// <param name="random">Decides.</param>
/// <param name="weather">What goes wrong.</param>
/// <param name="table">The table.</param>
internal sealed class TurnLoop(Random random, TurnWeather weather, FakeTable table)
{
    private const int StepsMax = 200_000;

    private readonly AsyncLocal<TurnActor?> current = new();
    private readonly List<(TurnActor Actor, Action Go)> standing = [];
    private readonly List<Action> late = [];
    private readonly List<Task> works = [];

    /// <summary>Whether nothing goes wrong for the time being; whoever sleeps goes on sleeping.</summary>
    public bool IsCalm { get; set; }

    /// <summary>Whether anybody sleeps.</summary>
    public bool IsAnybodyAsleep => standing.Any(one => one.Actor.IsAsleep);

    /// <summary>Lets somebody work, each request of theirs when its turn comes.</summary>
    public void Begin(string name, Func<Task> work) => works.Add(RunAsync(new TurnActor(name), work));

    /// <summary>Gives turns until everybody is done or asleep.</summary>
    public void Run()
    {
        for (var step = 0; standing.Any(one => !one.Actor.IsAsleep); step++)
        {
            step.ShouldBeLessThan(StepsMax, "the history has no end");
            Step();
        }

        foreach (var work in works.Where(work => work.IsFaulted))
        {
            work.GetAwaiter().GetResult();
        }
    }

    /// <summary>Whoever sleeps wakes up.</summary>
    public void WakeAll() => standing.ForEach(one => one.Actor.IsAsleep = false);

    /// <summary>Every copy that is still on its way comes now.</summary>
    public void Arrive()
    {
        while (late.Count > 0)
        {
            ArriveOne();
        }
    }

    /// <summary>Stands before a request until it is its turn.</summary>
    public Task<Fate> RequestAsync(TableRequest request)
    {
        if (current.Value is not { } actor)
        {
            return Task.FromResult(Fate.Done);
        }

        var turn = new TaskCompletionSource<Fate>();
        standing.Add((actor, () => turn.SetResult(Draw(request))));
        return turn.Task;
    }

    /// <summary>Stands until a wait is over.</summary>
    public void Wait(Action go) => standing.Add((current.Value!, go));

    private void Step()
    {
        if (late.Count > 0 && random.NextDouble() < weather.Arrivals)
        {
            ArriveOne();
        }

        if (table.IndexesLag && random.NextDouble() < weather.CatchUps)
        {
            table.CatchUp(_ => random.Next(2) == 0);
        }

        var awake = standing.Where(one => !one.Actor.IsAsleep).ToList();
        var (actor, go) = awake[random.Next(awake.Count)];
        if (!IsCalm && random.NextDouble() < weather.Sleeps)
        {
            // It wakes up when it pleases, or when everything else is over.
            actor.IsAsleep = true;
            return;
        }

        if (!IsCalm && random.NextDouble() < weather.Wakes && standing.FirstOrDefault(one => one.Actor.IsAsleep).Actor is { } sleeper)
        {
            sleeper.IsAsleep = false;
        }

        standing.Remove((actor, go));
        go();
    }

    private Fate Draw(TableRequest request)
    {
        if (IsCalm)
        {
            return Fate.Done;
        }

        var draw = random.NextDouble();
        var fate = draw < weather.NotDone ? Fate.NotDone
            : draw < weather.NotDone + weather.Unanswered ? Fate.Unanswered
            : draw < weather.NotDone + weather.Unanswered + weather.Repeated ? Fate.Repeated
            : Fate.Done;
        if (request.Operation is not ("GetItem" or "BatchGetItem" or "Query" or "Scan") && random.NextDouble() < (fate == Fate.Done ? weather.Copies : weather.CopiesOfFailed))
        {
            late.Add(request.Again);
        }

        return fate;
    }

    private void ArriveOne()
    {
        var at = random.Next(late.Count);
        var copy = late[at];
        late.RemoveAt(at);
        try
        {
            copy();
        }
        catch (AfterimageException)
        {
            // What was refused is refused again.
        }
    }

    private async Task RunAsync(TurnActor actor, Func<Task> work)
    {
        current.Value = actor;
        await work();
    }
}

/// <summary>Somebody who works.</summary>
/// <param name="Name">What they are called.</param>
internal sealed record TurnActor(string Name)
{
    /// <summary>Whether the machine has no time for them.</summary>
    public bool IsAsleep { get; set; }
}

/// <summary>How often of a request something goes wrong.</summary>
internal sealed record TurnWeather
{
    public double NotDone { get; init; }

    public double Unanswered { get; init; }

    public double Repeated { get; init; }

    /// <summary>How often a copy of a request that was done is still on its way.</summary>
    public double Copies { get; init; }

    /// <summary>How often a copy of a request is still on its way whose sender has given up.</summary>
    public double CopiesOfFailed { get; init; }

    /// <summary>How often a copy arrives.</summary>
    public double Arrivals { get; init; }

    public double Sleeps { get; init; }

    public double Wakes { get; init; }

    public double CatchUps { get; init; }

    public static TurnWeather Draw(Random random) => new()
    {
        NotDone = Often(random, 0.03),
        Unanswered = Often(random, 0.03),
        Repeated = Often(random, 0.1),
        Copies = Often(random, 0.2),
        CopiesOfFailed = Often(random, 1),
        Arrivals = Often(random, 0.2),
        Sleeps = Often(random, 0.02),
        Wakes = Often(random, 0.02),
        CatchUps = 0.05 * random.NextDouble(),
    };

    // In half of the histories a trouble is not there at all: what goes wrong alone is seen best.
    private static double Often(Random random, double most) => random.Next(2) == 0 ? 0 : most * random.NextDouble();
}
