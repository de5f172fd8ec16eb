using Afterimage.Streams.Records;

namespace Afterimage.Streams.Shards;

/// <summary>From where a stream is read that was not read before.</summary>
public enum StartFrom
{
    /// <summary>From the oldest record there is, up to 24 hours back.</summary>
    TrimHorizon,

    /// <summary>From the moment at which it was listed first.</summary>
    Latest,
}

/// <summary>How the reading of a stream began. It is kept once, before anything that is read, so that every restart goes by it.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Previous">
/// The stream of the same table that was read to its end before; null where this is the table's first. What was written between the two
/// is in neither: the table was not streamed, or was another one under the same name.
/// </param>
/// <param name="At">When its shards were listed first.</param>
/// <param name="From">From where it is read.</param>
/// <param name="Listed">The shards that were there.</param>
/// <param name="Begins">Those of them without a parent that could still be read: what came before them is not missing, it was never asked for.</param>
public sealed record StreamBeginning(
    StreamArn Stream, StreamArn? Previous, DateTimeOffset At, StartFrom From, IReadOnlyList<ShardId> Listed, IReadOnlyList<ShardId> Begins);
