namespace Afterimage.Streams.Shards;

/// <summary>How long DynamoDB keeps what it streams.</summary>
internal static class Retention
{
    // Clocks differ, and moments are noted some seconds late.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Guaranteed = TimeSpan.FromHours(24);

    /// <summary>Whether something that was written after a moment can have been trimmed since.</summary>
    public static bool MayHaveTrimmed(DateTimeOffset since, DateTimeOffset now) => now - since >= Guaranteed - Margin;
}
