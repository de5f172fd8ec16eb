namespace Afterimage.Streams.Reading;

/// <summary>How a worker reads.</summary>
public sealed record WorkerOptions
{
    /// <summary>How often shards are read.</summary>
    public PacingOptions Pacing { get; init; } = PacingOptions.Default;

    /// <summary>Ends the run once every shard is finished or was quiet for this long, and a full listing shows no other; null runs on.</summary>
    public TimeSpan? DrainAfter { get; init; }

    /// <summary>How many shards are read at the same moment; the default is 16.</summary>
    public int ReadsMax { get; init; } = 16;

    /// <summary>How often a stream's shards are listed again where nothing called for it; the default is one minute.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromMinutes(1);
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
