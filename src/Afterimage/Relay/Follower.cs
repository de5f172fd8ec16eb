using Afterimage.Trail;

namespace Afterimage.Relay;

/// <summary>Passes the entries of a trail on to one sink, in the order of each item, and never stands in anybody's way: it follows what is durable already.</summary>
/// <param name="trail">The trail.</param>
/// <param name="sink">Where entries go.</param>
/// <param name="options">What is configured for it.</param>
/// <param name="growth">Tells when there is more.</param>
/// <param name="holder">A name that is no other process's.</param>
/// <param name="surroundings">Clock, jitter, and who is told what stands in the way.</param>
internal sealed class Follower(ITrail trail, ISink sink, SinkOptions options, TrailGrowth growth, string holder, RelaySurroundings surroundings)
{
    private readonly string book = SinkNotes.BookOf(options.Name);
    private readonly TimeProvider time = surroundings.Time;
    private readonly TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the sink is called.</summary>
    public string Sink => options.Name;

    /// <summary>How far the sink is; null as long as another process serves it.</summary>
    public SinkState? State { get; private set; }

    /// <summary>Serves the sink until it is told to stop, or until everything is served after <see cref="Finish"/>.</summary>
    /// <param name="stop">Takes nothing new on; what is under way is finished.</param>
    /// <param name="abandon">Gives up what is under way.</param>
    /// <returns>Whether everything was served that the trail held.</returns>
    /// <exception cref="AfterimageException">The trail cannot be read or written.</exception>
    public async Task<bool> RunAsync(CancellationToken stop, CancellationToken abandon)
    {
        while (!stop.IsCancellationRequested)
        {
            var lease = new SinkLease(trail.Notes, book, holder, time);
            if (!await lease.TakeAsync(stop))
            {
                return false;
            }

            using var lost = CancellationTokenSource.CreateLinkedTokenSource(abandon);
            using var served = CancellationTokenSource.CreateLinkedTokenSource(lost.Token);
            var keeping = KeepAsync();
            try
            {
                var serving = await ServedSink.OpenAsync(trail, sink, options, surroundings, lost.Token);
                await using (serving)
                {
                    if (await ServeAsync(serving, stop, lost.Token) is { } isServed)
                    {
                        await served.CancelAsync();
                        await keeping;
                        await lease.ReleaseAsync(lost.Token);
                        return isServed;
                    }
                }
            }
            catch (OperationCanceledException) when (lost.IsCancellationRequested && !abandon.IsCancellationRequested)
            {
                // Another process serves the sink now, and this one waits until it no longer does; or the trail failed.
                await keeping;
            }
            finally
            {
                State = null;
                await served.CancelAsync();
                await keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            async Task KeepAsync()
            {
                try
                {
                    await lease.KeepAsync(served.Token);
                }
                finally
                {
                    if (!served.IsCancellationRequested)
                    {
                        await lost.CancelAsync();
                    }
                }
            }
        }

        return false;
    }

    /// <summary>Ends the run once everything is served that the trail holds, or once the target turns out to be down.</summary>
    public void Finish() => end.TrySetResult();

    // Null where another process has been at the notes, or an order was given meanwhile: then the sink is taken up anew.
    private async Task<bool?> ServeAsync(ServedSink serving, CancellationToken stop, CancellationToken ct)
    {
        while (true)
        {
            var (isEnd, look) = (end.Task.IsCompleted, growth.Seen);
            await serving.LookForOrdersAsync(ct);
            await serving.FillAsync(look.Rows, ct);
            var hasSent = await serving.SendAsync(isEnd, ct);
            var isOver = stop.IsCancellationRequested || (isEnd && (serving.IsServed || serving.IsDown));
            if (!await serving.NoteAsync(isOver || !hasSent, ct))
            {
                return null;
            }

            State = serving.State;

            if (isOver)
            {
                return serving.IsServed;
            }

            if (!hasSent)
            {
                await WaitAsync(serving.WakesAt(), look.Look, stop);
            }
        }
    }

    private async Task WaitAsync(DateTimeOffset until, long look, CancellationToken stop)
    {
        var left = until - time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            using var awake = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(end.Task.IsCompleted ? growth.SinceAsync(look) : Task.WhenAny(end.Task, growth.SinceAsync(look)), Task.Delay(left, time, awake.Token));
            await awake.CancelAsync();
        }
    }
}
