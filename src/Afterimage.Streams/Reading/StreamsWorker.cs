using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;

namespace Afterimage.Streams.Reading;

/// <summary>Follows any number of streams: reads every shard in the order of its lineage and hands what it reads to a journal.</summary>
public sealed class StreamsWorker(
    IStreamsApi api, IShardJournal journal, WorkerOptions options, IProgress<WorkerNotice> notices, TimeProvider time, Random random)
{
    private static readonly TimeSpan NoteReadThroughEvery = TimeSpan.FromSeconds(5);

    private readonly List<Work> running = [];
    private readonly HashSet<string> failing = [];
    private IReadOnlyList<StreamFollower> followers = [];
    private DateTimeOffset noteDue = DateTimeOffset.MinValue;

    /// <summary>Reads until told to stop, or until drained where <see cref="WorkerOptions.DrainAfter"/> says so.</summary>
    /// <param name="streams">The streams to follow.</param>
    /// <param name="stop">Starts no further read; pages that have arrived are still kept.</param>
    /// <param name="abandon">Gives up what is in hand as well: it is read again by the next run.</param>
    /// <exception cref="LostChangesException">Changes were trimmed before they were read.</exception>
    /// <exception cref="AwsException">An error that waiting does not mend: a missing permission, a stream that is gone.</exception>
    public async Task RunAsync(IReadOnlyList<StreamArn> streams, CancellationToken stop, CancellationToken abandon)
    {
        followers = [.. streams.Select(stream => new StreamFollower(stream, api, journal, options, time, random))];
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            while (!stop.IsCancellationRequested && !IsDrained())
            {
                StartDue(halt.Token, abandon);
                await WaitAsync(stop);
                await SettleAsync(halt.Token);
                await NoteReadThroughAsync(abandon);
            }
        }
        finally
        {
            // Whatever ends the run, pages that have arrived are kept before it returns.
            Cancel(halt);
            await Task.WhenAll(running.Select(work => (Task)work.Settle))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        await SettleAsync(halt.Token);
        noteDue = DateTimeOffset.MinValue;
        await NoteReadThroughAsync(abandon);
    }

    private bool IsDrained() => options.DrainAfter is { } quietFor && followers.Count(follower => follower.IsDrained(quietFor)) == followers.Count;

    private void StartDue(CancellationToken stop, CancellationToken abandon)
    {
        var now = time.GetUtcNow();
        foreach (var follower in followers)
        {
            if (!follower.IsListing && follower.ListingDue <= now)
            {
                running.Add(follower.StartListing(stop));
            }

            running.AddRange(follower.StartFindingChildren(stop));
        }

        var due = followers.SelectMany(follower => follower.Idle.Select(shard => (follower, shard))).Where(work => work.shard.Due <= now);
        foreach (var (follower, shard) in due.OrderBy(work => work.shard.Due).Take(Math.Max(0, options.ReadsMax - running.Count)).ToList())
        {
            running.Add(follower.StartRead(shard, stop, abandon));
        }
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var next = followers.Select(follower => follower.IsListing ? DateTimeOffset.MaxValue : follower.ListingDue)
            .Concat(running.Count >= options.ReadsMax ? [] : followers.SelectMany(follower => follower.Idle).Select(shard => shard.Due))
            .Append(now + NoteReadThroughEvery)
            .Min();
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(stop);
        // A delay counts whole milliseconds only: rounded down, the loop would spin through the last one.
        var pause = next > now ? Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling((next - now).TotalMilliseconds)), time, wait.Token) : Task.CompletedTask;
        await Task.WhenAny(running.Select(work => (Task)work.Settle).Append(pause));
        Cancel(wait);
    }

    private async Task SettleAsync(CancellationToken halt)
    {
        foreach (var work in running.Where(work => work.Settle.IsCompleted).ToList())
        {
            running.Remove(work);
            work.Release();
            try
            {
                (await work.Settle)();
                if (failing.Remove(work.What))
                {
                    notices.Report(new WorkerNotice.Recovered(work.What));
                }
            }
            catch (Exception e) when (MayPass(e))
            {
                work.Postpone();
                if (failing.Add(work.What))
                {
                    notices.Report(new WorkerNotice.Failing(work.What, e));
                }
            }
            catch (OperationCanceledException) when (halt.IsCancellationRequested)
            {
                // A read that was given up has moved nothing.
            }
        }
    }

    private async Task NoteReadThroughAsync(CancellationToken ct)
    {
        if (time.GetUtcNow() < noteDue)
        {
            return;
        }

        noteDue = time.GetUtcNow() + NoteReadThroughEvery;
        foreach (var follower in followers)
        {
            await journal.NoteReadThroughAsync(follower.Stream, follower.ReadThrough, ct);
        }
    }

    // Not CancelAsync, which leaves the caller's context: under a simulator everything runs on one thread.
    private static void Cancel(CancellationTokenSource source) => source.Cancel();

    // Waiting mends an endpoint that is down, throttles, answers that are no answers, and credentials that could not be renewed.
    private static bool MayPass(Exception e) => e is AwsException error && RetryPlan.Classify(error) != AttemptFailure.Final;
}
