using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Afterimage.Entries;
using Afterimage.Trail;

namespace Afterimage.App.Output;

/// <summary>A gap as one JSON object: the entry, and what was said about it or null.</summary>
internal static class GapJson
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(TrailGap gap)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Readable);
        json.WriteStartObject();
        json.WritePropertyName("entry");
        EntryJson.Write(json, gap.Entry);
        if (gap.Acknowledged is { } at)
        {
            json.WriteStartObject("acknowledged");
            json.WriteString("time", StatusJson.Utc(at));
            json.WriteString("reason", gap.Reason);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("acknowledged");
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
