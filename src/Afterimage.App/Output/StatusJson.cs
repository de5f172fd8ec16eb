using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Afterimage.App.Commands;
using Afterimage.Query;
using Afterimage.Relay;
using Afterimage.Streams.Watching;
using Afterimage.Trail;

namespace Afterimage.App.Output;

/// <summary>The state of a trail as one JSON object; times in UTC, durations in seconds.</summary>
internal static class StatusJson
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(
        string uri, TrailSize size, IEnumerable<TrailTable> tables, IReadOnlyList<TrailShard> shards, IReadOnlyDictionary<string, ActorShare> shares, IReadOnlyList<SinkState> sinks, IReadOnlyList<TrailGap> gaps, Health health, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Readable);
        json.WriteStartObject();
        json.WriteString("trail", uri);
        json.WriteNumber("entries", size.Entries);
        Number(json, "bytes", size.Bytes);
        json.WriteStartArray("tables");
        foreach (var table in tables)
        {
            json.WriteStartObject();
            json.WriteString("name", table.Name);
            json.WriteString("partitionKey", table.PartitionKey.Name);
            json.WriteString("sortKey", table.SortKey?.Name);
            json.WriteString("stream", table.Stream?.Value);
            json.WriteBoolean("followed", table.Followed);
            json.WriteString("transactions", table.Transactions is { } transactions ? transactions.Intake?.Value ?? "stream" : null);
            json.WriteStartArray("shards");
            foreach (var shard in shards.Where(shard => shard.Stream.Table == table.Name))
            {
                Write(json, shard, now);
            }

            json.WriteEndArray();
            json.WritePropertyName("actors");
            ActorShareView.Write(json, shares[table.Name]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("sinks");
        foreach (var sink in sinks)
        {
            SinkStateView.Write(json, sink);
        }

        json.WriteEndArray();
        json.WriteNumber("gaps", gaps.Count);
        json.WriteNumber("openGaps", gaps.Count(gap => gap.Acknowledged is null));
        json.WritePropertyName("health");
        Write(json, health);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>The health alone.</summary>
    public static ReadOnlyMemory<byte> Write(Health health)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Readable);
        Write(json, health);
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, Health health)
    {
        json.WriteStartObject();
        json.WriteString("level", Word(health.Level.ToString()));
        json.WriteStartArray("reasons");
        foreach (var reason in health.Reasons)
        {
            json.WriteStartObject();
            json.WriteString("level", Word(reason.Level.ToString()));
            json.WriteString("table", reason.Table);
            json.WriteString("cause", Word(reason.Cause.ToString()));
            json.WriteString("what", reason.What);
            json.WriteString("try", reason.Hint);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TrailShard shard, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("stream", shard.Stream.Value);
        json.WriteString("shardId", shard.Progress.Shard.Value);
        json.WriteString("parent", shard.Progress.Parent?.Value);
        json.WriteString("position", shard.Progress.Last?.Text);
        json.WriteNumber("entries", shard.Entries);
        json.WriteBoolean("finished", shard.Progress.Finished);
        json.WriteString("lastEntryTime", Utc(shard.LastEntryTime));
        json.WriteString("readThrough", Utc(shard.Progress.ReadThrough));
        Number(json, "lagSeconds", (long?)StatusCommand.Lag(shard, now)?.TotalSeconds);
        Number(json, "timeToTrimSeconds", (long?)StatusCommand.TimeToTrim(shard, now)?.TotalSeconds);
        json.WriteEndObject();
    }

    public static string? Utc(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Word(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
