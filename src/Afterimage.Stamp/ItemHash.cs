using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>What binds a stamp to its item: a copy of it in another item, or in another table, does not count.</summary>
internal static class ItemHash
{
    private const int BytesKept = 16;

    /// <summary>The hash of a table's name and of an item's key attributes; null where a key is none, which DynamoDB refuses anyway.</summary>
    public static string? Of(string table, IReadOnlyDictionary<string, AttributeValue> key)
    {
        var lines = new List<string> { TableName.Of(table) };
        foreach (var (name, value) in key.OrderBy(attribute => attribute.Key, StringComparer.Ordinal))
        {
            var (type, text) = Typed(value);
            if (text is null)
            {
                return null;
            }

            lines.AddRange([name, type, text]);
        }

        return lines.Count == 1 ? null : Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))).AsSpan(0, BytesKept));
    }

    private static (string Type, string? Text) Typed(AttributeValue? value) => value switch
    {
        { S: { } text } => ("S", text),
        { N: { } number } => ("N", NumberForm.Plain(number)),
        { B: { } bytes } => ("B", Convert.ToBase64String(bytes.ToArray())),
        _ => ("", null),
    };
}

/// <summary>The name of a table, which requests may also give as an ARN.</summary>
internal static class TableName
{
    public static string Of(string nameOrArn)
    {
        const string Before = ":table/";
        var at = nameOrArn.StartsWith("arn:", StringComparison.Ordinal) ? nameOrArn.IndexOf(Before, StringComparison.Ordinal) : -1;
        return at < 0 ? nameOrArn : nameOrArn[(at + Before.Length)..];
    }
}
