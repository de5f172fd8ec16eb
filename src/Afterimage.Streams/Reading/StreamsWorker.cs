using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;

namespace Afterimage.Streams.Reading;

/// <summary>Follows any number of streams: reads every shard in the order of its lineage and hands what it reads to a journal.</summary>
public sealed class StreamsWorker(
    IStreamsApi api, IShardJournal journal, WorkerOptions options, IProgress<WorkerNotice> notices, TimeProvider time, Random random)
{
    private static readonly TimeSpan SleepMax = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> failing = [];
    private IReadOnlyList<StreamFollower> followers = [];

    /// <summary>Reads until told to stop, or until drained where <see cref="WorkerOptions.DrainAfter"/> says so.</summary>
    /// <param name="streams">The streams to follow.</param>
    /// <param name="stop">Starts no further read; pages that have arrived are still kept.</param>
    /// <param name="abandon">Gives up what is in hand as well: it is read again by the next run.</param>
    /// <exception cref="AwsException">An error that waiting does not mend, such as a missing permission, for every stream.</exception>
    public async Task RunAsync(IReadOnlyList<StreamArn> streams, CancellationToken stop, CancellationToken abandon)
    {
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var shop = new Workshop(api, journal, options, time, random) { Stop = halt.Token, Abandon = abandon };
        using var waking = stop.UnsafeRegister(static state => ((Wake)state!).Ring(), shop.Wake);
        followers = [.. streams.Select(stream => new StreamFollower(new FollowedStream(stream, null, options.StartFrom), shop))];
        NoteReadThroughLater(shop);
        try
        {
            while (!stop.IsCancellationRequested && !IsDrained())
            {
                shop.Agenda.RunDue(shop.Now);
                await shop.Wake.SleepAsync(Shorter(shop.Agenda.Next - shop.Now ?? SleepMax, SleepMax));
                await SettleAsync(shop);
                ThrowIfAllAreRefused();
            }
        }
        finally
        {
            // Whatever ends the run, pages that have arrived are kept before it returns.
            Cancel(halt);
            await shop.FinishAsync();
        }

        await SettleAsync(shop);
        foreach (var follower in followers)
        {
            await journal.NoteReadThroughAsync(follower.Stream, follower.ReadThrough, abandon);
        }
    }

    private bool IsDrained() => options.DrainAfter is { } quietFor && followers.Count(follower => follower.IsDrained(quietFor)) == followers.Count;

    private async Task SettleAsync(Workshop shop)
    {
        foreach (var (work, result) in shop.TakeDone())
        {
            work.Release();
            try
            {
                (await result)();
                if (failing.Remove(work.What))
                {
                    notices.Report(new WorkerNotice.Recovered(work.What));
                }
            }
            catch (AwsException e)
            {
                // Waiting mends an endpoint that is down, throttles, answers that are no answers, and credentials that could not be renewed.
                var mayPass = RetryPlan.Classify(e) != AttemptFailure.Final;
                if (mayPass)
                {
                    work.Postpone();
                }
                else
                {
                    work.Refuse(e);
                }

                if (failing.Add(work.What))
                {
                    notices.Report(new WorkerNotice.Failing(work.What, e));
                }
            }
            catch (OperationCanceledException) when (shop.Stop.IsCancellationRequested)
            {
                // A read that was given up has moved nothing.
            }
        }
    }

    // Where others can be followed, one that is refused is said and tried again; where none can, the operator has to act.
    private void ThrowIfAllAreRefused()
    {
        if (followers.Count > 0 && followers.All(follower => follower.Refusal is not null))
        {
            throw followers[0].Refusal!;
        }
    }

    private void NoteReadThroughLater(Workshop shop)
    {
        Agenda.Appointment? again = null;
        again = shop.Agenda.Make(() => shop.Start(new Work("noting how far was read", NoteReadThroughAsync(() => again!.At(shop.Now + options.NoteReadThroughEvery), shop.Abandon))
        {
            Postpone = () => again!.At(shop.Now + options.NoteReadThroughEvery),
            Refuse = _ => again!.At(shop.Now + options.NoteReadThroughEvery),
        }));
        again.At(shop.Now + options.NoteReadThroughEvery);
    }

    private async Task<Action> NoteReadThroughAsync(Action then, CancellationToken abandon)
    {
        foreach (var (stream, readThrough) in followers.Select(follower => (follower.Stream, follower.ReadThrough)).Where(one => one.ReadThrough.Count > 0).ToList())
        {
            await journal.NoteReadThroughAsync(stream, readThrough, abandon);
        }

        return then;
    }

    // Not CancelAsync, which leaves the caller's context: under a simulator everything runs on one thread.
    private static void Cancel(CancellationTokenSource source) => source.Cancel();

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
