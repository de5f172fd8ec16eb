using System.Text;

namespace Afterimage.Entries;

/// <summary>
/// The one text of attribute values that is hashed: DynamoDB JSON as RFC 8785 would write it. No spaces; names and the elements of sets
/// sorted by their UTF-16 code units; numbers and base64 as delivered; no Unicode normalisation. Hashes are over its UTF-8 bytes.
/// </summary>
/// <remarks>
/// System.Text.Json cannot write it: its encoders, the relaxed one too, escape DEL, U+2028, private-use characters and all beyond the
/// basic plane, where this text escapes nothing but controls, the quote and the backslash.
/// </remarks>
public static class CanonicalText
{
    /// <summary>The text of attributes by name.</summary>
    /// <exception cref="InvalidOperationException">A value is redacted: only what DynamoDB delivered is hashed.</exception>
    public static string Of(AttributeMap attributes)
    {
        var text = new StringBuilder();
        Append(text, attributes);
        return text.ToString();
    }

    /// <summary>The text of one value.</summary>
    /// <exception cref="InvalidOperationException">A value is redacted: only what DynamoDB delivered is hashed.</exception>
    public static string Of(AttributeValue value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    /// <summary>The text of a string, with its quotes.</summary>
    /// <exception cref="FormatException">A surrogate stands alone.</exception>
    public static string Of(string value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, AttributeMap attributes)
    {
        // The map keeps its names in the order of their UTF-16 code units.
        text.Append('{');
        var first = true;
        foreach (var (name, value) in attributes)
        {
            text.Append(first ? string.Empty : ",");
            first = false;
            Append(text, name);
            text.Append(':');
            Append(text, value);
        }

        text.Append('}');
    }

    private static void Append(StringBuilder text, AttributeValue value)
    {
        text.Append("{\"").Append(value.Kind).Append("\":");
        switch (value.Kind)
        {
            case AttributeKind.S or AttributeKind.N or AttributeKind.B:
                Append(text, value.Text);
                break;
            case AttributeKind.BOOL:
                text.Append(value.Text);
                break;
            case AttributeKind.NULL:
                text.Append("true");
                break;
            case AttributeKind.SS or AttributeKind.NS or AttributeKind.BS:
                AppendArray(text, value.Elements, Append);
                break;
            case AttributeKind.L:
                AppendArray(text, value.Items, Append);
                break;
            case AttributeKind.M:
                Append(text, value.Members);
                break;
            default:
                throw new InvalidOperationException($"A value of kind {value.Kind} has no canonical text: only what DynamoDB delivered is hashed.");
        }

        text.Append('}');
    }

    private static void AppendArray<T>(StringBuilder text, IEnumerable<T> elements, Action<StringBuilder, T> append)
    {
        text.Append('[');
        var first = true;
        foreach (var element in elements)
        {
            text.Append(first ? string.Empty : ",");
            first = false;
            append(text, element);
        }

        text.Append(']');
    }

    private static void Append(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in UnicodeText.Checked(value))
        {
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append("\\u00").Append(((int)character).ToString("x2", null)),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }
}
