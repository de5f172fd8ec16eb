using Afterimage.Streams.Shards;

namespace Afterimage.Entries;

/// <summary>Says in a sentence what entries mean that no record stands behind.</summary>
public static class NoticeSentence
{
    /// <summary>The sentence, without a full stop; null for entries that are changes.</summary>
    public static string? Of(AuditEntry entry) => entry switch
    {
        { Gap: { } gap } => $"changes {(gap.IsCertain ? "are" : "may be")} missing: {Cause(gap)}{Bounds(gap)}",
        { Lifecycle.From: StartFrom.Latest } => "the trail of this table begins with what is written from now on",
        { Lifecycle: not null } => "the trail of this table begins with what its stream still held",
        _ => null,
    };

    private static string Cause(EntryGap gap) => gap.Cause switch
    {
        GapCause.Trimmed => "DynamoDB trims records after 24 hours, and these were not read by then",
        GapCause.ShardGone => "their shard was gone before it was read to its end",
        GapCause.StreamGone => "their stream was gone before it was read to its end",
        _ => "the table had no stream between this one and the one before",
    };

    private static string Bounds(EntryGap gap) => (gap.Last, gap.Next) switch
    {
        (null, null) => string.Empty,
        (null, { } next) => $" (before sequence number {next})",
        ({ } last, null) => $" (after sequence number {last})",
        ({ } last, { } next) => $" (between sequence numbers {last} and {next})",
    };
}
