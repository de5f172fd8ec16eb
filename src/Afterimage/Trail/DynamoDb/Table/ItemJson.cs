using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Afterimage.Entries;

namespace Afterimage.Trail.DynamoDb.Table;

/// <summary>Items as DynamoDB JSON.</summary>
internal static class ItemJson
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An item's text.</summary>
    public static ReadOnlyMemory<byte> Of(AttributeMap attributes) => Of(writer => DynamoDbJson.Write(writer, attributes));

    /// <summary>The text of what is written.</summary>
    public static ReadOnlyMemory<byte> Of(Action<Utf8JsonWriter> write)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, Plain))
        {
            write(writer);
        }

        return text.WrittenMemory;
    }
}
