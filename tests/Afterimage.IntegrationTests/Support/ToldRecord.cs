using System.Text;
using System.Text.Json;
using Afterimage.Entries;

namespace Afterimage.IntegrationTests.Support;

/// <summary>Compares what entries tell with what a stream holds, value for value.</summary>
internal static class ToldRecord
{
    /// <summary>The records of a stream, read by bare HTTP.</summary>
    public static async Task<List<JsonElement>> ReadAsync(Uri endpoint, string streamArn, CancellationToken ct)
    {
        using var streams = new PlainStreams(endpoint);
        var records = new List<JsonElement>();
        foreach (var shard in await streams.ShardsAsync(streamArn, ct))
        {
            records.AddRange(await streams.RecordsAsync(streamArn, shard.GetProperty("ShardId").GetString()!, ct));
        }

        return records;
    }

    /// <summary>Holds an entry to the record that it is of.</summary>
    public static void ShouldTellOf(JsonElement entry, JsonElement record, int at)
    {
        var dynamodb = record.GetProperty("dynamodb");
        // The shard's opening leaf has place 0.
        entry.GetProperty("index").GetInt64().ShouldBe(at + 1);
        entry.GetProperty("action").GetString().ShouldBe(record.GetProperty("eventName").GetString());
        entry.GetProperty("sequenceNumber").GetString().ShouldBe(dynamodb.GetProperty("SequenceNumber").GetString());
        entry.GetProperty("stream").GetProperty("eventId").GetString().ShouldBe(record.GetProperty("eventID").GetString());
        ShouldEqual(entry.GetProperty("keys"), dynamodb, "Keys");
        ShouldEqual(entry.GetProperty("oldImage"), dynamodb, "OldImage");
        ShouldEqual(entry.GetProperty("newImage"), dynamodb, "NewImage");

        var told = EntryJson.Read(Encoding.UTF8.GetBytes(entry.GetRawText()));
        ItemPatch.Apply(told.OldImage ?? AttributeMap.Empty, told.Changes!).ShouldBe(told.NewImage ?? AttributeMap.Empty);
    }

    private static void ShouldEqual(JsonElement kept, JsonElement dynamodb, string name)
    {
        if (dynamodb.TryGetProperty(name, out var delivered))
        {
            AreEqual(kept, delivered).ShouldBeTrue($"{name}: kept {kept} of {delivered}");
        }
        else
        {
            kept.ValueKind.ShouldBe(JsonValueKind.Null);
        }
    }

    // To the letter, but for the order of sets, which have none: in DynamoDB's JSON they alone are arrays of strings.
    private static bool AreEqual(JsonElement kept, JsonElement delivered) => (kept.ValueKind, delivered.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => kept.GetPropertyCount() == delivered.GetPropertyCount()
            && kept.EnumerateObject().All(member => delivered.TryGetProperty(member.Name, out var other) && AreEqual(member.Value, other)),
        (JsonValueKind.Array, JsonValueKind.Array) when IsSet(kept) && IsSet(delivered) => Texts(kept).SequenceEqual(Texts(delivered), StringComparer.Ordinal),
        (JsonValueKind.Array, JsonValueKind.Array) =>
            kept.GetArrayLength() == delivered.GetArrayLength() && kept.EnumerateArray().Zip(delivered.EnumerateArray()).All(pair => AreEqual(pair.First, pair.Second)),
        _ => JsonElement.DeepEquals(kept, delivered),
    };

    private static bool IsSet(JsonElement array) => array.GetArrayLength() > 0 && array.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String);

    private static IEnumerable<string> Texts(JsonElement set) => set.EnumerateArray().Select(element => element.GetString()!).Order(StringComparer.Ordinal);
}
