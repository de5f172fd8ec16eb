using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Trail;

namespace Afterimage.Capture;

/// <summary>An intent as the record that a stream would have delivered of its change.</summary>
internal static class IntendedRecord
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = DynamoDbJson.DepthMax };

    /// <summary>Writes it: the intent's name is the event's id, and the change's number among those of its item the sequence number.</summary>
    public static ReadOnlyMemory<byte> Of(string name, IntendedChange change, StreamArn stream)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, Plain))
        {
            json.WriteStartObject();
            json.WriteString("eventID"u8, name);
            json.WriteString("eventName"u8, EntryWords.Of(change.Action));
            json.WriteString("awsRegion"u8, stream.Region);
            json.WriteStartObject("dynamodb"u8);
            json.WriteNumber("ApproximateCreationDateTime"u8, change.Time.ToUnixTimeSeconds());
            json.WriteString("SequenceNumber"u8, change.Number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("StreamViewType"u8, "NEW_AND_OLD_IMAGES"u8);
            Write(json, "Keys", change.Keys);
            Write(json, "OldImage", change.Before);
            Write(json, "NewImage", change.After);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return text.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, string name, AttributeMap? item)
    {
        if (item is not null)
        {
            json.WritePropertyName(Encoding.UTF8.GetBytes(name));
            DynamoDbJson.Write(json, item);
        }
    }
}
