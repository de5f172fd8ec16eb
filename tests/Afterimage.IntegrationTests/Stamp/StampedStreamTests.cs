using System.Text.Json;
using Afterimage.IntegrationTests.Support;
using Afterimage.Stamp;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.DataModel;
using Amazon.DynamoDBv2.DocumentModel;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.IntegrationTests.Stamp;

/// <summary>What the table's stream shows of each change: its own stamp, and a mark before each REMOVE.</summary>
public sealed class StampedStreamTests(LocalDatabase database)
{
    private static readonly string[] Mark = ["MODIFY alice orders-api refund 77 deletes", "REMOVE alice orders-api refund 77 deletes"];

    private static readonly string[] WrittenTwiceAndDeleted = ["INSERT alice orders-api refund 77", "MODIFY alice orders-api refund 77", .. Mark];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task Calls_of_one_item_are_stamped() => ShouldShowAsync(WrittenTwiceAndDeleted, async (client, table) =>
    {
        await client.PutItemAsync(table, TwinTables.Item("1"), Ct);
        await client.UpdateItemAsync(new UpdateItemRequest { TableName = table, Key = TwinTables.Key("1"), UpdateExpression = "REMOVE note" }, Ct);
        await client.DeleteItemAsync(table, TwinTables.Key("1"), Ct);
    });

    [Fact]
    public Task Updates_of_the_legacy_form_are_stamped() => ShouldShowAsync(["INSERT alice orders-api refund 77"], (client, table) =>
        client.UpdateItemAsync(table, TwinTables.Key("1"), new() { ["note"] = new(new("new"), AttributeAction.PUT) }, Ct));

    [Fact]
    public Task A_write_that_changes_nothing_is_seen() => ShouldShowAsync(["INSERT alice orders-api refund 77", "MODIFY alice orders-api refund 77"], async (client, table) =>
    {
        await client.PutItemAsync(table, TwinTables.Item("1"), Ct);
        await client.PutItemAsync(table, TwinTables.Item("1"), Ct);
    });

    [Fact]
    public Task Batches_are_stamped_and_their_deletes_marked() => ShouldShowAsync(["INSERT alice orders-api refund 77", "INSERT alice orders-api refund 77", .. Mark], async (client, table) =>
    {
        await client.BatchWriteItemAsync(Batch(table, new WriteRequest(new PutRequest(TwinTables.Item("1")))), Ct);
        await client.BatchWriteItemAsync(Batch(table, new(new PutRequest(TwinTables.Item("2"))), new(new DeleteRequest(TwinTables.Key("1")))), Ct);
    });

    [Fact]
    public Task Transactions_are_stamped_and_their_deletes_name_nobody() => ShouldShowAsync(
        ["INSERT alice orders-api refund 77", "MODIFY alice orders-api refund 77", "REMOVE alice orders-api refund 77"], WriteTransactionsAsync);

    [Fact]
    public Task Deletes_of_transactions_are_marked_where_the_options_say_so() => ShouldShowAsync(
        WrittenTwiceAndDeleted, WriteTransactionsAsync, new() { Service = "orders-api", MarkBeforeTransactions = true });

    [Fact]
    public Task The_document_model_is_stamped() => ShouldShowAsync(WrittenTwiceAndDeleted, async (client, name) =>
    {
        var table = new TableBuilder(client, name).AddHashKey("id", DynamoDBEntryType.String).Build();
        await table.PutItemAsync(new Document { ["id"] = "1", ["note"] = "first" }, Ct);
        var document = await table.GetItemAsync("1", Ct);
        document["note"] = "second";
        await table.UpdateItemAsync(document, Ct);
        await table.DeleteItemAsync("1", Ct);
    });

    [Fact]
    public Task A_document_that_was_read_is_written_back_with_a_new_stamp() => ShouldShowAsync(
        ["INSERT alice orders-api refund 77", "MODIFY alice orders-api refund 77"], async (client, name) =>
        {
            var table = new TableBuilder(client, name).AddHashKey("id", DynamoDBEntryType.String).Build();
            await table.PutItemAsync(new Document { ["id"] = "1" }, Ct);
            await table.PutItemAsync(await table.GetItemAsync("1", Ct), Ct);
        });

