namespace Afterimage.Proof;

/// <summary>
/// The order of names by UTF-16 code units, told from their canonical texts in UTF-8. It is not the order of the bytes: an escape stands for a
/// smaller character than its backslash, and what lies beyond the basic plane comes before U+E000.
/// </summary>
internal static class NameOrder
{
    /// <summary>Compares two names, each the canonical text of a JSON string with its quotes.</summary>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var same = left.CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        // Two escapes may begin alike; they are compared as the characters they stand for.
        var from = StartOfEscape(left[..same]);
        return from == same ? Weight(left[same..]).CompareTo(Weight(right[same..])) : Escaped(left[from..]).CompareTo(Escaped(right[from..]));
    }

    /// <summary>Where the escape begins that the text breaks off in; its end, if it breaks off in none.</summary>
    private static int StartOfEscape(ReadOnlySpan<byte> text)
    {
        for (var at = text.IndexOf((byte)'\\'); at >= 0;)
        {
            var length = at + 1 < text.Length && text[at + 1] == 'u' ? 6 : 2;
            if (at + length > text.Length)
            {
                return at;
            }

            var next = text[(at + length)..].IndexOf((byte)'\\');
            at = next < 0 ? -1 : at + length + next;
        }

        return text.Length;
    }

    /// <summary>What orders a text by its first byte, or by the character that begins with it.</summary>
    private static int Weight(ReadOnlySpan<byte> text) => text[0] switch
    {
        (byte)'"' => -1,
        (byte)'\\' => Escaped(text),
        // The lead of U+E000 to U+FFFF goes behind that of a surrogate pair (F0 to F4).
        0xEE or 0xEF => text[0] + 0x10,
        _ => text[0],
    };

    private static int Escaped(ReadOnlySpan<byte> text) => text[1] switch
    {
        (byte)'b' => '\b',
        (byte)'t' => '\t',
        (byte)'n' => '\n',
        (byte)'f' => '\f',
        (byte)'r' => '\r',
        (byte)'u' => (Hex(text[4]) << 4) | Hex(text[5]),
        _ => text[1],
    };

    private static int Hex(byte digit) => digit <= '9' ? digit - '0' : digit - 'a' + 10;
}
