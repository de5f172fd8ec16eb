using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Afterimage.App.Demo;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail;
using Afterimage.Trail.DynamoDb.Table;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using AttributeValue = Amazon.DynamoDBv2.Model.AttributeValue;

namespace Afterimage.Bench;

/// <summary>
/// Changes into a table of DynamoDB Local: by the trail, and as the functions of the published articles do it, one PutItem after the other with the record's images and differences.
/// Beside them every other way in which the trail's entries could be written. Then what each takes in write units.
/// </summary>
internal static class IntoTables
{
    private const int BatchRecords = 1_000;
    private const int Rounds = 3;

    private static readonly ShardId Shard = new("shardId-00000001795302519000-abcdef12");

    public static async Task RunAsync(int records, TimeProvider clock, CancellationToken ct)
    {
        await using var local = await DynamoDbLocal.StartAsync(Console.Error, clock, ct);
        var keys = new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = "afterimage", ["AWS_SECRET_ACCESS_KEY"] = "afterimage", ["AWS_REGION"] = "us-east-1" };
        var site = new TrailSite(new AwsSettings(Endpoint: local.Endpoint.ToString()), keys.GetValueOrDefault, clock, new Random(1), RandomNumberGenerator.GetBytes);
        using var aws = AwsAccess.Create(site.Aws, site.Environment, clock, site.Random);
        foreach (var attributes in (int[])[8, 64])
        {
            Console.WriteLine($"{SampleRecords.ImageBytes(attributes)} bytes an image");
            for (var round = 0; round < Rounds; round++)
            {
                await PlainAsync(aws, $"audit-{attributes}-{round}", attributes, records / 4, clock, ct);
                await TrailAsync(site, $"trail-{attributes}-{round}", attributes, records, clock, ct);
                await WaysToWrite.RunAsync(aws.DynamoDb, site, $"trail-{attributes}-{round}", (name, count, work) => MeasureAsync(name, count, clock, work), ct);
            }

            await CountAsync(aws.DynamoDb, site, $"trail-{attributes}-0", records, ct);
            await CountPlainAsync(aws.DynamoDb, $"audit-{attributes}-0", ct);
        }
    }

    private static async Task TrailAsync(TrailSite site, string table, int attributes, int count, TimeProvider clock, CancellationToken ct)
    {
        await Trails.PrepareAsync($"dynamodb:{table}", new TrailTableOptions(), site, ct);
        await using var trail = await Trails.OpenAsync($"dynamodb:{table}", OpenMode.CreateOrWrite, site, ct);
        await trail.KeepTableAsync(new TrailTable(EntryBenchmarks.Arn.Table, new Trail.KeyAttribute("id", AttributeKind.S), null, EntryBenchmarks.Arn, Followed: true), ct);
        using var recorder = new Recorder(trail, _ => TableRules.None, new Progress<KeptBatch>(), RandomNumberGenerator.GetBytes);
        var before = new ShardProgress(Shard, null, null, 0, Finished: false);
        var batches = Enumerable.Range(0, count / BatchRecords).Select(batch => StreamsAnswers.Records(SampleRecords.Answer(attributes, BatchRecords, batch * BatchRecords)).Records).ToList();
        await MeasureAsync("the trail", count, clock, async () =>
        {
            foreach (var batch in batches)
            {
                before = ((KeepResult.Kept)await recorder.KeepAsync(new StreamBatch(EntryBenchmarks.Arn, Shard, batch, EndsShard: false), before, ct)).After;
            }
        });
    }

    private static async Task PlainAsync(AwsAccess aws, string table, int attributes, int count, TimeProvider clock, CancellationToken ct)
    {
        await aws.DynamoDb.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = table,
                AttributeDefinitions = [new AttributeDefinition("EventId", ScalarAttributeType.S), new AttributeDefinition("EventTimestamp", ScalarAttributeType.S)],
                KeySchema = [new KeySchemaElement("EventId", KeyType.HASH), new KeySchemaElement("EventTimestamp", KeyType.RANGE)],
                BillingMode = BillingMode.PAY_PER_REQUEST,
            },
            ct);
        var records = StreamsAnswers.Records(SampleRecords.Answer(attributes, count)).Records;
        await MeasureAsync("one PutItem after the other", count, clock, async () =>
        {
            foreach (var record in records)
            {
                await aws.Items.CallAsync("PutItem", Put(table, record), _ => true, ct);
            }
        });
    }

    // The layout of the articles' audit tables, by the same client and as bytes: only how the requests are made differs.
    private static ReadOnlyMemory<byte> Put(string table, ReadOnlyMemory<byte> record)
    {
        using var document = JsonDocument.Parse(record);
        var change = document.RootElement.GetProperty("dynamodb");
        var entry = EntryMaker.Make(record, EntryBenchmarks.Arn, Shard, 0, TableRules.None, default);
        var diff = JsonSerializer.Serialize(entry.Changes!.Select(one => new { one.Path, Old = one.Old?.Text, New = one.Value?.Text }));
        return ItemJson.Of(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("TableName", table);
            writer.WriteStartObject("Item");
            Text(writer, "EventId", document.RootElement.GetProperty("eventID").GetString()!);
            Text(writer, "EventTimestamp", "2026-11-22T12:00:00Z");
            Text(writer, "EventName", "MODIFY");
            Image(writer, change, "OldImage");
            Image(writer, change, "NewImage");
            Text(writer, "Diff", diff);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    private static void Text(Utf8JsonWriter writer, string name, string value)
    {
        writer.WriteStartObject(name);
        writer.WriteString("S", value);
        writer.WriteEndObject();
    }

    private static void Image(Utf8JsonWriter writer, JsonElement change, string name)
    {
        writer.WriteStartObject(name);
        writer.WritePropertyName("M");
        change.GetProperty(name).WriteTo(writer);
        writer.WriteEndObject();
    }

    private static async Task MeasureAsync(string name, int count, TimeProvider clock, Func<Task> work)
    {
        GC.Collect();
        var (start, cpu) = (clock.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await work();
        var took = clock.GetElapsedTime(start);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {name,-56} {count / took.TotalSeconds,8:F0} entries/s, {(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / count,6:F1} us of CPU an entry"));
    }

    // Everything that the trail wrote is written once more into a table like its own, and DynamoDB says what that takes.
    private static async Task CountAsync(IAmazonDynamoDB client, TrailSite site, string table, int entries, CancellationToken ct)
    {
        await Trails.PrepareAsync($"dynamodb:{table}-copy", new TrailTableOptions(), site, ct);
        var (ofTable, ofIndexes) = (0.0, 0.0);
        await foreach (var item in ItemsAsync(client, table, ct))
        {
            var used = (await client.PutItemAsync(new PutItemRequest($"{table}-copy", item) { ReturnConsumedCapacity = ReturnConsumedCapacity.INDEXES }, ct)).ConsumedCapacity;
            ofTable += used.Table.CapacityUnits ?? 0;
            ofIndexes += used.GlobalSecondaryIndexes?.Values.Sum(index => index.CapacityUnits ?? 0) ?? 0;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  the trail: {ofTable / entries:F2} write units an entry in the table, {ofIndexes / entries:F2} in its indexes"));
    }

    private static async Task CountPlainAsync(IAmazonDynamoDB client, string table, CancellationToken ct)
    {
        var (units, items) = (0.0, 0);
        await foreach (var item in ItemsAsync(client, table, ct))
        {
            units += (await client.PutItemAsync(new PutItemRequest(table, item) { ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL }, ct)).ConsumedCapacity.CapacityUnits ?? 0;
            items++;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  as the articles do it: {units / items:F2} write units an entry, without an index"));
    }

    private static async IAsyncEnumerable<Dictionary<string, AttributeValue>> ItemsAsync(
        IAmazonDynamoDB client, string table, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        for (var request = new ScanRequest(table); ;)
        {
            var page = await client.ScanAsync(request, ct);
            foreach (var item in page.Items)
            {
                yield return item;
            }

            if (page.LastEvaluatedKey is not { Count: > 0 } last)
            {
                yield break;
            }

            request.ExclusiveStartKey = last;
        }
    }
}
