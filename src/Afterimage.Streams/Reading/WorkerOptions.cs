using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Reading;

/// <summary>How a worker reads.</summary>
public sealed record WorkerOptions
{
    /// <summary>How often shards are read.</summary>
    public PacingOptions Pacing { get; init; } = PacingOptions.Default;

    /// <summary>Ends the run once every shard is finished or was quiet for this long, and a full listing shows no other; null runs on.</summary>
    public TimeSpan? DrainAfter { get; init; }

    /// <summary>From where a stream is read that was not read before; the default is the oldest record there is.</summary>
    public StartFrom StartFrom { get; init; } = StartFrom.TrimHorizon;

    /// <summary>
    /// After which silence others take a worker's shards; the default is thirty seconds. It beats three times as often. Only for a worker that shares its
    /// shards with others, which must all be told the same.
    /// </summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many shards are read at the same moment; the default is 64.</summary>
    public int ReadsMax { get; init; } = 64;

    /// <summary>How often a stream's shards are listed again where nothing called for it; the default is one minute.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often it is noted up to when quiet shards were read; the default is five seconds.</summary>
    public TimeSpan NoteReadThroughEvery { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>What a worker has to say besides the records: exactly one of its kinds.</summary>
public abstract record WorkerNotice
{
    private WorkerNotice()
    {
    }

    /// <summary>Reads fail for now; the worker goes on trying. Said once, until <see cref="Recovered"/>.</summary>
    public sealed record Failing(string What, Exception Cause) : WorkerNotice;

    /// <summary>Reads succeed again.</summary>
    public sealed record Recovered(string What) : WorkerNotice;
}
