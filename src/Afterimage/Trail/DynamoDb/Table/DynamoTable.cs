using System.Text.Json;
using Afterimage.Entries;
using Afterimage.Streams.Aws;

namespace Afterimage.Trail.DynamoDb.Table;

/// <summary>The trail's table in DynamoDB itself. Any number of callers may use it at once.</summary>
/// <param name="name">The table's name.</param>
/// <param name="site">How it is reached.</param>
internal sealed class DynamoTable(string name, TrailSite site) : IItemTable, IDisposable
{
    // API reference: 100 keys a BatchGetItem, 25 items a BatchWriteItem and 16 MB; half of that leaves room for what JSON adds.
    private const int GetMax = 100;
    private const int PutMax = 25;
    private const int PutBytesMax = 8 * 1024 * 1024;

    // Large enough to hide the time that an answer takes, small enough not to be throttled at once.
    private const int CallsAtOnce = 16;

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = DynamoDbJson.DepthMax };

    private readonly AwsAccess access = AwsAccess.Create(site.Aws, site.Environment, site.Time, site.Random);
    private readonly DynamoRequests requests = new(name);
    private readonly SemaphoreSlim calls = new(CallsAtOnce);

    /// <summary>Makes the table, and tells whether one is there.</summary>
    public TrailTableSetup Setup => new(access.DynamoDb, name);

    public Task<Item?> GetAsync(ItemKey key, CancellationToken ct) => CallAsync(
        "GetItem", requests.Get(key), answer => answer.TryGetProperty("Item", out var item) ? new Item(item) : (Item?)null, ct);

    public async Task<IReadOnlyList<Item>> GetManyAsync(IReadOnlyList<ItemKey> keys, IReadOnlyList<string>? attributes, CancellationToken ct)
    {
        var pages = await Task.WhenAll(keys.Chunk(GetMax).Select(some => GetSomeAsync(some, attributes, ct)));
        return [.. pages.SelectMany(page => page)];
    }

    public Task<ItemPage> QueryAsync(ItemQuery query, CancellationToken ct) => CallAsync("Query", requests.Query(query), Page, ct);

    public Task<ItemPage> ScanAsync(ItemScan scan, CancellationToken ct) => CallAsync("Scan", requests.Scan(scan), Page, ct);

    public async Task<bool> WriteAsync(ItemWrite write, CancellationToken ct)
    {
        var (operation, body) = requests.Write(write);
        return await HoldsAsync(operation, body, ct);
    }

    public Task<bool> WriteTogetherAsync(IReadOnlyList<ItemWrite> writes, CancellationToken ct) =>
        HoldsAsync("TransactWriteItems", requests.Together(writes), ct);

    public Task PutManyAsync(IReadOnlyList<NewItem> items, CancellationToken ct) => Task.WhenAll(Batches(items).Select(batch => PutSomeAsync(batch, ct)));

    public void Dispose()
    {
        calls.Dispose();
        access.Dispose();
    }

    private static IEnumerable<List<ReadOnlyMemory<byte>>> Batches(IReadOnlyList<NewItem> items)
    {
        var (batch, bytes) = (new List<ReadOnlyMemory<byte>>(), 0L);
        foreach (var item in items)
        {
            if (batch.Count == PutMax || (batch.Count > 0 && bytes + item.Text.Length > PutBytesMax))
            {
                yield return batch;
                (batch, bytes) = ([], 0L);
            }

            batch.Add(item.Text);
            bytes += item.Text.Length;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    // What is left over is throttled (API reference, UnprocessedItems): it is tried again, with the waits of any throttled call.
    private async Task PutSomeAsync(List<ReadOnlyMemory<byte>> items, CancellationToken ct)
    {
        for (var attempt = 1; items.Count > 0; attempt++)
        {
            items = await CallAsync(
                "BatchWriteItem",
                requests.PutMany(items),
                answer => Unprocessed(answer, "UnprocessedItems") is { } rest ? rest.EnumerateArray().Select(one => Raw(one.GetProperty("PutRequest").GetProperty("Item"))).ToList() : [],
                ct);
            await PauseAsync(items.Count, attempt, ct);
        }
    }

    private async Task<List<Item>> GetSomeAsync(ItemKey[] keys, IReadOnlyList<string>? attributes, CancellationToken ct)
    {
        var found = new List<Item>();
        for (var attempt = 1; keys.Length > 0; attempt++)
        {
            (var items, keys) = await CallAsync(
                "BatchGetItem",
                requests.GetMany(keys, attributes),
                answer => (
                    answer.GetProperty("Responses").GetProperty(name).EnumerateArray().Select(one => new Item(one)).ToList(),
                    (Unprocessed(answer, "UnprocessedKeys") is { } rest ? (ItemKey[])[.. rest.GetProperty("Keys").EnumerateArray().Select(one => new Item(one).Key)] : [])),
                ct);
            found.AddRange(items);
            await PauseAsync(items.Count > 0 ? 0 : keys.Length, attempt, ct);
        }

        return found;
    }

    private JsonElement? Unprocessed(JsonElement answer, string member) =>
        answer.TryGetProperty(member, out var all) && all.TryGetProperty(name, out var rest) ? rest : null;

    private async Task PauseAsync(int left, int attempt, CancellationToken ct)
    {
        if (left > 0)
        {
            var delay = RetryPlan.DelayAfter(attempt, AttemptFailure.Throttled, jitter: 0.5)
                ?? throw new ThrottledException("ThrottlingException", $"DynamoDB leaves {left} items of the table {name} undone, {attempt} times over.", 400, null);
            await Task.Delay(delay, site.Time, ct);
        }
    }

    private async Task<bool> HoldsAsync(string operation, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        try
        {
            return await CallAsync(operation, body, _ => true, ct);
        }
        catch (AwsException e) when (TableErrors.IsCondition(e))
        {
            return false;
        }
    }

    private async Task<T> CallAsync<T>(string operation, ReadOnlyMemory<byte> body, Func<JsonElement, T> read, CancellationToken ct)
    {
        await calls.WaitAsync(ct);
        try
        {
            return await access.Items.CallAsync(operation, body, answer => read(JsonDocument.Parse(answer, Deep).RootElement), ct);
        }
        catch (AwsException e) when (TableErrors.Explain(e, operation, name) is not null)
        {
            throw TableErrors.Explain(e, operation, name)!;
        }
        finally
        {
            calls.Release();
        }
    }

    private static ItemPage Page(JsonElement answer) => new(
        [.. answer.GetProperty("Items").EnumerateArray().Select(one => new Item(one))],
        answer.TryGetProperty("LastEvaluatedKey", out var last) ? new PageMark(Raw(last)) : null);

    private static ReadOnlyMemory<byte> Raw(JsonElement element) => System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(element).ToArray();
}
