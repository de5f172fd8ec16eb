using System.Text.Json;

namespace Afterimage.Entries;

/// <summary>DynamoDB JSON, in and out: every value in an object whose one name is its type.</summary>
public static class DynamoDbJson
{
    // An item nests to 32 levels, each of which takes an object for the type and one for the value.
    private const int DepthMax = 512;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = DepthMax, AllowDuplicateProperties = false };

    /// <summary>Reads attributes by name.</summary>
    /// <exception cref="FormatException">The text is not JSON, names an attribute twice, or holds a value that DynamoDB does not know.</exception>
    public static AttributeMap ReadMap(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            return ReadMap(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with a lone surrogate or with bytes that are not UTF-8.
            throw new FormatException($"Not DynamoDB JSON: {e.Message}", e);
        }
    }

    /// <summary>Writes attributes by name.</summary>
    public static void Write(Utf8JsonWriter writer, AttributeMap map)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in map)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes one value.</summary>
    public static void Write(Utf8JsonWriter writer, AttributeValue value)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(value.Kind.ToString());
        switch (value.Kind)
        {
            case AttributeKind.BOOL:
                writer.WriteBooleanValue(value.Text == "true");
                break;
            case AttributeKind.NULL:
                writer.WriteBooleanValue(true);
                break;
            case AttributeKind.SS or AttributeKind.NS or AttributeKind.BS:
                writer.WriteStartArray();
                foreach (var element in value.Elements)
                {
                    writer.WriteStringValue(element);
                }

                writer.WriteEndArray();
                break;
            case AttributeKind.L:
                writer.WriteStartArray();
                foreach (var item in value.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case AttributeKind.M:
                Write(writer, value.Members);
                break;
            default:
                writer.WriteStringValue(value.Text);
                break;
        }

        writer.WriteEndObject();
    }

    internal static AttributeMap ReadMap(JsonElement element) => element.ValueKind == JsonValueKind.Object
        ? new AttributeMap(element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, ReadValue(member.Value))))
        : throw new FormatException($"Expected attributes by name, found {element.ValueKind}.");

    internal static AttributeValue ReadValue(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || element.GetPropertyCount() != 1)
        {
            throw new FormatException("A value of DynamoDB is an object with its type as the only name.");
        }

        var typed = element.EnumerateObject().First();
        return typed.Name switch
        {
            "S" => AttributeValue.String(Text(typed.Value)),
            "N" => AttributeValue.Number(Text(typed.Value)),
            "B" => AttributeValue.Binary(Text(typed.Value)),
            "BOOL" when typed.Value.ValueKind is JsonValueKind.True or JsonValueKind.False => AttributeValue.Boolean(typed.Value.GetBoolean()),
            "NULL" when typed.Value.ValueKind == JsonValueKind.True => AttributeValue.Null,
            "SS" => AttributeValue.StringSet(Elements(typed.Value)),
            "NS" => AttributeValue.NumberSet(Elements(typed.Value)),
            "BS" => AttributeValue.BinarySet(Elements(typed.Value)),
            "M" => AttributeValue.Map(ReadMap(typed.Value)),
            "L" when typed.Value.ValueKind == JsonValueKind.Array => AttributeValue.List([.. typed.Value.EnumerateArray().Select(ReadValue)]),
            _ => throw new FormatException($"'{typed.Name}' with {typed.Value.ValueKind} is no type of DynamoDB."),
        };
    }

    private static string Text(JsonElement element) => element.ValueKind == JsonValueKind.String
        ? element.GetString()!
        : throw new FormatException($"Expected a string, found {element.ValueKind}.");

    private static List<string> Elements(JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? [.. element.EnumerateArray().Select(Text)]
        : throw new FormatException($"Expected the elements of a set, found {element.ValueKind}.");
}
