using System.Text.Json;

namespace Afterimage.Relay.Sinks;

/// <summary><c>sqs:URL</c>: a message for each entry. In a FIFO queue the group is the item and the deduplication id the entry's id.</summary>
internal sealed class SqsSink(string address, SinkAddress.OnQueue queue, IServiceCalls service) : ISink
{
    private readonly SinkCalls calls = new(service, address, "queue", "sqs:SendMessage");

    /// <inheritdoc/>
    public string Address => address;

    /// <inheritdoc/>
    public SinkLimits Limits => MessageAttributes.Takes;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<OutgoingEntry> batch, CancellationToken ct) =>
        (await calls.CallAsync("SendMessageBatch", Request(batch), Read, ct)).Deliveries(batch.Count);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ReadOnlyMemory<byte> Request(IReadOnlyList<OutgoingEntry> batch) => SinkCalls.Json(writer =>
    {
        writer.WriteString("QueueUrl"u8, queue.Url.AbsoluteUri);
        writer.WriteStartArray("Entries"u8);
        for (var at = 0; at < batch.Count; at++)
        {
            writer.WriteStartObject();
            writer.WriteString("Id"u8, $"{at}");
            writer.WriteString("MessageBody"u8, batch[at].Text.Span);
            writer.WriteStartObject("MessageAttributes"u8);
            foreach (var (name, value) in MessageAttributes.Of(batch[at].Entry))
            {
                writer.WriteStartObject(name);
                writer.WriteString("DataType"u8, "String"u8);
                writer.WriteString("StringValue"u8, value);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            if (queue.IsFifo)
            {
                writer.WriteString("MessageGroupId"u8, MessageAttributes.GroupOf(batch[at]));
                writer.WriteString("MessageDeduplicationId"u8, batch[at].Entry.Id.Value);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    // Lists that are empty are left out.
    private static BatchResult Read(ReadOnlyMemory<byte> answer)
    {
        var json = SinkCalls.Read(answer);
        var taken = json.TryGetProperty("Successful", out var successful) ? successful.EnumerateArray().Select(one => one.GetProperty("Id").GetString()!) : [];
        var failed = json.TryGetProperty("Failed", out var failures) ? failures.EnumerateArray().Select(Failure) : [];
        return new BatchResult([.. taken], [.. failed]);
    }

    private static BatchFailure Failure(JsonElement one) => new(
        Text(one, "Id")!, Text(one, "Code") ?? "Error", Text(one, "Message"), one.TryGetProperty("SenderFault", out var fault) && fault.ValueKind == JsonValueKind.True);

    private static string? Text(JsonElement one, string name) => one.TryGetProperty(name, out var value) ? value.GetString() : null;
}
