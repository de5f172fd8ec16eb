using System.Globalization;
using System.Text.RegularExpressions;

namespace Afterimage.Stamp;

/// <summary>A number in the one form that hashes agree on, however it was written.</summary>
internal static partial class NumberForm
{
    // DynamoDB's numbers reach from 1E-130 to 9.9E+125 with 38 digits; what is far beyond is refused by it anyway.
    private const int ExponentMax = 400;
    private const int DigitsMax = 1_000;

    /// <summary>Plain digits: no exponent, no plus, no zeros that say nothing, and zero without a sign; null where the text is no number.</summary>
    public static string? Plain(string text)
    {
        var match = Number().Match(text);
        if (!match.Success || text.Length > DigitsMax || !TryExponent(match.Groups["exponent"].Value, out var exponent))
        {
            return null;
        }

        var whole = match.Groups["whole"].Value;
        var digits = whole + match.Groups["fraction"].Value;
        var point = whole.Length + exponent;
        if (digits.Length == 0)
        {
            return null;
        }

        digits = point < 0 ? new string('0', -point) + digits : digits;
        point = Math.Max(point, 0);
        digits = digits.PadRight(point, '0');
        var left = digits[..point].TrimStart('0');
        var right = digits[point..].TrimEnd('0');
        var plain = (left.Length == 0 ? "0" : left) + (right.Length == 0 ? "" : "." + right);
        return match.Groups["sign"].Value == "-" && plain != "0" ? "-" + plain : plain;
    }

    private static bool TryExponent(string text, out int exponent)
    {
        exponent = 0;
        return text.Length == 0
            || (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) && Math.Abs(exponent) <= ExponentMax);
    }

    [GeneratedRegex(@"^(?<sign>[+-]?)(?<whole>[0-9]*)(\.(?<fraction>[0-9]*))?([eE](?<exponent>[+-]?[0-9]{1,9}))?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Number();
}
