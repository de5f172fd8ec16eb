using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Afterimage.Streams.Records;

namespace Afterimage.Streams.Aws;

/// <summary>The DynamoDB Streams API over HTTP.</summary>
internal sealed class StreamsClient(SignedJsonClient client) : IStreamsApi
{
    // Escaping is for HTML; iterators are full of characters it would swell.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public Task<StreamDescription> DescribeStreamAsync(StreamArn stream, ShardId? after, ShardId? childrenOf, CancellationToken ct)
    {
        var request = Request(writer =>
        {
            writer.WriteString("StreamArn"u8, stream.Value);
            if (after is { } last)
            {
                writer.WriteString("ExclusiveStartShardId"u8, last.Value);
            }

            if (childrenOf is { } parent)
            {
                writer.WriteStartObject("ShardFilter"u8);
                writer.WriteString("Type"u8, "CHILD_SHARDS"u8);
                writer.WriteString("ShardId"u8, parent.Value);
                writer.WriteEndObject();
            }
        });
        return client.CallAsync("DescribeStream", request, StreamsAnswers.Description, ct);
    }

    /// <inheritdoc/>
    public Task<string> GetShardIteratorAsync(StreamArn stream, ShardId shard, SequenceNumber? after, CancellationToken ct)
    {
        var request = Request(writer =>
        {
            writer.WriteString("StreamArn"u8, stream.Value);
            writer.WriteString("ShardId"u8, shard.Value);
            writer.WriteString("ShardIteratorType"u8, after is null ? "TRIM_HORIZON"u8 : "AFTER_SEQUENCE_NUMBER"u8);
            if (after is { } last)
            {
                writer.WriteString("SequenceNumber"u8, last.Text);
            }
        });
        return client.CallAsync("GetShardIterator", request, StreamsAnswers.Iterator, ct);
    }

    /// <inheritdoc/>
    public Task<RecordsPage> GetRecordsAsync(string iterator, CancellationToken ct) =>
        client.CallAsync("GetRecords", Request(writer => writer.WriteString("ShardIterator"u8, iterator)), StreamsAnswers.Records, ct);

    /// <inheritdoc/>
    public Task<StreamsPage> ListStreamsAsync(string? table, StreamArn? after, CancellationToken ct)
    {
        var request = Request(writer =>
        {
            if (table is not null)
            {
                writer.WriteString("TableName"u8, table);
            }

            if (after is { } last)
            {
                writer.WriteString("ExclusiveStartStreamArn"u8, last.Value);
            }
        });
        return client.CallAsync("ListStreams", request, StreamsAnswers.Streams, ct);
    }

    private static ReadOnlyMemory<byte> Request(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Plain);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
