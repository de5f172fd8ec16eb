using System.Globalization;
using System.Text;
using System.Text.Json;
using Afterimage.Entries;
using Afterimage.IntegrationTests.Support;
using Afterimage.Tests.Support;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using AttributeValue = Afterimage.Entries.AttributeValue;

namespace Afterimage.IntegrationTests;

/// <summary>20,000 random changes with hostile values: the trail holds each record of the stream exactly once, value for value.</summary>
public sealed class TrailEqualsStreamTests(LocalDatabase database)
{
    private const int Changes = 20_000;

    // Deleting what is not there, and items that DynamoDB refuses, leave no record.
    private const int Writes = 28_000;
    private const int Items = 500;
    private const int Kills = 10;

    // An item nests to 32 levels, each of which takes two of JSON.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_trail_equals_the_stream_though_the_reader_is_killed_ten_times_at_random_moments()
    {
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        var endpoint = await database.EndpointAsync();
        var table = await StreamedTable.CreateAsync(client, "Hostile", ["id"], Ct);
        var random = new Random(20_261_121);
        await WriteAsync(client, table.Name, random);

        string[] run = ["run", "--table", table.Name, "--trail", "sqlite:trail.db", "--endpoint", endpoint.ToString()];
        for (var kill = 0; kill < Kills; kill++)
        {
            await RunUntilKilledAsync(folder, run, lines: random.Next(1, Changes / Kills / 2));
        }

        var drained = await AfterimageProcess.RunAsync(folder.Path, Ct, [.. run, "--drain"]);
        drained.ExitCode.ShouldBe(0, drained.Error);
        var verified = await AfterimageProcess.RunAsync(folder.Path, Ct, "verify", "--trail", "sqlite:trail.db");
        verified.ExitCode.ShouldBe(0, verified.Out);

        var records = await ReadIndependentlyAsync(endpoint, table.StreamArn);
        var entries = await EntriesAsync(folder);
        records.Count.ShouldBeGreaterThan(Changes);
        entries.Count.ShouldBe(records.Count);
        for (var at = 0; at < records.Count; at++)
        {
            ShouldTellOf(entries[at], records[at], at);
        }

        entries.Select(entry => entry.GetProperty("id").GetString()).Distinct().Count().ShouldBe(entries.Count);
    }

    private static async Task WriteAsync(AmazonDynamoDBClient client, string table, Random random)
    {
        var hostile = new RandomItems(random);
        for (var written = 0; written < Writes;)
        {
            // One request may not touch an item twice.
            var ids = Enumerable.Range(0, 25).Select(_ => random.Next(Items)).Distinct().ToList();
            await WriteBatchAsync(client, table, [.. ids.Select(id => Request(id, hostile, random))]);
            written += ids.Count;
        }
    }

    private static WriteRequest Request(int id, RandomItems hostile, Random random)
    {
        var key = KeyValuePair.Create("id", AttributeValue.String($"item-{id.ToString(CultureInfo.InvariantCulture)}"));
        return random.Next(5) == 0
            ? new WriteRequest(new DeleteRequest(SdkValues.Of(new AttributeMap([key]))))
            : new WriteRequest(new PutRequest(SdkValues.Of(new AttributeMap([.. hostile.Item(4).Where(member => member.Key != "id"), key]))));
    }

    // What DynamoDB refuses (too deep, two equal numbers in a set) makes no record; the rest of its batch is written by itself.
    private static async Task WriteBatchAsync(AmazonDynamoDBClient client, string table, List<WriteRequest> requests)
    {
        try
        {
            await client.BatchWriteItemAsync(new BatchWriteItemRequest(new Dictionary<string, List<WriteRequest>> { [table] = requests }), Ct);
        }
        catch (AmazonDynamoDBException e) when (e.ErrorCode == "ValidationException")
        {
            foreach (var request in requests.Count > 1 ? requests : [])
            {
                await WriteBatchAsync(client, table, [request]);
            }
        }
    }

    private static async Task RunUntilKilledAsync(TempFolder folder, string[] run, int lines)
    {
        using var process = AfterimageProcess.Start(folder.Path, run);
        for (var line = 0; line < lines && await process.StandardOutput.ReadLineAsync(Ct) is not null; line++)
        {
        }

        process.HasExited.ShouldBeFalse();
        process.Kill();
        await process.WaitForExitAsync(Ct);
    }

    private static async Task<List<JsonElement>> ReadIndependentlyAsync(Uri endpoint, string streamArn)
    {
        using var streams = new PlainStreams(endpoint);
        var records = new List<JsonElement>();
        foreach (var shard in await streams.ShardsAsync(streamArn, Ct))
        {
            records.AddRange(await streams.RecordsAsync(streamArn, shard.GetProperty("ShardId").GetString()!, Ct));
        }

        return records;
    }

    private static async Task<List<JsonElement>> EntriesAsync(TempFolder folder)
    {
        var answer = await AfterimageProcess.RunAsync(folder.Path, Ct, "search", "--trail", "sqlite:trail.db", "--json", "--limit", "1000000");
        answer.ExitCode.ShouldBe(0, answer.Error);
        return [.. answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line, Deep))
            .Where(entry => entry.GetProperty("kind").GetString() == "change").OrderBy(entry => entry.GetProperty("index").GetInt64())];
    }

    private static void ShouldTellOf(JsonElement entry, JsonElement record, int at)
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
