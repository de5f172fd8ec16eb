using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Capture;

/// <summary>Whether a stream that the service denies is gone for good. A wrong region and a test server that was started anew deny it too.</summary>
internal static class GoneStream
{
    /// <summary>Decides.</summary>
    /// <param name="stream">The stream that was denied.</param>
    /// <param name="table">What the same endpoint says of its table; null where there is none.</param>
    /// <param name="region">Where it was asked.</param>
    /// <param name="seen">The streams that tables there name as their own.</param>
    /// <param name="known">What the trail knows of the denied stream and of all others.</param>
    /// <param name="now">The present.</param>
    public static bool IsCredible(
        StreamArn stream, TableDescription? table, AccountRegion region, IReadOnlyCollection<StreamArn> seen, KnownTables known, DateTimeOffset now)
    {
        var isNamed = table?.LatestStream == stream;
        if (isNamed && table!.StreamEnabled)
        {
            return false;
        }

        if (known.Streams.FirstOrDefault(one => one.Stream == stream) is not { } mine)
        {
            // Nothing of it was ever kept, so that nothing is lost by passing it over.
            return !isNamed;
        }

        // The endpoint that once showed this stream is known again by another stream which the trail has read, and which is as old.
        var isSameEndpoint = known.Streams.Any(one => one.Stream != stream && seen.Contains(one.Stream) && WasThere(one.Stream, mine.LastSign));

        // Otherwise time alone tells: AWS keeps a stream for a day after it was switched off, so that one seen later cannot be gone. A table
        // may name it for longer.
        return (isSameEndpoint && !isNamed) || (region.Holds(stream) && mine.LastSign is { } since && Retention.MayHaveTrimmed(since, now));
    }

    private static bool WasThere(StreamArn stream, DateTimeOffset? moment) => stream.MadeAt < moment;
}
