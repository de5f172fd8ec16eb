namespace Afterimage.Tests.Simulation;

/// <summary>How the service behaves in one history: each figure is how often of a call something goes wrong.</summary>
internal sealed record SimWeather
{
    public double Failures { get; init; }

    public double Slow { get; init; }

    public double EmptyPages { get; init; }

    public double Repeats { get; init; }

    public double Omissions { get; init; }

    public double FalseNotFounds { get; init; }

    public double Expiries { get; init; }

    public int RecordsPage { get; init; } = 1_000;

    public int ListingPage { get; init; } = 100;

    public bool KnowsShardFilter { get; init; } = true;

    /// <summary>How long the service may say what is no longer true: children not listed yet, parents listed as open.</summary>
    public TimeSpan UntruthMax { get; init; } = TimeSpan.Zero;

    /// <summary>Whether a closed shard of which everything was trimmed stays listed and denies its own horizon, as DynamoDB Local does.</summary>
    public bool DeniesTheHorizon { get; init; }

    /// <summary>Whether nobody is answered for the time being.</summary>
    public bool IsStorm { get; init; }

    /// <summary>The end of every history: all is well, so that everything that can be read is read.</summary>
    public SimWeather Calmed() => new() { KnowsShardFilter = KnowsShardFilter, ListingPage = ListingPage, DeniesTheHorizon = DeniesTheHorizon };

    public static SimWeather Draw(Random random) => new()
    {
        Failures = Often(random, 0.15),
        Slow = Often(random, 0.05),
        EmptyPages = Often(random, 0.5),
        Repeats = Often(random, 0.2),
        Omissions = Often(random, 0.2),
        FalseNotFounds = Often(random, 0.02),
        Expiries = Often(random, 0.05),
        RecordsPage = 1 << random.Next(8),
        ListingPage = 1 << random.Next(7),
        KnowsShardFilter = random.Next(3) > 0,
        DeniesTheHorizon = random.Next(3) == 0,
        UntruthMax = TimeSpan.FromSeconds(random.Next(21)),
    };

    // In half of the histories a trouble is not there at all: what goes wrong alone is seen best.
    private static double Often(Random random, double most) => random.Next(2) == 0 ? 0 : most * random.NextDouble();
}
