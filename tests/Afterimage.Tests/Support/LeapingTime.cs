namespace Afterimage.Tests.Support;

/// <summary>A clock that leaps: whoever waits is woken at once, and the clock then shows the moment it waited for.</summary>
internal sealed class LeapingTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private DateTimeOffset now = start;

    public LeapingTime()
        : this(new DateTimeOffset(2026, 11, 21, 20, 0, 0, TimeSpan.Zero))
    {
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new LeapingTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void Leap(TimeSpan time)
    {
        lock (gate)
        {
            now += time;
        }
    }

    private sealed class LeapingTimer(LeapingTime time, TimerCallback callback, object? state) : ITimer
    {
        private long version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var armed = Interlocked.Increment(ref version);
            if (dueTime < TimeSpan.Zero)
            {
                return true;
            }

            // Off this thread, as a real timer is: whoever made it may still be setting itself up.
            _ = Task.Run(() =>
            {
                if (Interlocked.Read(ref version) == armed)
                {
                    time.Leap(dueTime);
                    callback(state);
                }
            });
            return true;
        }

        public void Dispose() => Interlocked.Increment(ref version);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
