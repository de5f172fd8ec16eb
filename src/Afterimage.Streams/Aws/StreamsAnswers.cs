using System.Text.Json;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Aws;

/// <summary>
/// Reads the answers of DynamoDB Streams. Members that are not known are passed over; one that an answer cannot be without is a
/// JsonException: <c>{}</c> must never be taken for a shard that is read out.
/// </summary>
internal static class StreamsAnswers
{
    // Deeper than any record, so that one too deep makes its record unreadable and not its page.
    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 4096 };

    /// <summary>GetRecords: each record is a slice of the answer.</summary>
    public static RecordsPage Records(ReadOnlyMemory<byte> answer)
    {
        List<ReadOnlyMemory<byte>>? records = null;
        string? next = null;
        var reader = new Utf8JsonReader(answer.Span, Deep);
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("Records"u8))
            {
                records = Slices(ref reader, ref answer);
            }
            else if (reader.ValueTextEquals("NextShardIterator"u8))
            {
                reader.Read();
                next = reader.GetString();
            }
            else
            {
                reader.Skip();
            }
        }

        // Throws if anything follows.
        reader.Read();
        return next is { Length: 0 }
            ? throw new JsonException("'NextShardIterator' is empty.")
            : new(records ?? throw Absent("Records"), next);
    }

    /// <summary>GetShardIterator.</summary>
    public static string Iterator(ReadOnlyMemory<byte> answer)
    {
        using var document = JsonDocument.Parse(answer);
        return Required(document.RootElement, "ShardIterator").GetString()!;
    }

    /// <summary>DescribeStream.</summary>
    public static StreamDescription Description(ReadOnlyMemory<byte> answer)
    {
        using var document = JsonDocument.Parse(answer);
        var stream = Required(document.RootElement, "StreamDescription");
        return new(
            new StreamArn(Required(stream, "StreamArn").GetString()!),
            Required(stream, "StreamStatus").GetString()!,
            Optional(stream, "StreamViewType")?.GetString(),
            [.. Required(stream, "Shards").EnumerateArray().Select(ListedShard)],
            Id(Optional(stream, "LastEvaluatedShardId")));
    }

    /// <summary>ListStreams.</summary>
    public static StreamsPage Streams(ReadOnlyMemory<byte> answer)
    {
        using var document = JsonDocument.Parse(answer);
        var streams = Required(document.RootElement, "Streams").EnumerateArray();
        return new(
            [.. streams.Select(stream => new StreamArn(Required(stream, "StreamArn").GetString()!))],
            Optional(document.RootElement, "LastEvaluatedStreamArn") is { } last ? new StreamArn(last.GetString()!) : null);
    }

    // The reader is before the array and then at its end; of its text, what comes before that may be gone.
    private static List<ReadOnlyMemory<byte>> Slices(ref Utf8JsonReader reader, ref ReadOnlyMemory<byte> text)
    {
        var slices = new List<ReadOnlyMemory<byte>>();
        Expect(ref reader, JsonTokenType.StartArray);
        var elements = text[(int)reader.BytesConsumed..];
        if (RecordCutter.TryCut(elements, slices, out var length))
        {
            // For the reader the array is empty.
            text = elements[length..];
            reader = new Utf8JsonReader(text.Span, isFinalBlock: true, reader.CurrentState);
            Expect(ref reader, JsonTokenType.EndArray);
            return slices;
        }

        slices.Clear();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            slices.Add(text[start..(int)reader.BytesConsumed]);
        }

        return slices;
    }

    private static Shard ListedShard(JsonElement shard)
    {
        var range = Optional(shard, "SequenceNumberRange");
        return new(
            Id(Required(shard, "ShardId"))!.Value,
            Id(Optional(shard, "ParentShardId")),
            Number(range, "StartingSequenceNumber"),
            Number(range, "EndingSequenceNumber"));
    }

    private static ShardId? Id(JsonElement? element) => element is { } value ? new ShardId(value.GetString()!) : null;

    private static SequenceNumber? Number(JsonElement? range, string name) =>
        range is { } bounds && Optional(bounds, name) is { } number ? new SequenceNumber(number.GetString()!) : null;

    private static JsonElement Required(JsonElement parent, string name) => Optional(parent, name) ?? throw Absent(name);

    // Absent and null say the same. Throws InvalidOperationException where the parent is no object.
    private static JsonElement? Optional(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (!reader.Read() || reader.TokenType != token)
        {
            throw new JsonException($"Expected {token}, found {reader.TokenType}.");
        }
    }

    private static JsonException Absent(string name) => new($"'{name}' is absent.");
}
