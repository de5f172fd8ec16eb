using System.Runtime.InteropServices;
using System.Text.Json;
using Afterimage.Streams.Records;

namespace Afterimage.Lambda;

/// <summary>The records in the event of a function: of a stream itself, or of a queue whose messages wrap records of streams.</summary>
internal static class FunctionEvent
{
    // An item nests to 32 levels, each of which takes two of JSON, within a message within an event.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    /// <summary>Takes an event apart.</summary>
    /// <exception cref="FormatException">It is none of a stream or a queue: the function stands behind something else.</exception>
    public static IReadOnlyList<EventRecord> Read(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload, Deep);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("Records", out var records) && records.ValueKind == JsonValueKind.Array
                ? [.. records.EnumerateArray().Select(Read)]
                : throw new FormatException("The event has no Records: the function is made for DynamoDB streams, and for queues that carry their records.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"The event is not JSON: {e.Message}", e);
        }
    }

    private static EventRecord Read(JsonElement record)
    {
        switch (Text(record, "eventSource"))
        {
            case "aws:dynamodb":
                return OfStream(record, new EventRecord(Text(record, "dynamodb", "SequenceNumber") ?? string.Empty, string.Empty, IsMessage: false));
            case "aws:sqs":
                var id = Text(record, "messageId") ?? string.Empty;
                return OfMessage(Text(record, "body"), new EventRecord(id, Text(record, "attributes", "MessageGroupId") ?? id, IsMessage: true));
            case var other:
                throw new FormatException($"The event comes from '{other}': the function is made for DynamoDB streams, and for queues that carry their records.");
        }
    }

    // A message is the record as it was published, or SNS's envelope around it.
    private static EventRecord OfMessage(string? body, EventRecord message)
    {
        try
        {
            using var outer = JsonDocument.Parse(body ?? string.Empty, Deep);
            if (Text(outer.RootElement, "Type") != "Notification" || Text(outer.RootElement, "Message") is not { } inner)
            {
                return OfStream(outer.RootElement, message);
            }

            using var wrapped = JsonDocument.Parse(inner, Deep);
            return OfStream(wrapped.RootElement, message);
        }
        catch (JsonException e)
        {
            return message with { Foreign = $"its body is not JSON: {e.Message}" };
        }
    }

    private static EventRecord OfStream(JsonElement record, EventRecord delivered)
    {
        try
        {
            return delivered with { Stream = new StreamArn(Text(record, "eventSourceARN") ?? string.Empty), Raw = JsonMarshal.GetRawUtf8Value(record).ToArray() };
        }
        catch (FormatException e)
        {
            return delivered with { Foreign = $"its eventSourceARN names no stream: {e.Message}" };
        }
    }

    private static string? Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
    }
}

/// <summary>One record of an event.</summary>
/// <param name="Identifier">What its failure is reported by: the sequence number, or the message's id.</param>
/// <param name="Order">Records of one order may not overtake each other: all of a stream's, those of a queue's message group.</param>
/// <param name="IsMessage">Whether it came by a queue.</param>
internal sealed record EventRecord(string Identifier, string Order, bool IsMessage)
{
    /// <summary>The stream it is of; null if it is no record of one.</summary>
    public StreamArn? Stream { get; init; }

    /// <summary>The record as delivered.</summary>
    public ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>Why it is no record of a stream; null if it is one.</summary>
    public string? Foreign { get; init; }
}
