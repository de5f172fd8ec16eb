using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Afterimage.Entries;
using Amazon.DynamoDBv2.Model.Internal.MarshallTransformations;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;
using SdkValue = Amazon.DynamoDBv2.Model.AttributeValue;

namespace Afterimage.Bench;

/// <summary>A record as the SDK's generated classes hold it.</summary>
internal sealed class SdkRecord
{
    public string? EventId { get; set; }

    public string? EventName { get; set; }

    public string? EventVersion { get; set; }

    public string? Region { get; set; }

    public long? Seconds { get; set; }

    public string? SequenceNumber { get; set; }

    public long? SizeBytes { get; set; }

    public string? View { get; set; }

    public Dictionary<string, SdkValue>? Keys { get; set; }

    public Dictionary<string, SdkValue>? OldImage { get; set; }

    public Dictionary<string, SdkValue>? NewImage { get; set; }
}

/// <summary>Reads an answer of GetRecords with the SDK's unmarshallers, put together as its generated code puts them together.</summary>
internal static class SdkDecoding
{
    public static List<SdkRecord> Read(byte[] answer)
    {
        using var stream = new MemoryStream(answer);
        using var context = new JsonUnmarshallerContext(stream, maintainResponseBody: false, responseData: null, isException: false);
        var reader = new StreamingUtf8JsonReader(stream);
        context.Read(ref reader);
        List<SdkRecord> records = [];
        var depth = context.CurrentDepth;
        while (context.ReadAtDepth(depth, ref reader))
        {
            if (context.TestExpression("Records", depth, ref reader))
            {
                records = new JsonListUnmarshaller<SdkRecord, RecordUnmarshaller>(new RecordUnmarshaller()).Unmarshall(context, ref reader);
            }
        }

        return records;
    }

    private sealed class RecordUnmarshaller : IJsonUnmarshaller<SdkRecord, JsonUnmarshallerContext>
    {
        public SdkRecord Unmarshall(JsonUnmarshallerContext context, ref StreamingUtf8JsonReader reader)
        {
            var record = new SdkRecord();
            context.Read(ref reader);
            var depth = context.CurrentDepth;
            while (context.ReadAtDepth(depth, ref reader))
            {
                if (context.TestExpression("awsRegion", depth, ref reader))
                {
                    record.Region = StringUnmarshaller.Instance.Unmarshall(context, ref reader);
                }
                else if (context.TestExpression("dynamodb", depth, ref reader))
                {
                    ReadChange(record, context, ref reader);
                }
                else if (context.TestExpression("eventID", depth, ref reader))
                {
                    record.EventId = StringUnmarshaller.Instance.Unmarshall(context, ref reader);
                }
                else if (context.TestExpression("eventName", depth, ref reader))
                {
                    record.EventName = StringUnmarshaller.Instance.Unmarshall(context, ref reader);
                }
                else if (context.TestExpression("eventVersion", depth, ref reader))
                {
                    record.EventVersion = StringUnmarshaller.Instance.Unmarshall(context, ref reader);
                }
            }

            return record;
        }

        private static void ReadChange(SdkRecord record, JsonUnmarshallerContext context, ref StreamingUtf8JsonReader reader)
        {
            context.Read(ref reader);
            var depth = context.CurrentDepth;
            while (context.ReadAtDepth(depth, ref reader))
            {
                if (context.TestExpression("ApproximateCreationDateTime", depth, ref reader))
                {
                    record.Seconds = LongUnmarshaller.Instance.Unmarshall(context, ref reader);
                }
                else if (context.TestExpression("Keys", depth, ref reader))
                {
                    record.Keys = ReadItem(context, ref reader);
                }
                else if (context.TestExpression("NewImage", depth, ref reader))
                {
                    record.NewImage = ReadItem(context, ref reader);
                }
                else if (context.TestExpression("OldImage", depth, ref reader))
                {
                    record.OldImage = ReadItem(context, ref reader);
                }
                else if (context.TestExpression("SequenceNumber", depth, ref reader))
                {
                    record.SequenceNumber = StringUnmarshaller.Instance.Unmarshall(context, ref reader);
                }
                else if (context.TestExpression("SizeBytes", depth, ref reader))
                {
                    record.SizeBytes = LongUnmarshaller.Instance.Unmarshall(context, ref reader);
                }
                else if (context.TestExpression("StreamViewType", depth, ref reader))
                {
                    record.View = StringUnmarshaller.Instance.Unmarshall(context, ref reader);
                }
            }
        }