    [Fact]
    public Task The_object_model_is_stamped() => ShouldShowAsync(WrittenTwiceAndDeleted, async (client, name) =>
    {
        using var context = new DynamoDBContextBuilder().WithDynamoDBClient(() => client).Build();
        var save = new SaveConfig { OverrideTableName = name };
        var order = new VersionedOrder { Id = "1", Note = "first" };
        await context.SaveAsync(order, save, Ct);
        order.Note = "second";
        await context.SaveAsync(order, save, Ct);
        await context.DeleteAsync(order, new DeleteConfig { OverrideTableName = name }, Ct);
    });

    private static async Task WriteTransactionsAsync(StampedDynamoDBClient client, string table)
    {
        await client.TransactWriteItemsAsync(new() { TransactItems = [new() { Put = new() { TableName = table, Item = TwinTables.Item("1") } }] }, Ct);
        await client.TransactWriteItemsAsync(
            new() { TransactItems = [new() { Update = new() { TableName = table, Key = TwinTables.Key("1"), UpdateExpression = "REMOVE note" } }] }, Ct);
        await client.TransactWriteItemsAsync(new() { TransactItems = [new() { Delete = new() { TableName = table, Key = TwinTables.Key("1") } }] }, Ct);
    }

    private static BatchWriteItemRequest Batch(string table, params List<WriteRequest> writes) =>
        new(new Dictionary<string, List<WriteRequest>>(StringComparer.Ordinal) { [table] = writes });

    private async Task ShouldShowAsync(IReadOnlyList<string> expected, Func<StampedDynamoDBClient, string, Task> write, StampOptions? options = null)
    {
        using var twins = await TwinTables.CreateAsync(database, Ct, options ?? new() { Service = "orders-api" });
        using (AuditScope.Begin(actor: "alice", reason: "refund 77"))
        {
            await write(twins.Stamped, twins.Table.Name);
        }

        var records = await RecordsAsync(twins.Table.StreamArn);
        records.Select(Told).ShouldBe(expected);
        records.Where(record => record.GetProperty("eventName").GetString() != "REMOVE").Select(record => Stamp(record).GetProperty("nonce").GetProperty("S").GetString()).ShouldBeUnique();
        records.ShouldAllBe(record => Stamp(record).GetProperty("item").GetProperty("S").GetString() == HashOf(twins.Table.Name, record));
    }

    private async Task<IReadOnlyList<JsonElement>> RecordsAsync(string streamArn)
    {
        using var streams = new PlainStreams(await database.EndpointAsync());
        var shards = await streams.ShardsAsync(streamArn, Ct);
        return [.. await streams.RecordsAsync(streamArn, shards.Single().GetProperty("ShardId").GetString()!, Ct)];
    }

    /// <summary>What changed, and the members of the stamp in the newest image that there is.</summary>
    private static string Told(JsonElement record)
    {
        var stamp = Stamp(record);
        var members = new[] { "actor", "service", "reason" }.Select(name => stamp.TryGetProperty(name, out var value) ? value.GetProperty("S").GetString() : "?");
        return string.Join(' ', [record.GetProperty("eventName").GetString(), .. members, .. stamp.TryGetProperty("deletes", out _) ? ["deletes"] : Array.Empty<string>()]);
    }

    private static JsonElement Stamp(JsonElement record)
    {
        var change = record.GetProperty("dynamodb");
        var image = change.TryGetProperty("NewImage", out var after) ? after : change.GetProperty("OldImage");
        return image.GetProperty(TwinTables.Attribute).GetProperty("M");
    }

    private static string? HashOf(string table, JsonElement record) =>
        ItemHash.Of(table, TwinTables.Key(record.GetProperty("dynamodb").GetProperty("Keys").GetProperty("id").GetProperty("S").GetString()!));
}

/// <summary>An object with a version that the SDK checks.</summary>
[DynamoDBTable("given-by-the-call")]
public sealed class VersionedOrder
{
    [DynamoDBHashKey("id")]
    public string Id { get; set; } = "";

    [DynamoDBProperty("note")]
    public string? Note { get; set; }

    [DynamoDBVersion]
    public int? Version { get; set; }
}
