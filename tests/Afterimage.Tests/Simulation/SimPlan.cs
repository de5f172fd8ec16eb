using Afterimage.Streams.Reading;

namespace Afterimage.Tests.Simulation;

/// <summary>What a history is made of, drawn from its seed before it begins.</summary>
internal sealed record SimPlan
{
    /// <summary>Whether it goes over days, in which records are trimmed.</summary>
    public bool IsLong { get; init; }

    public required TimeSpan Span { get; init; }

    public required int Tables { get; init; }

    public required int Shards { get; init; }

    public required int Workers { get; init; }

    public required int Writes { get; init; }

    public required int Rolls { get; init; }

    /// <summary>How often the service forgets what it may forget.</summary>
    public required int Trims { get; init; }

    public required int Storms { get; init; }

    /// <summary>How often a table's stream is switched off and on, a table is deleted and made again, one is added, one may not be read.</summary>
    public required SimComings Comings { get; init; }

    public required double StoreFailures { get; init; }

    public required SimWeather Weather { get; init; }

    public required WorkerOptions Options { get; init; }

    /// <summary>Who has to read everything in the end.</summary>
    public required SimEnding Ending { get; init; }

    public static SimPlan Draw(Random random)
    {
        var isLong = random.Next(4) == 0;
        return new SimPlan
        {
            IsLong = isLong,
            Span = isLong ? TimeSpan.FromHours(random.Next(30, 120)) : TimeSpan.FromSeconds(random.Next(30, 600)),
            Tables = random.Next(1, 3),
            Shards = random.Next(1, 4),
            Workers = random.Next(1, 4),
            Writes = random.Next(10, 200),
            Rolls = random.Next(0, isLong ? 40 : 12),
            Trims = isLong ? random.Next(20, 120) : 0,
            Storms = random.Next(3) == 0 ? random.Next(1, 4) : 0,
            Comings = random.Next(3) == 0 ? SimComings.Draw(random) : SimComings.None,
            StoreFailures = random.Next(3) == 0 ? 0.01 : 0,
            Weather = SimWeather.Draw(random),
            Options = isLong ? Sparse : Dense(random),
            Ending = (SimEnding)random.Next(3),
        };
    }

    private static WorkerOptions Dense(Random random) => new()
    {
        Pacing = new PacingOptions(TimeSpan.FromSeconds(random.Next(1, 6)), TimeSpan.FromSeconds(random.Next(5, 20))),
        SweepEvery = TimeSpan.FromSeconds(random.Next(5, 60)),
        LookEvery = TimeSpan.FromSeconds(random.Next(5, 60)),
    };

    // Days of reads once a second would take longer to simulate than there is to learn from them.
    private static WorkerOptions Sparse { get; } = new()
    {
        Pacing = new PacingOptions(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30)),
        SweepEvery = TimeSpan.FromMinutes(40),
        LookEvery = TimeSpan.FromMinutes(40),
        NoteReadThroughEvery = TimeSpan.FromMinutes(20),
        LeaseDuration = TimeSpan.FromMinutes(30),
    };
}

/// <summary>Who reads what is left at the end of a history.</summary>
internal enum SimEnding
{
    /// <summary>A new process that ends by itself once it has read everything.</summary>
    Drained,

    /// <summary>A new process that is given some time.</summary>
    Followed,

    /// <summary>The processes that are there, with all they have been through: none may be stuck.</summary>
    AsItStands,
}
