namespace Afterimage.Tests.Simulation;

/// <summary>
/// A process of the history. Every continuation of its code passes through here, so that it can be ended at any await: what was still
/// to come never runs. It can be paused too, and wakes up with the world moved on.
/// </summary>
internal sealed class SimProcess(SimLoop loop, string name) : SynchronizationContext
{
    private readonly Queue<Action> held = new();
    private long stepsToDeath = long.MaxValue;
    private bool isPaused;

    public string Name { get; } = name;

    /// <summary>What the process takes for the time.</summary>
    public TimeProvider Clock => field ??= new ProcessClock(this, loop);

    /// <summary>How far its wall clock is off.</summary>
    public TimeSpan ClockError { get; set; }

    /// <summary>How long others wait for its beats.</summary>
    public TimeSpan LeaseDuration { get; init; }

    /// <summary>Since when it runs without a pause.</summary>
    public DateTimeOffset AwakeSince { get; private set; } = loop.Now;

    public bool IsDead { get; private set; }

    /// <summary>Is told when the process has ended, however it did.</summary>
    public Action Ended { get; set; } = () => { };

    public override SynchronizationContext CreateCopy() => this;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!IsDead)
        {
            loop.Post(this, d, state);
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing here may block.");

    /// <summary>Ends the process at one of its next awaits.</summary>
    public void DieAfter(long steps) => stepsToDeath = steps;

    public void Die()
    {
        if (!IsDead)
        {
            IsDead = true;
            held.Clear();
            Ended();
        }
    }

    public void PauseFor(TimeSpan time)
    {
        isPaused = true;
        loop.After(time, Resume);
    }

    public void Resume()
    {
        isPaused = false;
        AwakeSince = loop.Now;
        while (!isPaused && held.TryDequeue(out var action))
        {
            Deliver(action);
        }
    }

    /// <summary>From now on nothing happens to the process any more.</summary>
    public void BeSpared()
    {
        stepsToDeath = long.MaxValue;
        Resume();
    }

    /// <summary>Something reaches the process: an answer, a timer, its own next step.</summary>
    public void Deliver(Action action)
    {
        if (IsDead)
        {
            return;
        }

        if (isPaused)
        {
            held.Enqueue(action);
            return;
        }

        action();
    }

    /// <summary>Takes a step of the process's own code; the one at which it dies is not taken any more.</summary>
    public void Step(SendOrPostCallback callback, object? state)
    {
        if (--stepsToDeath <= 0)
        {
            Die();
            return;
        }

        SetSynchronizationContext(this);
        callback(state);
    }

    private sealed class ProcessClock(SimProcess process, SimLoop loop) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => loop.Now + process.ClockError;

        public override long GetTimestamp() => loop.Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new SimTimer(process, loop, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }
    }

    private sealed class SimTimer(SimProcess process, SimLoop loop, TimerCallback callback, object? state) : ITimer
    {
        private long version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            SimFailure.Unless(period == Timeout.InfiniteTimeSpan, "A timer with a period is not simulated.");
            var armed = ++version;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                loop.After(dueTime, () => process.Deliver(() =>
                {
                    if (armed == version)
                    {
                        SetSynchronizationContext(null);
                        callback(state);
                    }
                }));
            }

            return true;
        }

        public void Dispose() => version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
