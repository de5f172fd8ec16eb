namespace Afterimage.Streams.Shards;

/// <summary>How long DynamoDB keeps what it streams.</summary>
internal static class Retention
{
    /// <summary>How long a stream holds a record (Developer Guide, "Data retention limit for DynamoDB Streams").</summary>
    public static readonly TimeSpan Guaranteed = TimeSpan.FromHours(24);

    // Clocks differ, and moments are noted some seconds late.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(15);

    /// <summary>Whether something that was written after a moment can have been trimmed since.</summary>
    public static bool MayHaveTrimmed(DateTimeOffset since, DateTimeOffset now) => now - since >= Guaranteed - Margin;

    /// <summary>The oldest moment of which everything is still kept.</summary>
    public static DateTimeOffset Horizon(DateTimeOffset now) => now - Guaranteed;

    /// <summary>Whether so long has passed since that the horizon has moved on by more than clocks may differ.</summary>
    public static bool IsLate(DateTimeOffset since, DateTimeOffset now) => now - since > Margin;
}
