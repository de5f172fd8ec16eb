using System.Globalization;
using System.Text;
using Afterimage.Entries;

namespace Afterimage.App.Output;

/// <summary>Values as people read them: on one line, cut where they are long, and harmless to a terminal.</summary>
internal static class Text
{
    private const int ElementsMax = 8;

    /// <summary>A value of DynamoDB; strings are quoted so that <c>"1"</c> and <c>1</c> differ.</summary>
    public static string Of(AttributeValue? value, int lengthMax = 60) => value is null ? "(absent)" : Cut(Whole(value, lengthMax), lengthMax);

    /// <summary>Text that somebody else wrote, with everything escaped that would steer a terminal.</summary>
    public static string Safe(string text)
    {
        if (text.All(IsHarmless))
        {
            return text;
        }

        var safe = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\n' => safe.Append("\\n"),
                '\r' => safe.Append("\\r"),
                '\t' => safe.Append("\\t"),
                _ when IsHarmless(c) => safe.Append(c),
                _ => safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            };
        }

        return safe.ToString();
    }

    /// <summary>A key as people write it.</summary>
    public static string OfKey(AttributeMap? keys) => keys is null ? "(unreadable)" : Safe(Query.KeyText.Format(keys));

    /// <summary>Cuts a text without halving a surrogate pair.</summary>
    public static string Cut(string text, int lengthMax)
    {
        if (text.Length <= lengthMax)
        {
            return text;
        }

        var end = Math.Max(0, lengthMax - 1);
        return string.Concat(text.AsSpan(0, end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }

    private static string Whole(AttributeValue value, int lengthMax) => value.Kind switch
    {
        AttributeKind.S => $"\"{Safe(Cut(value.Text, lengthMax))}\"",
        AttributeKind.N => value.Text,
        AttributeKind.BOOL => value.Text,
        AttributeKind.NULL => "null",
        AttributeKind.B => $"bytes {Cut(value.Text, lengthMax)}",
        AttributeKind.SS => List("{", value.Elements.Select(element => $"\"{Safe(Cut(element, lengthMax))}\""), "}"),
        AttributeKind.NS or AttributeKind.BS => List(value.Kind == AttributeKind.BS ? "bytes {" : "{", value.Elements.Select(element => Cut(element, lengthMax)), "}"),
        AttributeKind.L => List("[", value.Items.Select(item => Of(item, lengthMax)), "]"),
        AttributeKind.M => List("{", value.Members.Select(member => $"{Safe(Cut(member.Key, lengthMax))}: {Of(member.Value, lengthMax)}"), "}"),
        _ => "(redacted)",
    };

    private static string List(string open, IEnumerable<string> elements, string close)
    {
        var shown = elements.Take(ElementsMax + 1).ToList();
        return open + string.Join(", ", shown.Take(ElementsMax)) + (shown.Count > ElementsMax ? ", …" : string.Empty) + close;
    }

    // Control characters move the cursor, format characters turn the direction of the text around.
    private static bool IsHarmless(char c) => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
