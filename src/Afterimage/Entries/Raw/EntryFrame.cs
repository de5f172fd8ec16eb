using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Afterimage.Streams.Records;

namespace Afterimage.Entries.Raw;

/// <summary>What all entries of a shard have in common, as JSON.</summary>
internal sealed class EntryFrame(StreamArn stream, ShardId shard, TableRules rules)
{
    /// <summary>From the id's closing quote to the entity.</summary>
    public byte[] AfterId { get; } = [.. "\",\"kind\":\"change\",\"table\":"u8, .. Json(stream.Table), .. ",\"service\":"u8, .. Json(rules.Service), .. ",\"entity\":"u8];

    /// <summary>From the actor's closing brace to the event's id.</summary>
    public byte[] Stream { get; } = [.. ",\"stream\":{\"arn\":"u8, .. Json(stream.Value), .. ",\"eventId\":"u8];

    /// <summary>From the stream's closing brace to the sequence number.</summary>
    public byte[] Shard { get; } = [.. "},\"shardId\":"u8, .. Json(shard.Value), .. ",\"sequenceNumber\":\""u8];

    private static byte[] Json(string? text)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStringValue(text);
        }

        return json.WrittenSpan.ToArray();
    }
}
