using Afterimage.Streams.Reading;

namespace Afterimage.Streams.Watching;

/// <summary>From when on something is wrong.</summary>
public sealed record HealthLimits
{
    // A quiet shard is known to be read through up to its third-last read, and a fourth may be under way.
    private const int ReadsOfQuiet = 4;

    /// <summary>An alarm where something unread will be trimmed within this; the default is 12 hours.</summary>
    public TimeSpan AlarmBefore { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Unhealthy where something unread will be trimmed within this; the default is 4 hours.</summary>
    public TimeSpan UnhealthyBefore { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Unhealthy where nothing was read for this long; the default is 10 minutes.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The defaults, with as much more silence as so slow a reader takes.</summary>
    public static HealthLimits For(PacingOptions pacing)
    {
        ArgumentNullException.ThrowIfNull(pacing);
        var limits = new HealthLimits();
        return limits with { Silence = limits.Silence + (ReadsOfQuiet * pacing.IdlePoll) };
    }
}
