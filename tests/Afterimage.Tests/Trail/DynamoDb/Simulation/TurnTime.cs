namespace Afterimage.Tests.Trail.DynamoDb.Simulation;

/// <summary>A clock that stands still: whoever waits goes on when it is their turn.</summary>
internal sealed class TurnTime(TurnLoop loop) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => TrailRig.Start;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new TurnTimer();
        loop.Wait(() => timer.Fire(callback, state));
        return timer;
    }

    private sealed class TurnTimer : ITimer
    {
        private bool isOver;

        public void Fire(TimerCallback callback, object? state)
        {
            if (!isOver)
            {
                callback(state);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => isOver = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
