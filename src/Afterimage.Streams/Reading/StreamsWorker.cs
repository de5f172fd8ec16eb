using System.Diagnostics.Metrics;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Watching;

namespace Afterimage.Streams.Reading;

/// <summary>Follows any number of streams: reads every shard in the order of its lineage and hands what it reads to a journal.</summary>
/// <param name="journal">Keeps what is read.</param>
/// <param name="options">How it reads.</param>
/// <param name="notices">Is told what there is to say besides the records.</param>
/// <param name="time">The time.</param>
/// <param name="random">Draws pauses and this worker's name: not seeded like another's that shares the shards.</param>
/// <param name="leases">Where workers that keep to one journal agree on who reads what; without, this one reads every shard.</param>
/// <param name="meter">
/// Gets the worker's instruments, for as long as its owner keeps it; without, nothing is measured. Name it <see cref="MeterName"/>, and make one for each worker.
/// </param>
public sealed class StreamsWorker(
    IShardJournal journal, WorkerOptions options, IProgress<WorkerNotice> notices, TimeProvider time, Random random, ILeaseStore? leases = null, Meter? meter = null)
{
    /// <summary>The name under which a worker's instruments are expected.</summary>
    public const string MeterName = "Afterimage.Streams";

    private static readonly TimeSpan SleepMax = TimeSpan.FromMinutes(1);

    private readonly Lookout lookout = new(time);
    private readonly HashSet<string> failing = [];
    private StreamsMeter? measures;
    private AwsException? lookRefusal;

    /// <summary>Whether everything is read in time, as of now. It may be asked from any thread.</summary>
    public Health Health => lookout.Health(HealthLimits.For(options.Pacing));

    /// <summary>Reads until told to stop, or until drained where <see cref="WorkerOptions.DrainAfter"/> says so.</summary>
    /// <param name="source">Says which streams to follow.</param>
    /// <param name="stop">Starts no further read; pages that have arrived are still kept.</param>
    /// <param name="abandon">Gives up what is in hand as well: it is read again by the next run.</param>
    /// <exception cref="AwsException">An error that waiting does not mend, such as a missing permission, for every stream, before anything was read.</exception>
    public async Task RunAsync(IStreamSource source, CancellationToken stop, CancellationToken abandon)
    {
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        measures ??= meter is null ? null : new StreamsMeter(meter, lookout);
        var keeper = measures is null ? journal : new MeasuredJournal(journal, measures, time);
        using var shop = new Workshop(keeper, options, time, random)
        {
            Source = source,
            Notices = notices,
            Lookout = lookout,
            Meter = measures,
            Stop = halt.Token,
            Abandon = abandon,
        };
        shop.Leases = leases is null ? null : new LeaseRounds(leases, WorkerId.Draw(random), shop);
        using var waking = stop.UnsafeRegister(static state => ((Wake)state!).Ring(), shop.Wake);
        var roster = new Roster(shop);
        LookAgainAndAgain(shop, roster);
        NoteReadThroughLater(shop, roster);
        JudgeHealthLater(shop);
        lookout.Begin();
        try
        {
            while (!stop.IsCancellationRequested && !IsDrained(roster))
            {
                shop.Agenda.RunDue(shop.Now);
                await shop.Wake.SleepAsync(Shorter(shop.Agenda.Next - shop.Now ?? SleepMax, SleepMax));
                await SettleAsync(shop);
                roster.Advance();
                ThrowIfRefused(roster, shop.Leases?.Refusal);
            }
        }
        finally
        {
            // Whatever ends the run, pages that have arrived are kept before it returns.
            Cancel(halt);
            await shop.FinishAsync();
            lookout.End();
        }

        await SettleAsync(shop);
        await TryAsync("noting how far was read", () => NoteReadThroughAsync(roster, () => { }, abandon));

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

    private bool IsDrained(Roster roster) => options.DrainAfter is { } quietFor && roster.IsDrained(quietFor);

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
                measures?.Failed(work.What, e.Code);

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

    // Where others can be followed, one that is refused is said and tried again, and so is whatever was read before. Where nothing was ever
    // read and nothing can be, the operator has to act; and so where a run that is to read everything has read all but what is refused.
    private void ThrowIfRefused(Roster roster, AwsException? leasesRefused)
    {
        var isHopeless = roster.Followers.All(follower => follower.Refusal is not null && !follower.HasRead);
        var isAllTheRestRead = options.DrainAfter is { } quietFor && roster.Followers.All(follower => follower.Refusal is not null || follower.IsDrained(quietFor));
        if ((isHopeless || isAllTheRestRead) && roster.Followers.FirstOrDefault(follower => follower.Refusal is not null) is { } refused)
        {
            throw refused.Refusal!;
        }

        if (leasesRefused is not null)
        {
            throw leasesRefused;
        }

        if (!roster.IsTold && lookRefusal is not null)
        {
            throw lookRefusal;
        }
    }

    private void LookAgainAndAgain(Workshop shop, Roster roster)
    {
        var pacing = Pacing.Start;
        Agenda.Appointment? again = null;
        again = shop.Agenda.Make(() => shop.Start(new Work("looking up what to follow", LookAsync())
        {
            Release = () => again!.At(shop.Now + options.LookEvery),
            Postpone = () =>
            {
                (pacing, var pause) = pacing.AfterFailure(random);
                again!.NoLaterThan(shop.Now + pause);
            },
            Refuse = e => lookRefusal = e,
        }));
        again.At(shop.Now);

        async Task<Action> LookAsync()
        {
            var streams = await shop.Source.LookAsync(shop.Stop);
            return () =>
            {
                pacing = Pacing.Start;
                lookout.NoteLook();
                roster.Take(streams);
            };
        }
    }

    private void NoteReadThroughLater(Workshop shop, Roster roster)
    {
        Agenda.Appointment? again = null;
        again = shop.Agenda.Make(() => shop.Start(new Work("noting how far was read", NoteReadThroughAsync(roster, () => again!.At(shop.Now + options.NoteReadThroughEvery), shop.Abandon))
        {
            Postpone = () => again!.At(shop.Now + options.NoteReadThroughEvery),
            Refuse = _ => again!.At(shop.Now + options.NoteReadThroughEvery),
        }));
        again.At(shop.Now + options.NoteReadThroughEvery);
    }

    private void JudgeHealthLater(Workshop shop)
    {
        var watch = new HealthWatch(notices);
        Agenda.Appointment? again = null;
        again = shop.Agenda.Make(() =>
        {
            watch.Note(Health);
            again!.At(shop.Now + options.JudgeHealthEvery);
        });
        again.At(shop.Now + options.JudgeHealthEvery);
    }

    private async Task<Action> NoteReadThroughAsync(Roster roster, Action then, CancellationToken abandon)
    {
        foreach (var (stream, readThrough) in roster.Followers.Select(follower => (follower.Stream, follower.ReadThrough)).Where(one => one.ReadThrough.Count > 0).ToList())
        {
            await journal.NoteReadThroughAsync(stream, readThrough, abandon);
        }

        return then;
    }

    // Not CancelAsync, which leaves the caller's context: under a simulator everything runs on one thread.
    private static void Cancel(CancellationTokenSource source) => source.Cancel();

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
