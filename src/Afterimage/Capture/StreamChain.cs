using Afterimage.Streams.Records;

namespace Afterimage.Capture;

/// <summary>The streams of one table that are still to be read, in the order of their making: each is begun once the one before is over.</summary>
internal static class StreamChain
{
    /// <summary>The newest stream of which the trail knows; null where it knows none.</summary>
    /// <param name="known">The streams of which something is kept, the oldest first.</param>
    /// <param name="noted">The stream in the table's row.</param>
    public static StreamArn? Newest(IReadOnlyList<KnownStream> known, StreamArn? noted) =>
        known.Select(one => (StreamArn?)one.Stream).Append(noted).Where(one => one is not null).MaxBy(one => one!.Value.Label, StringComparer.Ordinal);

    /// <summary>The chain.</summary>
    /// <param name="known">The streams of which something is kept, the oldest first.</param>
    /// <param name="noted">The stream in the table's row, of which nothing may be kept yet.</param>
    /// <param name="listed">The table's streams that are still there; those older than what the trail knows were never asked for.</param>
    /// <param name="latest">The stream that the table names; null where there is no table, or none with a stream.</param>
    public static IReadOnlyList<Link> Of(IReadOnlyList<KnownStream> known, StreamArn? noted, IReadOnlyList<StreamArn> listed, StreamArn? latest)
    {
        var newest = Newest(known, noted);
        var streams = known.Where(one => !one.IsFinished).Select(one => one.Stream).ToHashSet();
        streams.UnionWith(listed.Where(one => newest is { } after && string.CompareOrdinal(one.Label, after.Label) > 0));
        foreach (var one in new[] { known.Count > 0 ? known[^1].Stream : null, noted, latest }.OfType<StreamArn>())
        {
            streams.Add(one);
        }

        var order = streams.OrderBy(one => one.Label, StringComparer.Ordinal).ToList();
        return [.. order.Select((one, at) => new Link(one, at == 0 ? null : order[at - 1]))];
    }

    /// <summary>A stream, and the one before it that is to be read first.</summary>
    internal sealed record Link(StreamArn Stream, StreamArn? Previous);
}
