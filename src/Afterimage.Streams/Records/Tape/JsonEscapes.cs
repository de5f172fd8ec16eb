using System.Buffers.Text;
using System.Text;

namespace Afterimage.Streams.Records.Tape;

/// <summary>Strings of JSON with backslashes in them.</summary>
internal static class JsonEscapes
{
    /// <summary>Unescapes a string.</summary>
    /// <param name="text">The text from behind the opening quote on.</param>
    /// <param name="plain">How many bytes of it have no escape.</param>
    /// <param name="target">Where the string goes; at least as long as the text.</param>
    /// <param name="read">How many bytes were read, the closing quote included.</param>
    /// <param name="written">How many bytes the string has.</param>
    /// <returns>False if the string is not JSON or holds a lone surrogate, which UTF-8 cannot.</returns>
    public static bool TryUnescape(ReadOnlySpan<byte> text, int plain, Span<byte> target, out int read, out int written)
    {
        text[..plain].CopyTo(target);
        (read, written) = (plain, plain);
        while (read < text.Length)
        {
            var next = text[read];
            if (next == '"')
            {
                read++;
                return true;
            }

            if (next < 0x20)
            {
                return false;
            }

            if (next != '\\')
            {
                target[written++] = next;
                read++;
            }
            else if (!TryEscape(text, target, ref read, ref written))
            {
                return false;
            }
        }

        return false;
    }

    private static bool TryEscape(ReadOnlySpan<byte> text, Span<byte> target, ref int read, ref int written)
    {
        if (read + 1 >= text.Length)
        {
            return false;
        }

        var letter = text[read + 1];
        if (letter == 'u')
        {
            return TryUnicode(text, target, ref read, ref written);
        }

        var value = letter switch
        {
            (byte)'"' or (byte)'\\' or (byte)'/' => letter,
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            _ => (byte)0,
        };
        target[written++] = value;
        read += 2;
        return value != 0;
    }

    private static bool TryUnicode(ReadOnlySpan<byte> text, Span<byte> target, ref int read, ref int written)
    {
        if (!TryUnit(text, read, out var unit))
        {
            return false;
        }

        read += 6;
        if (!Rune.TryCreate(unit, out var rune) && !(TryUnit(text, read, out var low) && Rune.TryCreate(unit, low, out rune)))
        {
            return false;
        }

        read += rune.IsBmp ? 0 : 6;
        written += rune.EncodeToUtf8(target[written..]);
        return true;
    }

    private static bool TryUnit(ReadOnlySpan<byte> text, int at, out char unit)
    {
        unit = default;
        if (at + 6 > text.Length || text[at] != '\\' || text[at + 1] != 'u')
        {
            return false;
        }

        var isHex = Utf8Parser.TryParse(text.Slice(at + 2, 4), out ushort value, out var consumed, 'x') && consumed == 4;
        unit = (char)value;
        return isHex;
    }
}
