using Afterimage.Streams.Aws;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Watching;

namespace Afterimage.Streams.Reading;

/// <summary>What the parts of one worker share: the source, the journal, the time, and the hands that do I/O beside its loop.</summary>
internal sealed class Workshop(IShardJournal journal, WorkerOptions options, TimeProvider time, Random random) : IDisposable
{
    private const int ReadsPerSecond = 5;

    private static readonly TimeSpan ReadsSaved = TimeSpan.FromSeconds(10);

    private readonly long began = time.GetTimestamp();
    private readonly System.Collections.Concurrent.ConcurrentQueue<Work> done = new();
    private readonly Dictionary<Work, Task> running = [];
    private readonly Queue<Func<Work?>> reads = new();
    private int readsRunning;

    public IShardJournal Journal { get; } = journal;

    public WorkerOptions Options { get; } = options;

    public Random Random { get; } = random;

    public Agenda Agenda { get; } = new();

    public Wake Wake { get; } = new(time);

    /// <summary>Whom to ask about streams.</summary>
    public required IStreamSource Source { get; init; }

    /// <summary>Where to say what the operator should know.</summary>
    public required IProgress<WorkerNotice> Notices { get; init; }

    /// <summary>Where to show what is under way.</summary>
    public required Lookout Lookout { get; init; }

    /// <summary>Where reads are counted; null where nobody counts.</summary>
    public StreamsMeter? Meter { get; init; }

    /// <summary>Who reads what; null where this worker reads everything.</summary>
    public LeaseRounds? Leases { get; set; }

    /// <summary>Starts no further read; what has arrived is still kept.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Gives up what is in hand as well.</summary>
    public CancellationToken Abandon { get; init; }

    /// <summary>The reads of one shard, which are taken to be limited as those of Kinesis are. A backlog may be read faster for a while.</summary>
    public RateLimit LimitOfShard() => new(ReadsPerSecond, ReadsSaved, time);

    /// <summary>The time since the start, which no setting of a clock moves.</summary>
    public TimeSpan Now => time.GetElapsedTime(began);

    /// <summary>What the clock says: only for what is kept beyond this process.</summary>
    public DateTimeOffset UtcNow => time.GetUtcNow();

    /// <summary>Starts something beside the loop.</summary>
    public void Start(Work work)
    {
        readsRunning += work.IsRead ? 1 : 0;
        running.Add(work, RunAsync(work));
    }

    /// <summary>Starts a read as soon as there are hands for it.</summary>
    public void StartRead(Func<Work?> read)
    {
        reads.Enqueue(read);
        StartReads();
    }

    /// <summary>What has ended since.</summary>
    public IEnumerable<(Work Work, Task<Action> Result)> TakeDone()
    {
        while (done.TryDequeue(out var work))
        {
            running.Remove(work);
            readsRunning -= work.IsRead ? 1 : 0;
            yield return (work, work.Result);
        }

        StartReads();
    }

    /// <summary>Waits for all that is under way, however it ends.</summary>
    public Task FinishAsync()
    {
        reads.Clear();
        return Task.WhenAll(running.Values);
    }

    public void Dispose() => Wake.Dispose();

    private void StartReads()
    {
        while (readsRunning < Options.ReadsMax && reads.TryDequeue(out var read))
        {
            if (read() is { } work)
            {
                Start(work);
            }
        }
    }

    private async Task RunAsync(Work work)
    {
        await ((Task)work.Result).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        done.Enqueue(work);
        Wake.Ring();
    }
}

/// <summary>Something under way: I/O whose result is an action, to be run on the worker's loop.</summary>
/// <param name="What">What it is, for people.</param>
/// <param name="Result">Gives the action.</param>
internal sealed record Work(string What, Task<Action> Result)
{
    /// <summary>Whether it reads a shard, of which only so many are read at a time.</summary>
    public bool IsRead { get; init; }

    /// <summary>Runs on the loop when the I/O is over, however it ended.</summary>
    public Action Release { get; init; } = () => { };

    /// <summary>Runs on the loop when it failed and is to be tried later.</summary>
    public required Action Postpone { get; init; }

    /// <summary>Runs on the loop when it failed and waiting does not mend it.</summary>
    public required Action<AwsException> Refuse { get; init; }
}
