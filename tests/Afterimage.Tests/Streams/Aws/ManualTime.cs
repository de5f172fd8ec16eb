using System.Globalization;
using Afterimage.Streams.Aws;

namespace Afterimage.Tests.Streams.Aws;

/// <summary>A clock that stands still, but jumps over every wait that is shorter than an attempt's deadline, and remembers it.</summary>
internal sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset now = now;

    public static ManualTime At(string moment) => new(DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture));

    public List<TimeSpan> Waits { get; } = [];

    /// <summary>Deadlines pass at once instead of never.</summary>
    public bool DeadlinesPass { get; init; }

    public override DateTimeOffset GetUtcNow() => now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer();
        var isDeadline = dueTime >= SignedJsonClient.AttemptTimeout;
        if (!isDeadline)
        {
            Waits.Add(dueTime);
            now += dueTime;
        }

        if (!isDeadline || DeadlinesPass)
        {
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }

        return timer;
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
