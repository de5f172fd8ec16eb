using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Afterimage.Entries;

/// <summary>The hash by which a stamp says which item it was made for.</summary>
internal static class StampedItem
{
    private const int HashBytes = 16;

    /// <summary>22 characters: half of the SHA-256 over the table's name and, line by line, the key's names, types and values.</summary>
    public static string Hash(string table, AttributeMap keys)
    {
        var text = new StringBuilder(table);
        foreach (var (name, value) in keys)
        {
            text.Append('\n').Append(name).Append('\n').Append(value.Kind).Append('\n').Append(value.Kind == AttributeKind.N ? Plain(value.Text) : value.Text);
        }

        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, HashBytes));
    }

    // Digits alone, however many zeros that takes: whoever writes the number may write it with an exponent, and DynamoDB delivers it without.
    private static string Plain(string number)
    {
        var normal = NumberText.Normalize(number);
        var e = normal.IndexOf('E', StringComparison.Ordinal);
        if (e < 0)
        {
            return normal;
        }

        var exponent = int.Parse(normal.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var (sign, digits) = normal[0] == '-' ? ("-", normal[1..e]) : (string.Empty, normal[..e]);
        return exponent >= 0
            ? sign + digits + new string('0', exponent)
            : sign + digits.PadLeft(1 - exponent, '0').Insert(Math.Max(1, digits.Length + exponent), ".");
    }
}
