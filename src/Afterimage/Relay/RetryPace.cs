namespace Afterimage.Relay;

/// <summary>How long to wait before something is tried again: twice as long each time, with jitter.</summary>
/// <param name="First">The longest first wait.</param>
/// <param name="Most">The longest wait of all.</param>
internal sealed record RetryPace(TimeSpan First, TimeSpan Most)
{
    /// <summary>Of entries that a target refuses, and of targets that are down.</summary>
    public static RetryPace Default { get; } = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));

    /// <summary>The wait after so many failures.</summary>
    /// <param name="failures">At least 1.</param>
    /// <param name="random">Draws between half of it and all.</param>
    public TimeSpan After(int failures, Random random)
    {
        var bound = First * Math.Pow(2, Math.Min(failures, 20) - 1);
        return (bound < Most ? bound : Most) * (0.5 + (random.NextDouble() / 2));
    }
}
