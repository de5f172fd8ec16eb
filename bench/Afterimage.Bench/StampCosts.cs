using System.Globalization;
using Afterimage.App.Demo;
using Afterimage.Stamp;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Afterimage.Bench;

/// <summary>What stamps cost: each kind of call by a client that stamps and by a plain one, in turn, on items of some 500 bytes: time, requests and write units a call.</summary>
internal static class StampCosts
{
    private const int Rounds = 3;
    private const string Table = "Orders";

    private static readonly string Text = new('x', 480);

    public static async Task RunAsync(int calls, TimeProvider clock, CancellationToken ct)
    {
        await using var local = await DynamoDbLocal.StartAsync(Console.Error, clock, ct);
        var keys = new BasicAWSCredentials("afterimage", "afterimage");
        AmazonDynamoDBConfig Config() => new() { ServiceURL = local.Endpoint.ToString(), AuthenticationRegion = "us-east-1" };
        using var plain = new AmazonDynamoDBClient(keys, Config());
        using var stamped = new StampedDynamoDBClient(keys, Config(), new StampOptions { Service = "orders-api" });
        await plain.CreateTableAsync(
            new CreateTableRequest(Table, [new KeySchemaElement("id", KeyType.HASH)], [new AttributeDefinition("id", ScalarAttributeType.S)], null) { BillingMode = BillingMode.PAY_PER_REQUEST }, ct);
        using var scope = AuditScope.Begin(actor: "alice@example.com", reason: "refund 77");
        foreach (var (name, call) in Kinds())
        {
            for (var round = 0; round < Rounds; round++)
            {
                await MeasureAsync($"{name}, plain", plain, call, calls, clock, ct);
                await MeasureAsync($"{name}, stamped", stamped, call, calls, clock, ct);
            }
        }
    }

    private static IEnumerable<(string Name, Func<AmazonDynamoDBClient, int, CancellationToken, Task<double>> Call)> Kinds()
    {
        var updates = 0;
        yield return ("PutItem", async (client, at, ct) => Units((await client.PutItemAsync(new PutItemRequest(Table, Item($"{at}")) { ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL }, ct)).ConsumedCapacity));
        yield return ("UpdateItem", async (client, at, ct) => Units((await client.UpdateItemAsync(
            new UpdateItemRequest
            {
                TableName = Table,
                Key = Key($"{at}"),
                UpdateExpression = "SET n = :n",
                ExpressionAttributeValues = new() { [":n"] = new() { N = (++updates).ToString(CultureInfo.InvariantCulture) } },
                ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            },
            ct)).ConsumedCapacity));
        yield return ("BatchWriteItem of 25", async (client, at, ct) => (await client.BatchWriteItemAsync(
            new BatchWriteItemRequest(new Dictionary<string, List<WriteRequest>> { [Table] = [.. Enumerable.Range(0, 25).Select(n => new WriteRequest(new PutRequest(Item($"{at}-{n}"))))] })
            {
                ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            },
            ct)).ConsumedCapacity.Sum(Units));
        yield return ("TransactWriteItems of 4", async (client, at, ct) => (await client.TransactWriteItemsAsync(
            new TransactWriteItemsRequest
            {
                TransactItems = [.. Enumerable.Range(0, 4).Select(n => new TransactWriteItem { Put = new Put { TableName = Table, Item = Item($"{at}-{n}") } })],
                ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            },
            ct)).ConsumedCapacity.Sum(Units));
        yield return ("DeleteItem", async (client, at, ct) => Units((await client.DeleteItemAsync(new DeleteItemRequest(Table, Key($"{at}")) { ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL }, ct)).ConsumedCapacity));
    }

    private static async Task MeasureAsync(
        string name, AmazonDynamoDBClient client, Func<AmazonDynamoDBClient, int, CancellationToken, Task<double>> call, int calls, TimeProvider clock, CancellationToken ct)
    {
        // What is to be deleted is put first, and not measured.
        for (var at = 0; name.StartsWith("Delete", StringComparison.Ordinal) && at < calls; at++)
        {
            await client.PutItemAsync(Table, Item($"{at}"), ct);
        }

        var (requests, units) = (0, 0.0);
        void Count(object sender, RequestEventArgs e) => requests++;
        client.BeforeRequestEvent += Count;
        var start = clock.GetTimestamp();
        for (var at = 0; at < calls; at++)
        {
            units += await call(client, at, ct);
        }

        var took = clock.GetElapsedTime(start);
        client.BeforeRequestEvent -= Count;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {name,-34} {took.TotalMilliseconds / calls,7:F2} ms, {(double)requests / calls,5:F2} requests, {units / calls,6:F2} write units a call"));
    }

    private static double Units(ConsumedCapacity? used) => used?.CapacityUnits ?? 0;

    private static Dictionary<string, AttributeValue> Key(string id) => new() { ["id"] = new(id) };

    private static Dictionary<string, AttributeValue> Item(string id) => new() { ["id"] = new(id), ["text"] = new(Text) };
}
