using Afterimage.Streams.Records;

namespace Afterimage.Streams.Shards;

/// <summary>Why changes are missing.</summary>
public enum GapCause
{
    /// <summary>They were older than 24 hours before they were read, and DynamoDB had trimmed them.</summary>
    Trimmed,

    /// <summary>Their shard is not listed any more.</summary>
    ShardGone,

    /// <summary>Their stream does not exist any more.</summary>
    StreamGone,

    /// <summary>The table's stream was switched off and on again, or the table was made anew: what was written between is in no stream.</summary>
    ReEnabled,
}

/// <summary>How sure it is that something is missing.</summary>
public enum GapCertainty
{
    /// <summary>Nobody can know.</summary>
    Possible,

    /// <summary>A sequence number is known to be missing.</summary>
    Certain,
}

/// <summary>A stretch of a shard that cannot be read any more.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Last">The last sequence number kept before it; null where nothing was.</param>
/// <param name="Next">The next one seen; null where none was, and the gap then reaches into the shards that follow, up to what is kept of them.</param>
/// <param name="Cause">Why.</param>
/// <param name="Certainty">How sure that is.</param>
/// <param name="FoundAt">When it was found: what is missing was written before.</param>
public sealed record ShardGap(
    StreamArn Stream, ShardId Shard, SequenceNumber? Last, SequenceNumber? Next, GapCause Cause, GapCertainty Certainty, DateTimeOffset FoundAt);
