namespace Afterimage.Entries;

/// <summary>Text that UTF-8 can hold: every surrogate has its other half.</summary>
internal static class UnicodeText
{
    /// <summary>The text itself, if it is Unicode.</summary>
    /// <exception cref="FormatException">
    /// A surrogate stands alone. UTF-8 cannot hold it: writers would put U+FFFD in its place, and two different texts would become one.
    /// </exception>
    public static string Checked(string text)
    {
        var at = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        for (; at >= 0 && at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at]))
            {
                continue;
            }

            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                throw new FormatException($"Not Unicode: a lone surrogate U+{(int)text[at]:X4} at position {at}.");
            }

            at++;
        }

        return text;
    }
}
