using System.Text.Json;

namespace Afterimage.Trail.DynamoDb;

/// <summary>
/// The fields of an entry as native attributes, so that the table can be read as it stands, in the console or by any client. They are there to be looked at:
/// what a trail answers and proves is made of the hashed texts beside them.
/// </summary>
internal static class ReadableEntry
{
    /// <summary>The attributes that hold items and differences: what is left out where they do not fit.</summary>
    public static IReadOnlyList<string> Large { get; } = ["oldImage", "newImage", "changes", "unreadable"];

    /// <summary>Writes the attributes into an item that was begun.</summary>
    /// <param name="writer">The item.</param>
    /// <param name="entry">The entry's JSON.</param>
    /// <param name="isWhole">Whether the large ones go in.</param>
    public static void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> entry, bool isWhole)
    {
        using var document = JsonDocument.Parse(entry, new JsonDocumentOptions { MaxDepth = Entries.DynamoDbJson.DepthMax });
        foreach (var field in document.RootElement.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null))
        {
            if (isWhole || !Large.Contains(field.Name))
            {
                writer.WritePropertyName(field.Name);
                Write(writer, field);
            }
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonProperty field)
    {
        if (field.Name is "keys" or "oldImage" or "newImage")
        {
            writer.WriteStartObject();
            writer.WritePropertyName("M");
            WriteItem(writer, field.Value);
            writer.WriteEndObject();
        }
        else
        {
            WriteField(writer, field.Value);
        }
    }

    // A field of ours: texts, numbers, and objects of these. Values of the audited item stand in it as DynamoDB JSON, under "old" and "value".
    private static void WriteField(Utf8JsonWriter writer, JsonElement value)
    {
        writer.WriteStartObject();
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                writer.WriteString("S", value.GetString());
                break;
            case JsonValueKind.Number:
                writer.WriteString("N", value.GetRawText());
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray("L");
                foreach (var element in value.EnumerateArray())
                {
                    WriteField(writer, element);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteStartObject("M");
                foreach (var member in value.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
                {
                    WriteMember(writer, member);
                }

                writer.WriteEndObject();
                break;
        }

        writer.WriteEndObject();
    }

    private static void WriteMember(Utf8JsonWriter writer, JsonProperty member)
    {
        // The bytes of an unreadable record stand beside it whole.
        if (member.Name == "raw")
        {
            return;
        }

        writer.WritePropertyName(member.Name);
        if (member.Name is "old" or "value" && member.Value.ValueKind == JsonValueKind.Object)
        {
            WriteValue(writer, member.Value);
        }
        else
        {
            WriteField(writer, member.Value);
        }
    }

    private static void WriteItem(Utf8JsonWriter writer, JsonElement item)
    {
        writer.WriteStartObject();
        foreach (var attribute in item.EnumerateObject())
        {
            writer.WritePropertyName(attribute.Name);
            WriteValue(writer, attribute.Value);
        }

        writer.WriteEndObject();
    }

    // DynamoDB JSON as it stands, but for a redacted value, which DynamoDB does not know: there it is a map that says so.
    private static void WriteValue(Utf8JsonWriter writer, JsonElement value)
    {
        var typed = value.EnumerateObject().First();
        switch (typed.Name)
        {
            case "redacted":
                writer.WriteRawValue("{\"M\":{\"redacted\":{\"BOOL\":true}}}"u8, skipInputValidation: true);
                return;
            case "M":
                writer.WriteStartObject();
                writer.WritePropertyName("M");
                WriteItem(writer, typed.Value);
                writer.WriteEndObject();
                return;
            case "L":
                writer.WriteStartObject();
                writer.WriteStartArray("L");
                foreach (var element in typed.Value.EnumerateArray())
                {
                    WriteValue(writer, element);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
                return;
            default:
                value.WriteTo(writer);
                return;
        }
    }
}
