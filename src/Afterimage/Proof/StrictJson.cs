using System.Text;
using System.Text.Json;

namespace Afterimage.Proof;

/// <summary>Reads JSON that anybody may have written. What two parsers could take differently is refused: it would prove one thing to one reader and another to the next.</summary>
internal static class StrictJson
{
    // The values of an item nest 32 levels, and each takes two of JSON.
    private const int DepthMax = 128;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = DepthMax, AllowDuplicateProperties = false };

    /// <summary>The one value that the text is.</summary>
    /// <exception cref="FormatException">It is not JSON, goes on behind it, names something twice in one object, or holds half a surrogate pair.</exception>
    public static JsonElement Parse(string text)
    {
        try
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            CheckTexts(utf8);
            return JsonElement.Parse(utf8, Options);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>Checks that it is an object with these names and no others.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static void CheckNames(JsonElement json, params ReadOnlySpan<string> names)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("It is not an object.");
        }

        foreach (var name in names)
        {
            if (!json.TryGetProperty(name, out _))
            {
                throw new FormatException($"'{name}' is missing.");
            }
        }

        foreach (var member in json.EnumerateObject())
        {
            if (!names.Contains(member.Name))
            {
                throw new FormatException($"'{member.Name}' is not known.");
            }
        }
    }

    /// <summary>A member that is a text.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static string Text(JsonElement json, string name) => Text(json.GetProperty(name)) ?? throw new FormatException($"'{name}' is not a text.");

    /// <summary>A member that is an integer from 0 to 2^53 - 1.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static long Integer(JsonElement json, string name) =>
        json.GetProperty(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) && value is >= 0 and <= TreeState.SizeMax
            ? value
            : throw new FormatException($"'{name}' is not an integer from 0 to 2^53 - 1.");

    /// <summary>A member that is an array of texts.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static IReadOnlyList<string> Texts(JsonElement json, string name) => json.GetProperty(name) is { ValueKind: JsonValueKind.Array } array
        ? [.. array.EnumerateArray().Select(element => Text(element) ?? throw new FormatException($"'{name}' holds what is not a text."))]
        : throw new FormatException($"'{name}' is not an array.");

    private static string? Text(JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString() : null;

    private static void CheckTexts(ReadOnlySpan<byte> utf8)
    {
        // The parser leaves texts as they are until somebody asks for them; asking shows the half pairs.
        var json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DepthMax });
        while (json.Read())
        {
            if (json.TokenType is JsonTokenType.PropertyName or JsonTokenType.String)
            {
                _ = json.GetString();
            }
        }
    }
}
