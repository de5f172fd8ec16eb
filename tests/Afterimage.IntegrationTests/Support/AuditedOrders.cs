using System.Diagnostics;
using System.Text.Json;
using Afterimage.Stamp;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.IntegrationTests.Support;

/// <summary>A table that is changed by transactions, with a trail of its own.</summary>
internal sealed class AuditedOrders : IAsyncDisposable
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };
    private static int made;

    private readonly TempFolder folder = new();

    private AuditedOrders(Func<Uri, AmazonDynamoDBClient> connect, Uri endpoint, string name)
    {
        (Client, Endpoint, Name) = (connect(endpoint), endpoint, name);
        Table = new AuditedTable(Client, name, TrailOf(name), new StampOptions { Service = "orders-api" });
    }

    public AmazonDynamoDBClient Client { get; }

    public Uri Endpoint { get; }

    public string Name { get; }

    public string Trail => TrailOf(Name);

    public string Folder => folder.Path;

    public AuditedTable Table { get; }

    /// <summary>Makes both, and tells the trail of the table.</summary>
    public static async Task<AuditedOrders> CreateAsync(LocalDatabase database, bool isStreamed, CancellationToken ct)
    {
        var endpoint = await database.EndpointAsync();
        var orders = new AuditedOrders(LocalDatabase.ClientFor, endpoint, $"Audited-{Environment.ProcessId}-{Interlocked.Increment(ref made)}");
        await orders.Client.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = orders.Name,
                AttributeDefinitions = [new AttributeDefinition("id", ScalarAttributeType.S)],
                KeySchema = [new KeySchemaElement("id", KeyType.HASH)],
                BillingMode = BillingMode.PAY_PER_REQUEST,
                StreamSpecification = new StreamSpecification { StreamEnabled = isStreamed, StreamViewType = isStreamed ? StreamViewType.NEW_AND_OLD_IMAGES : null },
            },
            ct);
        await orders.RunAsync(ct, "enable", orders.Name, "--transactions");
        return orders;
    }

    /// <summary>Runs the program over the trail to its end, which must be a good one.</summary>
    public async Task<(int ExitCode, string Out, string Error)> RunAsync(CancellationToken ct, params string[] args)
    {
        var ran = await AfterimageProcess.RunAsync(folder.Path, ct, To(args));
        ran.ExitCode.ShouldBe(0, ran.Out + ran.Error);
        return ran;
    }

    /// <summary>Starts a worker, to be killed.</summary>
    public Process StartWorker() => AfterimageProcess.Start(folder.Path, To(["run", "--table", Name]));

    public Task DrainAsync(CancellationToken ct) => RunAsync(ct, "run", "--table", Name, "--drain");

    /// <summary>What the program answers about an item.</summary>
    public async Task<List<JsonElement>> HistoryAsync(string id, CancellationToken ct) =>
        [.. (await RunAsync(ct, "history", Name, $"id={id}", "--json")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line, Deep))];

    /// <summary>How many intents wait, and parts of them.</summary>
    public async Task<int> WaitingAsync(CancellationToken ct) => (await IntentKeysAsync(ct)).Count;

    /// <summary>The keys of all that is kept of intents, wherever it lies.</summary>
    public async Task<List<Dictionary<string, AttributeValue>>> IntentKeysAsync(CancellationToken ct)
    {
        var scan = new ScanRequest
        {
            TableName = Trail,
            FilterExpression = "begins_with(pk, :i)",
            ProjectionExpression = "pk, sk",
            ExpressionAttributeValues = new() { [":i"] = new("intents ") },
        };
        return await Client.Paginators.Scan(scan).Responses.SelectMany(page => page.Items).ToListAsync(ct);
    }

    /// <summary>Each image before is the image after of the entry before.</summary>
    public static void ShouldChain(IReadOnlyList<JsonElement> entries)
    {
        for (var at = 0; at < entries.Count; at++)
        {
            var before = at == 0 ? Nothing : Image(entries[at - 1], "newImage");
            JsonElement.DeepEquals(Image(entries[at], "oldImage"), before).ShouldBeTrue($"entry {at} does not go on where the one before it ended: {entries[at]}");
        }
    }

    /// <summary>An image of an entry; null where there is none.</summary>
    public static JsonElement Image(JsonElement entry, string name) => entry.TryGetProperty(name, out var image) ? image : Nothing;

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        Client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static JsonElement Nothing { get; } = JsonElement.Parse("null");

    private static string TrailOf(string name) => $"trail-of-{name}";

    private string[] To(string[] args) => [.. args, "--trail", $"dynamodb:{Trail}", "--endpoint", Endpoint.ToString()];
}
