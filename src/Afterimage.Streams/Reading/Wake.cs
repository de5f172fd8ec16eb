namespace Afterimage.Streams.Reading;

/// <summary>Wakes the worker's loop: at a moment, or when something that was under way has ended. One timer serves every shard.</summary>
internal sealed class Wake : IDisposable
{
    private readonly Lock gate = new();
    private readonly ITimer timer;
    private TaskCompletionSource? sleep;
    private bool isRung;

    public Wake(TimeProvider time) => timer = time.CreateTimer(static state => ((Wake)state!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Wakes the loop, or keeps it from falling asleep.</summary>
    public void Ring()
    {
        TaskCompletionSource? sleeper;
        lock (gate)
        {
            isRung = true;
            sleeper = sleep;
            sleep = null;
        }

        sleeper?.TrySetResult();
    }

    /// <summary>Sleeps until it is rung, or for so long.</summary>
    public async Task SleepAsync(TimeSpan atMost)
    {
        Task? rung = null;
        lock (gate)
        {
            if (!isRung)
            {
                sleep = new TaskCompletionSource();
                rung = sleep.Task;
            }
        }

        if (rung is not null)
        {
            // A timer counts whole milliseconds: rounded down, the loop would spin through the last one.
            timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, atMost.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
            await rung;
        }

        lock (gate)
        {
            isRung = false;
        }
    }

    public void Dispose() => timer.Dispose();
}
