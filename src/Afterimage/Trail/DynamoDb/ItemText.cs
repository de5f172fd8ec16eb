using System.Globalization;
using System.Text;
using Afterimage.Entries;

namespace Afterimage.Trail.DynamoDb;

/// <summary>Keys of audited items as text. Keys that DynamoDB holds for equal have one text: numbers go in by value.</summary>
internal static class ItemText
{
    // Beyond so many zeros a number is easier to read with its exponent.
    private const int ZerosMax = 20;

    /// <summary>The text of a whole key, or of part of one.</summary>
    public static string Of(AttributeMap key) => CanonicalText.Of(new AttributeMap(key.Select(part => KeyValuePair.Create(part.Key, Normal(part.Value)))));

    /// <summary>The same of a key's canonical text.</summary>
    public static string Of(ReadOnlySpan<byte> canonical) =>
        canonical.IndexOf("{\"N\":"u8) < 0 ? Encoding.UTF8.GetString(canonical) : Of(DynamoDbJson.ReadMap(canonical.ToArray()));

    private static AttributeValue Normal(AttributeValue value) => value.Kind == AttributeKind.N ? AttributeValue.Number(Plain(NumberText.Normalize(value.Text))) : value;

    // Digits and an exponent, as they would be written by hand.
    private static string Plain(string normal)
    {
        var e = normal.IndexOf('E', StringComparison.Ordinal);
        if (e < 0)
        {
            return normal;
        }

        var exponent = int.Parse(normal.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var (sign, digits) = normal[0] == '-' ? ("-", normal[1..e]) : (string.Empty, normal[..e]);
        return exponent switch
        {
            >= 0 and <= ZerosMax => sign + digits + new string('0', exponent),
            < 0 and >= -ZerosMax => sign + digits.PadLeft(1 - exponent, '0').Insert(Math.Max(1, digits.Length + exponent), "."),
            _ => normal,
        };
    }
}
