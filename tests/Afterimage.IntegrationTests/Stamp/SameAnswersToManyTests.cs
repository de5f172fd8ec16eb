using System.Text.Json;
using System.Text.Json.Nodes;
using Afterimage.IntegrationTests.Support;
using Afterimage.Stamp;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.DataModel;
using Amazon.DynamoDBv2.DocumentModel;
using Amazon.DynamoDBv2.Model;
using OnFailure = Amazon.DynamoDBv2.ReturnValuesOnConditionCheckFailure;

namespace Afterimage.IntegrationTests.Stamp;

/// <summary>Batches, transactions, the document model and the object model give the same answers and failures, with stamps and without.</summary>
public sealed class SameAnswersToManyTests(LocalDatabase database)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task Batches() => NoDifferenceAsync(
        ("puts and deletes", (client, table) => BatchAsync(client, (table, [Put("new"), Put("a"), Delete("b"), Delete("gone")]))),
        ("deletes alone", (client, table) => BatchAsync(client, (table, [Delete("a"), Delete("b")]))),
        ("an item twice", (client, table) => BatchAsync(client, (table, [Put("a"), Delete("a")]))),
        ("too many", (client, table) => BatchAsync(client, (table, [.. Enumerable.Range(0, 26).Select(at => Delete($"{at}"))]))),
        ("nothing", (client, table) => BatchAsync(client, (table, []))),
        ("no table", (client, _) => BatchAsync(client, ("no-such-table", [Put("a")]))),
        ("no table to delete from", (client, _) => BatchAsync(client, ("no-such-table", [Delete("a")]))),
        ("an empty write", (client, table) => BatchAsync(client, (table, [new WriteRequest()]))),
        ("an item without its key", (client, table) => BatchAsync(client, (table, [new(new PutRequest(new() { ["note"] = new("x") }))]))));

    [Fact]
    public Task Transactions() => NoDifferenceAsync([.. new[] { OnFailure.NONE, OnFailure.ALL_OLD }.SelectMany(TransactionsOf)]);

    [Fact]
    public Task The_document_model() => NoDifferenceAsync(
        ("put", async (client, table) => Node(await TableOf(client, table).PutItemAsync(new Document { ["id"] = "a", ["note"] = "new" }, new PutItemOperationConfig { ReturnValues = ReturnValues.AllOldAttributes }, Ct))),
        ("update", async (client, table) => Node(await TableOf(client, table).UpdateItemAsync(new Document { ["id"] = "a", ["note"] = "new" }, new UpdateItemOperationConfig { ReturnValues = ReturnValues.AllNewAttributes }, Ct))),
        ("update of an absent item", async (client, table) => Node(await TableOf(client, table).UpdateItemAsync(new Document { ["id"] = "new" }, new UpdateItemOperationConfig { ReturnValues = ReturnValues.AllNewAttributes }, Ct))),
        ("update on a condition", async (client, table) => Node(await TableOf(client, table).UpdateItemAsync(new Document { ["id"] = "a", ["note"] = "new" }, new UpdateItemOperationConfig { ConditionalExpression = IsTotal(1) }, Ct))),
        ("update on a condition that fails", async (client, table) => Node(await TableOf(client, table).UpdateItemAsync(new Document { ["id"] = "a", ["note"] = "new" }, new UpdateItemOperationConfig { ConditionalExpression = IsTotal(2) }, Ct))),
        ("delete", async (client, table) => Node(await TableOf(client, table).DeleteItemAsync("a", new DeleteItemOperationConfig { ReturnValues = ReturnValues.AllOldAttributes }, Ct))),
        ("delete on a condition that fails", async (client, table) => Node(await TableOf(client, table).DeleteItemAsync("a", new DeleteItemOperationConfig { ConditionalExpression = IsTotal(2) }, Ct))),
        ("batch", async (client, table) =>
        {
            var batch = TableOf(client, table).CreateBatchWrite();
            batch.AddDocumentToPut(new Document { ["id"] = "a", ["note"] = "new" });
            batch.AddKeyToDelete("b");
            await batch.ExecuteAsync(Ct);
            return null;
        }
    ));

    [Fact]
    public Task The_object_model() => NoDifferenceAsync(
        ("save, save and delete", (client, table) => WithContextAsync(client, async context =>
        {
            var order = new VersionedOrder { Id = "new", Note = "x" };
            await context.SaveAsync(order, new SaveConfig { OverrideTableName = table }, Ct);
            await context.SaveAsync(order, new SaveConfig { OverrideTableName = table }, Ct);
            await context.DeleteAsync(order, new DeleteConfig { OverrideTableName = table }, Ct);
            return order;
        })),
        ("a version that is old", (client, table) => WithContextAsync(client, async context =>
        {
            await context.SaveAsync(new VersionedOrder { Id = "a", Version = 7 }, new SaveConfig { OverrideTableName = table }, Ct);
            return null;
        })),
        ("a delete of a version that is old", (client, table) => WithContextAsync(client, async context =>
        {
            await context.DeleteAsync(new VersionedOrder { Id = "a", Version = 7 }, new DeleteConfig { OverrideTableName = table }, Ct);
            return null;
        })));

    [Fact]
    public async Task A_transaction_that_is_repeated_under_its_token_is_made_once()
    {
        using var twins = await TwinTables.CreateAsync(database, Ct);
        var request = new TransactWriteItemsRequest { ClientRequestToken = Token(twins), TransactItems = [PutOf(twins.Table.Name, "a")] };

        await twins.Stamped.TransactWriteItemsAsync(request, Ct);
        var first = StampValue.NonceOf(await twins.ItemAsync("a", Ct), TwinTables.Attribute);
        await twins.Plain.DeleteItemAsync(twins.Table.Name, TwinTables.Key("a"), Ct);
        using (AuditScope.Begin(actor: "alice", request: "another trace"))
        {
            await twins.Stamped.TransactWriteItemsAsync(request, Ct);
        }

        first.ShouldBe(TransactionTokens.Nonce(Token(twins), 0));
        (await twins.ItemAsync("a", Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Requests_are_as_they_were_after_the_call()
    {
        using var twins = await TwinTables.CreateAsync(database, Ct, new() { MarkBeforeTransactions = true });
        var table = twins.Table.Name;
        var put = new PutItemRequest(table, TwinTables.Item("a"));
        var update = new UpdateItemRequest { TableName = table, Key = TwinTables.Key("a") };
        var delete = new DeleteItemRequest { TableName = table, Key = TwinTables.Key("a") };
        var batch = Batch((table, [Put("b"), Delete("c")]));
        var transaction = new TransactWriteItemsRequest { TransactItems = [PutOf(table, "a"), UpdateOf(table, "c", "SET note = :v"), DeleteOf(table, "b")] };
        object[] requests = [put, update, delete, batch, transaction];
        var before = requests.Select(request => JsonSerializer.Serialize(request, request.GetType())).ToList();

        await twins.Stamped.PutItemAsync(put, Ct);
        await twins.Stamped.UpdateItemAsync(update, Ct);
        await twins.Stamped.DeleteItemAsync(delete, Ct);
        await twins.Stamped.BatchWriteItemAsync(batch, Ct);
        await twins.Stamped.TransactWriteItemsAsync(transaction, Ct);

        requests.Select(request => JsonSerializer.Serialize(request, request.GetType())).ShouldBe(before);
    }

    [Fact]
    public async Task A_batch_tells_which_deletes_were_throttled()
    {
        var http = new HookedHttp();
        using var twins = await TwinTables.CreateAsync(database, Ct, hook: http);
        await twins.SeedAsync("a", Ct);
        http.Before = (operation, _) => Task.FromResult(operation == "DeleteItem" ? HookedHttp.Throttled() : null);
        var table = twins.Table.Name;

        var answer = await twins.Stamped.BatchWriteItemAsync(Batch((table, [Put("b"), Delete("a")])), Ct);

        answer.UnprocessedItems[table].Single().DeleteRequest.Key["id"].S.ShouldBe("a");
        await Should.ThrowAsync<ProvisionedThroughputExceededException>(twins.Stamped.BatchWriteItemAsync(Batch((table, [Delete("a")])), Ct));
    }

    [Fact]
    public async Task A_transaction_that_fails_takes_its_marks_off()
    {
        using var twins = await TwinTables.CreateAsync(database, Ct, new() { MarkBeforeTransactions = true });
        await twins.Stamped.PutItemAsync(twins.Table.Name, TwinTables.Item("a"), Ct);
        var before = StampValue.NonceOf(await twins.ItemAsync("a", Ct), TwinTables.Attribute);

        await Should.ThrowAsync<TransactionCanceledException>(
            TransactAsync(twins.Stamped, DeleteOf(twins.Table.Name, "a"), CheckOf(twins.Table.Name, "b", "1", OnFailure.NONE)));

        StampValue.NonceOf(await twins.ItemAsync("a", Ct), TwinTables.Attribute).ShouldBe(before);
    }

    [Fact]
    public async Task PartiQL_that_writes_passes_through_and_is_counted()
    {
        using var counted = new CountedWrites();
        using var twins = await TwinTables.CreateAsync(database, Ct);
        var table = twins.Table.Name;
        var insert = $"INSERT INTO \"{table}\" VALUE {{'id': 'a'}}";
        var delete = $"DELETE FROM \"{table}\" WHERE id = 'a'";

        await twins.Stamped.ExecuteStatementAsync(new() { Statement = insert }, Ct);
        await twins.Stamped.ExecuteStatementAsync(new() { Statement = $"SELECT * FROM \"{table}\"" }, Ct);
        await twins.Stamped.BatchExecuteStatementAsync(new() { Statements = [new() { Statement = delete }] }, Ct);
        await twins.Stamped.ExecuteTransactionAsync(new() { TransactStatements = [new() { Statement = insert }] }, Ct);

        (await twins.ItemAsync("a", Ct))!.Keys.ShouldBe(["id"]);
        counted.Told.ShouldBe([
            "afterimage.stamp.unstamped ExecuteStatement partiql 1",
            "afterimage.stamp.unstamped BatchExecuteStatement partiql 1",
            "afterimage.stamp.unstamped ExecuteTransaction partiql 1",
        ]);
    }

    [Fact]
    public async Task A_table_that_is_left_out_is_left_alone()
    {
        using var named = await TwinTables.CreateAsync(database, Ct);
        var table = named.Table.Name;
        using var client = new StampedDynamoDBClient(
            LocalDatabase.Credentials,
            new AmazonDynamoDBConfig { ServiceURL = (await database.EndpointAsync()).ToString(), AuthenticationRegion = "us-east-1" },
            new() { TablesLeftOut = [table], WithoutScope = WithoutScope.Throw });

        await client.PutItemAsync(table, TwinTables.Item("a"), Ct);
        await client.BatchWriteItemAsync(Batch((table, [Put("b")])), Ct);
        await TransactAsync(client, PutOf(table, "c"));

        (await named.ItemAsync("a", Ct))!.ShouldNotContainKey(TwinTables.Attribute);
        (await named.ItemAsync("b", Ct))!.ShouldNotContainKey(TwinTables.Attribute);
        (await named.ItemAsync("c", Ct))!.ShouldNotContainKey(TwinTables.Attribute);
    }

    private static (string What, Func<AmazonDynamoDBClient, string, Task<object?>> Call)[] TransactionsOf(OnFailure onFailure) =>
    [
        ("all kinds", (client, table) => TransactAsync(client, PutOf(table, "new"), UpdateOf(table, "a", "SET note = :v"), DeleteOf(table, "b"), CheckOf(table, "c", "1", onFailure))),
        ("a check that fails", (client, table) => TransactAsync(client, PutOf(table, "a"), CheckOf(table, "b", "2", onFailure))),
        ("a put that fails", (client, table) => TransactAsync(client, UpdateOf(table, "b", "SET note = :v"), new() { Put = new()
        {
            TableName = table, Item = TwinTables.Item("a"), ConditionExpression = "attribute_not_exists(id)", ReturnValuesOnConditionCheckFailure = onFailure,
        } })),
        ("a delete that fails", (client, table) => TransactAsync(client, PutOf(table, "a"), new() { Delete = new()
        {
            TableName = table, Key = TwinTables.Key("b"), ConditionExpression = "attribute_not_exists(id)", ReturnValuesOnConditionCheckFailure = onFailure,
        } })),
        ("an item twice", (client, table) => TransactAsync(client, PutOf(table, "a"), UpdateOf(table, "a", "SET note = :v"))),
        ("a mistake", (client, table) => TransactAsync(client, UpdateOf(table, "a", "SET note = :w"))),
        ("no table", (client, _) => TransactAsync(client, PutOf("no-such-table", "a"))),
        ("nothing", (client, _) => TransactAsync(client)),
    ];

    private static string Token(TwinTables twins) => twins.Table.Name.PadLeft(36, '-')[^36..];

    private static Table TableOf(AmazonDynamoDBClient client, string name) => new TableBuilder(client, name).AddHashKey("id", DynamoDBEntryType.String).Build();

    private static Expression IsTotal(int total) => new() { ExpressionStatement = "amount = :t", ExpressionAttributeValues = { [":t"] = total } };

    private static async Task<object?> WithContextAsync(AmazonDynamoDBClient client, Func<DynamoDBContext, Task<object?>> act)
    {
        using var context = new DynamoDBContextBuilder().WithDynamoDBClient(() => client).Build();
        return await act(context);
    }

    private static WriteRequest Put(string id) => new(new PutRequest(TwinTables.Item(id)));

    private static WriteRequest Delete(string id) => new(new DeleteRequest(TwinTables.Key(id)));

    private static BatchWriteItemRequest Batch(params (string Table, List<WriteRequest> Writes)[] tables) =>
        new(tables.ToDictionary(table => table.Table, table => table.Writes, StringComparer.Ordinal));

    private static TransactWriteItem PutOf(string table, string id) => new() { Put = new() { TableName = table, Item = TwinTables.Item(id) } };

    private static TransactWriteItem DeleteOf(string table, string id) => new() { Delete = new() { TableName = table, Key = TwinTables.Key(id) } };

    private static TransactWriteItem UpdateOf(string table, string id, string update) => new()
    {
        Update = new() { TableName = table, Key = TwinTables.Key(id), UpdateExpression = update, ExpressionAttributeValues = new() { [":v"] = new("new") } },
    };

    private static TransactWriteItem CheckOf(string table, string id, string total, OnFailure onFailure) => new()
    {
        ConditionCheck = new()
        {
            TableName = table,
            Key = TwinTables.Key(id),
            ConditionExpression = "amount = :t",
            ExpressionAttributeValues = new() { [":t"] = new() { N = total } },
            ReturnValuesOnConditionCheckFailure = onFailure,
        },
    };

    private static async Task<object?> TransactAsync(AmazonDynamoDBClient client, params List<TransactWriteItem> items) =>
        await client.TransactWriteItemsAsync(new() { TransactItems = items }, Ct);

    private static async Task<object?> BatchAsync(AmazonDynamoDBClient client, params (string Table, List<WriteRequest> Writes)[] tables) =>
        await client.BatchWriteItemAsync(Batch(tables), Ct);

    private static JsonNode? Node(Document? document) => document is null ? null : JsonNode.Parse(document.ToJson());

    private async Task NoDifferenceAsync(params (string What, Func<AmazonDynamoDBClient, string, Task<object?>> Call)[] cases)
    {
        using var twins = await TwinTables.CreateAsync(database, Ct);
        var differences = new List<string?>();
        foreach (var (what, call) in cases)
        {
            foreach (var id in new[] { "a", "b", "c" })
            {
                await twins.SeedAsync(id, Ct);
            }

            differences.Add(await twins.DifferenceAsync(what, ["a", "b", "c", "new", "gone"], call, Ct));
        }

        string.Join(Environment.NewLine, differences.OfType<string>()).ShouldBeEmpty();
    }
}
