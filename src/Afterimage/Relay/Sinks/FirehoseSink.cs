namespace Afterimage.Relay.Sinks;

/// <summary><c>firehose:STREAM</c>: a record for each entry, a line each with its end, since Firehose puts nothing between records.</summary>
internal sealed class FirehoseSink(string address, SinkAddress.InFirehose stream, IServiceCalls service) : ISink
{
    // 1,000 KB before base64 (API reference, PutRecordBatch).
    private const int RecordMax = 1_024_000;

    private readonly SinkCalls calls = new(service, address, "delivery stream", "firehose:PutRecordBatch");

    /// <summary>500 records or 4 MB in a call (API reference, PutRecordBatch); which megabyte is meant is not said, so it is the smaller one.</summary>
    public static SinkLimits Takes { get; } = new(500, 4_000_000, RecordMax - 1) { EntryOverhead = 1, TakesSome = true, CallsAtOnce = 4 };

    /// <inheritdoc/>
    public string Address => address;

    /// <inheritdoc/>
    public SinkLimits Limits => Takes;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<OutgoingEntry> batch, CancellationToken ct) =>
        await calls.CallAsync("PutRecordBatch", Request(batch), answer => Read(answer, batch.Count), ct);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ReadOnlyMemory<byte> Request(IReadOnlyList<OutgoingEntry> batch) => SinkCalls.Json(writer =>
    {
        writer.WriteString("DeliveryStreamName"u8, stream.Stream);
        writer.WriteStartArray("Records"u8);
        foreach (var outgoing in batch)
        {
            writer.WriteStartObject();
            writer.WriteBase64String("Data"u8, [.. outgoing.Text.Span, (byte)'\n']);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    // A record is only ever refused for now: ServiceUnavailableException or InternalFailure (API reference, PutRecordBatch).
    private static IReadOnlyList<Delivery> Read(ReadOnlyMemory<byte> answer, int count)
    {
        var records = SinkCalls.Read(answer).GetProperty("RequestResponses").EnumerateArray().ToList();
        return records.Count != count ? throw new FormatException($"{records.Count} results for {count} records.") :
        [
            .. records.Select(record => record.TryGetProperty("ErrorCode", out var code) && code.GetString() is { Length: > 0 } name
                ? Delivery.Busy($"{name}: {(record.TryGetProperty("ErrorMessage", out var text) ? text.GetString() : null)}")
                : Delivery.Done),
        ];
    }
}
