namespace Afterimage.Streams.Reading;

/// <summary>A bucket of so many calls a second, shared by everybody who makes them.</summary>
/// <param name="perSecond">How many calls a second it takes in.</param>
/// <param name="saved">How much time's worth of calls may be saved up, and made at once.</param>
/// <param name="time">The time.</param>
internal sealed class RateLimit(int perSecond, TimeSpan saved, TimeProvider time)
{
    private readonly TimeSpan apart = TimeSpan.FromSeconds(1.0 / perSecond);
    private readonly long began = time.GetTimestamp();
    private readonly Lock gate = new();
    private TimeSpan free = -saved;

    /// <summary>How long to wait before the call; the call is counted.</summary>
    public TimeSpan Take()
    {
        lock (gate)
        {
            var now = time.GetElapsedTime(began);
            var from = free > now - saved ? free : now - saved;
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
