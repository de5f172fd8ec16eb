using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>Attributes as DynamoDB JSON, as they would be read back.</summary>
internal static class AttributeText
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlySpan<byte> Of(IReadOnlyDictionary<string, AttributeValue> attributes)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, Plain))
        {
            Write(json, attributes);
        }

        return text.WrittenSpan;
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyDictionary<string, AttributeValue> attributes)
    {
        json.WriteStartObject();
        foreach (var (name, value) in attributes)
        {
            json.WritePropertyName(name);
            json.WriteStartObject();
            WriteTyped(json, value);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    // An SDK that is told to initialize collections has empty ones in every value: one that holds something goes first.
    private static void WriteTyped(Utf8JsonWriter json, AttributeValue value)
    {
        switch (value)
        {
            case { S: { } text }:
                json.WriteString("S"u8, text);
                break;
            case { N: { } number }:
                json.WriteString("N"u8, AsKept(number));
                break;
            case { B: { } bytes }:
                json.WriteBase64String("B"u8, bytes.ToArray());
                break;
            case { BOOL: { } flag }:
                json.WriteBoolean("BOOL"u8, flag);
                break;
            case { NULL: true }:
                json.WriteBoolean("NULL"u8, true);
                break;
            case { SS.Count: > 0 }:
                WriteSet(json, "SS", value.SS);
                break;
            case { NS.Count: > 0 }:
                WriteSet(json, "NS", value.NS.Select(AsKept));
                break;
            case { BS.Count: > 0 }:
                WriteSet(json, "BS", value.BS.Select(bytes => Convert.ToBase64String(bytes.ToArray())));
                break;
            case { IsLSet: true }:
                WriteList(json, value.L);
                break;
            case { M: { } members }:
                json.WritePropertyName("M"u8);
                Write(json, members);
                break;
            default:
                // A value of no type, with which DynamoDB refuses the whole transaction.
                break;
        }
    }

    private static void WriteSet(Utf8JsonWriter json, string type, IEnumerable<string> elements)
    {
        json.WriteStartArray(type);
        foreach (var element in elements)
        {
            json.WriteStringValue(element);
        }

        json.WriteEndArray();
    }

    private static void WriteList(Utf8JsonWriter json, List<AttributeValue> items)
    {
        json.WriteStartArray("L"u8);
        foreach (var item in items)
        {
            json.WriteStartObject();
            WriteTyped(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // However the caller wrote a number, DynamoDB gives it back as plain digits, and so it stands in every other image.
    private static string AsKept(string number) => NumberForm.Plain(number) ?? number;
}
