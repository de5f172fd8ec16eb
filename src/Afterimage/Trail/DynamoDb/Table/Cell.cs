using System.Globalization;
using Afterimage.Entries;

namespace Afterimage.Trail.DynamoDb.Table;

/// <summary>Values as attributes of the trail's own items.</summary>
internal static class Cell
{
    public static AttributeValue Of(long integer) => AttributeValue.Number(integer.ToString(CultureInfo.InvariantCulture));

    public static AttributeValue? Of(string? text) => text is null ? null : AttributeValue.String(text);

    public static AttributeValue Of(ReadOnlySpan<byte> bytes) => AttributeValue.Binary(Convert.ToBase64String(bytes));

    public static AttributeValue Of(IEnumerable<string> texts) => AttributeValue.List([.. texts.Select(AttributeValue.String)]);

    /// <summary>A moment to the millisecond, as text that sorts as moments do.</summary>
    public static AttributeValue? Of(DateTimeOffset? moment) => moment is { } known ? AttributeValue.String(Text(known)) : null;

    /// <summary>The text of a moment.</summary>
    public static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The moment of a text.</summary>
    /// <exception cref="FormatException">It is no moment.</exception>
    public static DateTimeOffset? Moment(string? text) =>
        text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
