using System.Globalization;
using Afterimage.Streams.Records;

namespace Afterimage.Entries;

/// <summary>
/// What stands in the place of a stream for a table that has none, and whose changes are committed together with what tells of them. Its label begins with the moment at
/// which that began, as a stream's does, so that an item's history goes on behind older streams and before younger ones.
/// </summary>
public static class TransactionStream
{
    private const string Ending = "-transactions";

    /// <summary>One that begins at a moment.</summary>
    public static StreamArn Of(string tableArn, DateTimeOffset since) =>
        new($"{tableArn}/stream/{since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture)}{Ending}");

    /// <summary>Whether it is one: DynamoDB's own labels are moments and nothing besides.</summary>
    public static bool Is(StreamArn stream) => stream.Label.EndsWith(Ending, StringComparison.Ordinal);

    /// <summary>The table's ARN.</summary>
    public static string TableOf(StreamArn stream) => stream.Value[..stream.Value.IndexOf("/stream/", StringComparison.Ordinal)];
}
