using Afterimage.Streams.Aws;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Records;

namespace Afterimage.Streams.Reading;

/// <summary>Follows any number of streams: reads every shard in the order of its lineage and hands what it reads to a journal.</summary>
/// <param name="api">The service.</param>
/// <param name="journal">Keeps what is read.</param>
/// <param name="options">How it reads.</param>
/// <param name="notices">Is told what there is to say besides the records.</param>
/// <param name="time">The time.</param>
/// <param name="random">Draws pauses and this worker's name: not seeded like another's that shares the shards.</param>
/// <param name="leases">Where workers that keep to one journal agree on who reads what; without, this one reads every shard.</param>
public sealed class StreamsWorker(
    IStreamsApi api, IShardJournal journal, WorkerOptions options, IProgress<WorkerNotice> notices, TimeProvider time, Random random, ILeaseStore? leases = null)
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
        shop.Leases = leases is null ? null : new LeaseRounds(leases, WorkerId.Draw(random), shop);
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
                ThrowIfAllAreRefused(shop.Leases?.Refusal);
            }
        }
        finally
        {
            // Whatever ends the run, pages that have arrived are kept before it returns.
            Cancel(halt);
            await shop.FinishAsync();
        }

        await SettleAsync(shop);
        await TryAsync("noting how far was read", () => NoteReadThroughAsync(() => { }, abandon));

        // Last: from here on others read what this worker has read.
        await TryAsync("giving shards up", () => shop.Leases?.LeaveAsync(abandon) ?? Task.CompletedTask);
    }

    // A last word: where it cannot be said, the next reader looks further back, and others wait until this worker is silent for long.
    private async Task TryAsync(string what, Func<Task> say)
    {
        try
        {
            await say();
        }
        catch (AwsException e)
        {
            notices.Report(new WorkerNotice.Failing(what, e));
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
    private void ThrowIfAllAreRefused(AwsException? leasesRefused)
    {
        var refusal = leasesRefused ?? (followers.All(follower => follower.Refusal is not null) ? followers.Select(follower => follower.Refusal).FirstOrDefault() : null);
        if (refusal is not null)
        {
            throw refusal;
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
