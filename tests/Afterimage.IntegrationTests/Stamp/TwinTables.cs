using System.Text.Json;
using System.Text.Json.Nodes;
using Afterimage.IntegrationTests.Support;
using Afterimage.Stamp;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.IntegrationTests.Stamp;

/// <summary>Two tables in which the same is done, in one with stamps and in the other without.</summary>
internal sealed class TwinTables(AmazonDynamoDBConfig config, AmazonDynamoDBConfig hooked, StampOptions? options) : IDisposable
{
    public const string Attribute = "_audit";

    private readonly AmazonDynamoDBClient plain = new(LocalDatabase.Credentials, config);
    private readonly StampedDynamoDBClient stamped = new(LocalDatabase.Credentials, hooked, options);
    private StreamedTable plainTable = null!;
    private StreamedTable stampedTable = null!;
    private int made;

    /// <summary>How calls ended: <c>done</c>, or the code of their failure.</summary>
    public SortedSet<string> Outcomes { get; } = new(StringComparer.Ordinal);

    public AmazonDynamoDBClient Plain => plain;

    public StampedDynamoDBClient Stamped => stamped;

    public StreamedTable Table => stampedTable;

    public static async Task<TwinTables> CreateAsync(LocalDatabase database, CancellationToken ct, StampOptions? options = null, HookedHttp? hook = null)
    {
        // Without repeats: what DynamoDB Local stumbles over it stumbles over again.
        var config = new AmazonDynamoDBConfig { ServiceURL = (await database.EndpointAsync()).ToString(), AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 };
        var hooked = new AmazonDynamoDBConfig { ServiceURL = config.ServiceURL, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0, HttpClientFactory = hook };
        var twins = new TwinTables(config, hooked, options);
        twins.plainTable = await StreamedTable.CreateAsync(twins.plain, "plain", ["id"], ct);
        twins.stampedTable = await StreamedTable.CreateAsync(twins.plain, "stamped", ["id"], ct);
        return twins;
    }

    /// <summary>A key that no other case of this test has.</summary>
    public string NewId() => $"item-{++made}";

    /// <summary>Puts the same item into both tables; every other one has a stamp in the stamped table.</summary>
    public async Task SeedAsync(string id, CancellationToken ct)
    {
        await plain.PutItemAsync(plainTable.Name, Item(id), ct);
        await (made % 2 == 0 ? stamped : plain).PutItemAsync(stampedTable.Name, Item(id), ct);
    }

    public static Dictionary<string, AttributeValue> Item(string id) => new(StringComparer.Ordinal)
    {
        ["id"] = new(id),
        ["amount"] = new() { N = "1" },
        ["note"] = new("first"),
        ["parts"] = new() { M = new() { ["a"] = new("x") } },
    };

    public static Dictionary<string, AttributeValue> Key(string id) => new(StringComparer.Ordinal) { ["id"] = new(id) };

    /// <summary>Does the same in both tables; null where answers, failures and items are the same afterwards, stamps aside.</summary>
    public async Task<string?> DifferenceAsync(string what, IReadOnlyList<string> ids, Func<AmazonDynamoDBClient, string, Task<object?>> call, CancellationToken ct)
    {
        var without = await OutcomeAsync(plain, plainTable.Name, ids, call, ct);
        var with = await OutcomeAsync(stamped, stampedTable.Name, ids, call, ct);

        // DynamoDB Local fails at updates of nothing that are to return what they updated, which DynamoDB itself answers; with a stamp there is something.
        return without == with || without.Contains("InternalFailure", StringComparison.Ordinal) ? null : $"{what}{Environment.NewLine}  without: {without}{Environment.NewLine}  with:    {with}";
    }

    /// <summary>An item of the stamped table, stamp and all.</summary>
    public async Task<Dictionary<string, AttributeValue>?> ItemAsync(string id, CancellationToken ct) =>
        (await plain.GetItemAsync(new GetItemRequest { TableName = stampedTable.Name, Key = Key(id), ConsistentRead = true }, ct)).Item;

    public void Dispose()
    {
        plain.Dispose();
        stamped.Dispose();
    }

    private async Task<string> OutcomeAsync(
        AmazonDynamoDBClient client, string table, IReadOnlyList<string> ids, Func<AmazonDynamoDBClient, string, Task<object?>> call, CancellationToken ct)
    {
        string outcome;
        try
        {
            outcome = Text(await call(client, table));
            Outcomes.Add("done");
        }
        catch (AmazonDynamoDBException e)
        {
            Outcomes.UnionWith(e.ErrorCode == "InternalFailure" ? [] : [e.ErrorCode]);
            var details = e switch
            {
                ConditionalCheckFailedException failed => Text(failed.Item),
                TransactionCanceledException cancelled => Text(cancelled.CancellationReasons),
                _ => "",
            };
            outcome = $"{e.GetType().Name} {e.ErrorCode} {e.StatusCode} {e.Message} {details}";
        }

        var items = new List<string>();
        foreach (var id in ids)
        {
            var item = (await plain.GetItemAsync(new GetItemRequest { TableName = table, Key = Key(id), ConsistentRead = true }, ct)).Item;
            item?.Remove(Attribute);
            items.Add(Text(item));
        }

        return $"{outcome} => {string.Join(' ', items)}".Replace(table, "TABLE", StringComparison.Ordinal);
    }

    private static string Text(object? value)
    {
        var node = value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType());
        return Sorted(node)?.ToJsonString() ?? "null";
    }

    // Attributes come in any order; requests have ids, and what two writes consume is more than what one does.
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members
            .Where(member => member.Key is not ("ResponseMetadata" or "ContentLength" or "ConsumedCapacity"))
            .OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray elements => new JsonArray([.. elements.Select(Sorted)]),
        null => null,
        _ => node.DeepClone(),
    };
}
