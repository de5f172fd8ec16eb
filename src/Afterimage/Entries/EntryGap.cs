using Afterimage.Streams.Shards;

namespace Afterimage.Entries;

/// <summary>What is missing between two places of a shard, or between two streams of a table.</summary>
/// <param name="Last">The last sequence number kept before it; null where nothing was.</param>
/// <param name="Next">The next one that was seen; null where none was, and the gap then reaches to what is kept of the shards that follow.</param>
/// <param name="Cause">Why.</param>
/// <param name="Certainty">How sure it is that something is missing.</param>
/// <param name="Previous">The table's stream before this one; null unless the gap lies between the two.</param>
public sealed record EntryGap(string? Last, string? Next, GapCause Cause, GapCertainty Certainty, string? Previous)
{
    /// <summary>Whether a sequence number is known to be missing.</summary>
    public bool IsCertain => Certainty == GapCertainty.Certain;
}

/// <summary>What became of a table's stream.</summary>
/// <param name="Event">What happened.</param>
/// <param name="From">From where the stream is read.</param>
public sealed record EntryLifecycle(LifecycleEvent Event, StartFrom From);

/// <summary>What can become of a table's stream.</summary>
public enum LifecycleEvent
{
    /// <summary>The trail begins to follow the table: what came before was never asked for.</summary>
    Begin,
}
