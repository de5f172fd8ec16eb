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

    public required int Storms { get; init; }

    public required double StoreFailures { get; init; }

    public required SimWeather Weather { get; init; }

    public required WorkerOptions Options { get; init; }

    /// <summary>Whether the last process of all is told to end once it has read everything, or is stopped after a while.</summary>
    public required bool EndsByDraining { get; init; }

    public static SimPlan Draw(Random random)
    {
        var isLong = false;
        return new SimPlan
        {
            IsLong = isLong,
            Span = isLong ? TimeSpan.FromHours(random.Next(30, 120)) : TimeSpan.FromSeconds(random.Next(60, 900)),
            Tables = random.Next(1, 3),
            Shards = random.Next(1, 4),
            Workers = random.Next(1, 3),
            Writes = random.Next(10, 200),
            Rolls = random.Next(0, 12),
            Storms = random.Next(3) == 0 ? random.Next(1, 4) : 0,
            StoreFailures = random.Next(3) == 0 ? 0.01 : 0,
            Weather = SimWeather.Draw(random),
            Options = isLong ? Sparse : new WorkerOptions { SweepEvery = TimeSpan.FromSeconds(random.Next(5, 60)) },
            EndsByDraining = random.Next(2) == 0,
        };
    }

    // Days of reads once a second would take longer to simulate than there is to learn from them.
    private static WorkerOptions Sparse { get; } = new()
    {
        Pacing = new PacingOptions(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)),
        SweepEvery = TimeSpan.FromMinutes(20),
    };
}
