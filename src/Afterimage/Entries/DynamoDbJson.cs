using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Afterimage.Entries;

/// <summary>DynamoDB JSON, in and out: every value in an object whose one name is its type.</summary>
public static class DynamoDbJson
{
    private const string Redacted = "redacted";

    // An item nests to 32 levels, each of which takes an object for the type and one for the value.
    internal const int DepthMax = 512;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = DepthMax, AllowDuplicateProperties = false };

    /// <summary>Reads attributes by name.</summary>
    /// <exception cref="FormatException">The text is not JSON, names an attribute twice, or holds a value that DynamoDB does not know.</exception>
    public static AttributeMap ReadMap(ReadOnlyMemory<byte> utf8) => Read(utf8, Source.Record);

    /// <summary>Reads the attributes of an entry, in which values may be redacted.</summary>
    /// <exception cref="FormatException">It is not DynamoDB JSON.</exception>
    internal static AttributeMap ReadKeptMap(ReadOnlyMemory<byte> utf8) => Read(utf8, Source.Entry);

    private static AttributeMap Read(ReadOnlyMemory<byte> utf8, Source source)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            return ReadMap(document.RootElement, source);
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

    /// <summary>One value as UTF-8 text.</summary>
    internal static byte[] ToUtf8(AttributeValue value)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(writer, value);
        }

        return text.WrittenSpan.ToArray();
    }

    /// <summary>Writes one value; a redacted one as <c>{"redacted": true}</c>, which is not DynamoDB's.</summary>
    public static void Write(Utf8JsonWriter writer, AttributeValue value)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(value.Kind == AttributeKind.REDACTED ? Redacted : value.Kind.ToString());
        switch (value.Kind)
        {
            case AttributeKind.BOOL:
                writer.WriteBooleanValue(value.Text == "true");
                break;
            case AttributeKind.NULL or AttributeKind.REDACTED:
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

    internal static AttributeMap ReadMap(JsonElement element) => ReadMap(element, Source.Record);

    /// <summary>Reads the attributes of an entry, in which values may be redacted.</summary>
    internal static AttributeMap ReadKeptMap(JsonElement element) => ReadMap(element, Source.Entry);

    /// <summary>Reads a value of an entry, which may be redacted.</summary>
    internal static AttributeValue ReadKeptValue(JsonElement element) => ReadValue(element, Source.Entry);

    private static AttributeMap ReadMap(JsonElement element, Source source) => element.ValueKind == JsonValueKind.Object
        ? new AttributeMap(element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, ReadValue(member.Value, source))))
        : throw new FormatException($"Expected attributes by name, found {element.ValueKind}.");

    private static AttributeValue ReadValue(JsonElement element, Source source)
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
            "M" => AttributeValue.Map(ReadMap(typed.Value, source)),
            "L" when typed.Value.ValueKind == JsonValueKind.Array =>
                AttributeValue.List([.. typed.Value.EnumerateArray().Select(item => ReadValue(item, source))]),
            Redacted when typed.Value.ValueKind == JsonValueKind.True && source == Source.Entry => AttributeValue.Redacted,
            _ => throw new FormatException($"'{typed.Name}' with {typed.Value.ValueKind} is no type of DynamoDB."),
        };
    }

    private static string Text(JsonElement element) => element.ValueKind == JsonValueKind.String
        ? element.GetString()!
        : throw new FormatException($"Expected a string, found {element.ValueKind}.");

    private static List<string> Elements(JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? [.. element.EnumerateArray().Select(Text)]
        : throw new FormatException($"Expected the elements of a set, found {element.ValueKind}.");

    private enum Source
    {
        Record,
        Entry,
    }
}
