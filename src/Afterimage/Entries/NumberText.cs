using System.Globalization;

namespace Afterimage.Entries;

/// <summary>Numbers as text: DynamoDB's go to 38 digits and from 1E-130 to 9.9E+125, beyond what double and decimal hold.</summary>
internal static class NumberText
{
    /// <summary>A form that is the same text for the same number: digits without zeros at either end, then the exponent.</summary>
    /// <exception cref="FormatException">The text is not a decimal number.</exception>
    public static string Normalize(string text)
    {
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
        {
            rest = rest[1..];
        }

        var exponent = 0L;
        var e = rest.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            // TryParse alone would let zero bytes follow the digits.
            if (rest.Contains('\0') || !int.TryParse(rest[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var written))
            {
                throw NotANumber(text);
            }

            exponent = written;

            rest = rest[..e];
        }

        var point = rest.IndexOf('.');
        var digits = point < 0 ? rest.ToString() : string.Concat(rest[..point], rest[(point + 1)..]);
        if (digits.Length == 0 || digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            throw NotANumber(text);
        }

        exponent -= point < 0 ? 0 : rest.Length - point - 1;
        var significant = digits.TrimStart('0');
        var trimmed = significant.TrimEnd('0');
        if (trimmed.Length == 0)
        {
            return "0";
        }

        exponent += significant.Length - trimmed.Length;
        return string.Create(CultureInfo.InvariantCulture, $"{(negative ? "-" : string.Empty)}{trimmed}E{exponent}");
    }

    private static FormatException NotANumber(string text) => new($"'{text}' is not a number.");
}