        private static Dictionary<string, SdkValue> ReadItem(JsonUnmarshallerContext context, ref StreamingUtf8JsonReader reader) =>
            new JsonDictionaryUnmarshaller<string, SdkValue, StringUnmarshaller, AttributeValueUnmarshaller>(
                StringUnmarshaller.Instance, AttributeValueUnmarshaller.Instance).Unmarshall(context, ref reader);
    }
}

/// <summary>What a program on the SDK does with a record: compare the images attribute by attribute, and serialise an entry.</summary>
internal static class SdkEntry
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Make(SdkRecord record, string arn, string table, string shard, long index) => JsonSerializer.SerializeToUtf8Bytes(
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["id"] = Id(record, arn),
            ["kind"] = "change",
            ["table"] = table,
            ["service"] = null,
            ["entity"] = null,
            ["tenant"] = null,
            ["action"] = record.EventName,
            ["time"] = DateTimeOffset.FromUnixTimeSeconds(record.Seconds!.Value).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["keys"] = Plain(record.Keys),
            ["oldImage"] = Plain(record.OldImage),
            ["newImage"] = Plain(record.NewImage),
            ["changes"] = Changes(record.OldImage!, record.NewImage!),
            ["actor"] = new { id = (string?)null, service = (string?)null, reason = (string?)null, request = (string?)null, source = "unknown" },
            ["stream"] = new { arn, eventId = record.EventId, eventVersion = record.EventVersion, region = record.Region, sizeBytes = record.SizeBytes, view = record.View, userIdentity = (string?)null },
            ["shardId"] = shard,
            ["sequenceNumber"] = record.SequenceNumber,
            ["index"] = index,
        },
        Options);

    /// <summary>The changed attributes; what lies within them is not descended into, which favours this side.</summary>
    public static List<Dictionary<string, object?>> Changes(Dictionary<string, SdkValue> old, Dictionary<string, SdkValue> @new)
    {
        var changes = new List<Dictionary<string, object?>>();
        foreach (var name in old.Keys.Union(@new.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var before = old.GetValueOrDefault(name);
            var after = @new.GetValueOrDefault(name);
            if (!AreEqual(before, after))
            {
                var op = before is null ? "add" : after is null ? "remove" : "replace";
                var change = new Dictionary<string, object?>(StringComparer.Ordinal) { ["op"] = op, ["path"] = "/" + name };
                _ = (before is not null && change.TryAdd("old", Plain(before))) | (after is not null && change.TryAdd("value", Plain(after)));
                changes.Add(change);
            }
        }

        return changes;
    }

    private static bool AreEqual(SdkValue? left, SdkValue? right) => (left, right) switch
    {
        (null, _) or (_, null) => false,
        ({ S: not null }, _) => left.S == right.S,
        ({ N: not null }, _) => left.N == right.N,
        ({ L: not null }, { L: not null }) => left.L.Count == right.L.Count && left.L.Zip(right.L).All(pair => AreEqual(pair.First, pair.Second)),
        ({ M: not null }, { M: not null }) => left.M.Count == right.M.Count && left.M.All(member => AreEqual(member.Value, right.M.GetValueOrDefault(member.Key))),
        _ => throw new NotSupportedException("The samples have S, N, L and M."),
    };

    private static SortedDictionary<string, object>? Plain(Dictionary<string, SdkValue>? item) =>
        item is null ? null : new(item.ToDictionary(member => member.Key, member => Plain(member.Value), StringComparer.Ordinal), StringComparer.Ordinal);

    public static object Plain(SdkValue value) => value switch
    {
        { S: not null } => new { value.S },
        { N: not null } => new { value.N },
        { L: not null } => new { L = value.L.ConvertAll(Plain) },
        { M: not null } => new { M = Plain(value.M) },
        _ => throw new NotSupportedException("The samples have S, N, L and M."),
    };

    // The samples' keys are one attribute of plain text, so that serialising them is their canonical text.
    public static string Id(SdkRecord record, string arn)
    {
        var lines = $"{arn}\n{JsonSerializer.Serialize(Plain(record.Keys), Options)}\n{record.SequenceNumber!.TrimStart('0')}";
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(lines), hash);
        Span<char> id = stackalloc char[EntryId.Length];
        for (var at = 0; at < id.Length; at++)
        {
            var pair = (hash[at * 5 / 8] << 8) | (at * 5 / 8 == 15 ? 0 : hash[(at * 5 / 8) + 1]);
            id[at] = "0123456789abcdefghjkmnpqrstvwxyz"[(pair >> (11 - (at * 5 % 8))) & 31];
        }

        return new string(id);
    }
}
