using Afterimage.Streams.Watching;

namespace Afterimage.Streams.Reading;

/// <summary>How a worker reads.</summary>
public sealed record WorkerOptions
{
    /// <summary>How often shards are read.</summary>
    public PacingOptions Pacing { get; init; } = PacingOptions.Default;

    /// <summary>Ends the run once every shard is finished or was quiet for this long, and a full listing shows no other; null runs on.</summary>
    public TimeSpan? DrainAfter { get; init; }

    /// <summary>
    /// After which silence others take a worker's shards; the default is thirty seconds. It beats three times as often. Only for a worker that shares its
    /// shards with others, which must all be told the same.
    /// </summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many shards are read at the same moment; the default is 64.</summary>
    public int ReadsMax { get; init; } = 64;

    /// <summary>How often a stream's shards are listed again where nothing called for it; the default is one minute.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often the source is asked which streams are to be followed; the default is one minute.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often it is noted up to when quiet shards were read; the default is five seconds.</summary>
    public TimeSpan NoteReadThroughEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often it is judged whether everything is read in time; the default is one minute.</summary>
    public TimeSpan JudgeHealthEvery { get; init; } = TimeSpan.FromMinutes(1);
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

    /// <summary>Something that the operator should know, though nothing failed: a stream that is gone, a table that came or went.</summary>
    public sealed record Noted(string What) : WorkerNotice;

    /// <summary>Something is not read in time. Said once, and once more where it gets worse, until <see cref="Eased"/>.</summary>
    public sealed record Alarmed(HealthReason Reason) : WorkerNotice;

    /// <summary>It is over.</summary>
    public sealed record Eased(HealthReason Reason) : WorkerNotice;
}
