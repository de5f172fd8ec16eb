using System.Globalization;

namespace Afterimage.Query;

/// <summary>Moments as people write them: <c>2026-11-21</c>, <c>2026-11-21T20:11:12Z</c>, <c>2026-11-21 20:11</c>, or <c>2h</c> for two hours ago.</summary>
public static class TimeText
{
    /// <summary>Reads a moment; where it names no offset it is in the reader's time zone.</summary>
    /// <exception cref="UsageException">The text is no moment.</exception>
    public static DateTimeOffset Parse(string option, string text, TimeProvider time)
    {
        if (DurationText.Parse(text) is { } ago)
        {
            return time.GetUtcNow() - ago;
        }

        if (DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind | DateTimeStyles.AllowWhiteSpaces, out var moment))
        {
            return moment.Kind switch
            {
                DateTimeKind.Utc => new DateTimeOffset(moment, TimeSpan.Zero),
                DateTimeKind.Local => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture),
                _ => new DateTimeOffset(moment, time.LocalTimeZone.GetUtcOffset(moment)),
            };
        }

        throw new UsageException($"{option} is '{text}', which is no moment.", "Write 2026-11-21, 2026-11-21T20:11:12Z, or 2h for two hours ago.");
    }
}
