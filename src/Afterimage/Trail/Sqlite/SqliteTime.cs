namespace Afterimage.Trail.Sqlite;

/// <summary>Moments as columns hold them: milliseconds since 1970. Nothing that DynamoDB tells is finer than a second.</summary>
internal static class SqliteTime
{
    /// <summary>The millisecond a moment lies in.</summary>
    public static long Of(DateTimeOffset moment) => moment.ToUnixTimeMilliseconds();

    /// <summary>The first millisecond that is not before a moment: what a bound compares with.</summary>
    public static long Bound(DateTimeOffset moment) => Of(moment) + (moment.UtcTicks % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1);

    public static DateTimeOffset From(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
