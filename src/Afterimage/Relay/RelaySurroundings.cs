using Afterimage.Entries;

namespace Afterimage.Relay;

/// <summary>What a follower has of the world around it.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Random">The jitter of waits; not used by anyone else.</param>
/// <param name="News">Is told what stands in the way, and when it no longer does.</param>
internal sealed record RelaySurroundings(TimeProvider Time, Random Random, IProgress<SinkNews> News)
{
    /// <summary>How long to wait before something is tried again.</summary>
    public RetryPace Pace { get; init; } = RetryPace.Default;
}

/// <summary>Something about a sink that somebody should know.</summary>
/// <param name="Sink">Its address.</param>
/// <param name="What">What happened, as a sentence.</param>
/// <param name="Hint">What to do about it; null where nothing is to be done.</param>
public sealed record SinkNews(string Sink, string What, string? Hint)
{
    /// <summary>The entry that it is about; null where it is about the sink as such.</summary>
    public EntryId? Entry { get; init; }
}
