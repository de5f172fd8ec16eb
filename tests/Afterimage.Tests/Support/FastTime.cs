namespace Afterimage.Tests.Support;

/// <summary>A clock that runs faster than others, for tests of what waits for seconds.</summary>
/// <param name="factor">How many of its seconds pass in one.</param>
internal sealed class FastTime(int factor) : TimeProvider
{
    private readonly long began = System.GetTimestamp();
    private readonly DateTimeOffset start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => System.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => (System.GetTimestamp() - began) * factor;

    public override DateTimeOffset GetUtcNow() => start + GetElapsedTime(0);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, Scaled(dueTime), Scaled(period));

    private TimeSpan Scaled(TimeSpan span) => span == Timeout.InfiniteTimeSpan ? span : span / factor;
}
