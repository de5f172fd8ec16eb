using System.Buffers.Text;

namespace Afterimage.Streams.Records.Tape;

/// <summary>Numbers as text in ASCII.</summary>
internal static class NumberBytes
{
    /// <summary>The longest text that is read here: 38 digits with up to 130 zeros around them, and an exponent.</summary>
    private const int LengthMax = 192;

    /// <summary>Whether the text is a decimal number: digits with at most one point in or around them, and maybe an exponent of up to 8 digits.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> text)
    {
        if (text.Length > LengthMax)
        {
            return false;
        }

        var at = text.Length > 0 && text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        var (digits, points) = (0, 0);
        for (; at < text.Length && (char.IsAsciiDigit((char)text[at]) || text[at] == '.'); at++)
        {
            points += text[at] == '.' ? 1 : 0;
            digits += text[at] == '.' ? 0 : 1;
        }

        return digits > 0 && points <= 1 && (at == text.Length || IsExponent(text[at..]));
    }

    /// <summary>Whether two numbers have the same value, however they are written.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> leftDigits = stackalloc byte[LengthMax];
        Span<byte> rightDigits = stackalloc byte[LengthMax];
        var (leftNegative, leftExponent, leftCount) = Split(left, leftDigits);
        var (rightNegative, rightExponent, rightCount) = Split(right, rightDigits);
        return leftNegative == rightNegative && leftExponent == rightExponent && leftDigits[..leftCount].SequenceEqual(rightDigits[..rightCount]);
    }

    private static bool IsExponent(ReadOnlySpan<byte> text)
    {
        if (text[0] is not ((byte)'e' or (byte)'E'))
        {
            return false;
        }

        var digits = text[1..];
        digits = digits.Length > 0 && digits[0] is (byte)'-' or (byte)'+' ? digits[1..] : digits;
        return digits.Length is > 0 and <= 8 && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>Digits without zeros at either end, and the power of ten of the last one; zero has no digits, sign or exponent.</summary>
    private static (bool IsNegative, long Exponent, int Digits) Split(ReadOnlySpan<byte> text, Span<byte> digits)
    {
        var isNegative = text[0] == '-';
        var exponent = 0L;
        var e = text.IndexOfAny((byte)'e', (byte)'E');
        if (e >= 0)
        {
            var written = text[(e + 1)..];
            _ = Utf8Parser.TryParse(written[0] == '+' ? written[1..] : written, out exponent, out _);
            text = text[..e];
        }

        var count = 0;
        var isFraction = false;
        foreach (var character in text)
        {
            if (character == '.')
            {
                isFraction = true;
            }
            else if (char.IsAsciiDigit((char)character))
            {
                exponent -= isFraction ? 1 : 0;
                if (count > 0 || character != '0')
                {
                    digits[count++] = character;
                }
            }
        }

        while (count > 0 && digits[count - 1] == '0')
        {
            count--;
            exponent++;
        }

        return count == 0 ? default : (isNegative, exponent, count);
    }
}
