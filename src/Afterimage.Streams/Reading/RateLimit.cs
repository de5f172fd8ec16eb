namespace Afterimage.Streams.Reading;

/// <summary>A bucket of so many calls a second, shared by everybody who makes them.</summary>
internal sealed class RateLimit(int perSecond, TimeProvider time)
{
    private readonly TimeSpan apart = TimeSpan.FromSeconds(1.0 / perSecond);
    private readonly long began = time.GetTimestamp();
    private readonly Lock gate = new();
    private TimeSpan free = TimeSpan.FromSeconds(-1);

    /// <summary>How long to wait before the call; the call is counted.</summary>
    public TimeSpan Take()
    {
        lock (gate)
        {
            var now = time.GetElapsedTime(began);
            // A second's worth may be saved up, and no more.
            var from = free > now - TimeSpan.FromSeconds(1) ? free : now - TimeSpan.FromSeconds(1);
            free = from + apart;
            return free > now ? free - now : TimeSpan.Zero;
        }
    }

    /// <summary>Waits for the turn of a call.</summary>
    public async Task TakeAsync(CancellationToken ct)
    {
        if (Take() is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, ct);
        }
    }
}
