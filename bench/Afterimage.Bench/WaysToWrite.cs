using Afterimage.Trail;
using Afterimage.Trail.DynamoDb.Table;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Bench;

/// <summary>
/// The entries of a trail, written once more in every way that DynamoDB has, and nothing besides them: no pointers, no leaves, no row. What DynamoDB Local makes of each way is
/// the most that a trail could come to in it.
/// </summary>
internal static class WaysToWrite
{
    private const int PutsAtOnce = 16;
    private const int TransactionMax = 100;
    private const int TransactionsAtOnce = 4;

    /// <summary>Measures all of them.</summary>
    /// <param name="client">Makes tables.</param>
    /// <param name="site">How they are reached.</param>
    /// <param name="trail">The table of a trail that was filled.</param>
    /// <param name="measure">Times so many entries under a name.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task RunAsync(IAmazonDynamoDB client, TrailSite site, string trail, Func<string, int, Func<Task>, Task> measure, CancellationToken ct)
    {
        var entries = await EntriesAsync(trail, site, ct);
        foreach (var withIndexes in (bool[])[false, true])
        {
            var tables = withIndexes ? "three indexes" : "no index";
            await InAsync($"puts on condition, {PutsAtOnce} at once, {tables}", (table, token) =>
                Parallel.ForEachAsync(entries, Many(PutsAtOnce, token), async (entry, stop) => await table.WriteAsync(new ItemWrite.Put(entry, Term.NoItem), stop)));
            await InAsync($"transactions of {TransactionMax}, {tables}", (table, token) =>
                Parallel.ForEachAsync(entries.Chunk(TransactionMax), Many(TransactionsAtOnce, token), async (some, stop) => await table.WriteTogetherAsync([.. some.Select(entry => new ItemWrite.Put(entry, Term.NoItem))], stop)));
            await InAsync($"batches, which take no conditions, {tables}", (table, token) => table.PutManyAsync(entries, token));

            async Task InAsync(string name, Func<DynamoTable, CancellationToken, Task> write)
            {
                var to = $"ways-{Guid.CreateVersion7(site.Time.GetUtcNow()):N}";
                using var table = new DynamoTable(to, site);
                if (withIndexes)
                {
                    await table.Setup.CreateAsync(new TrailTableOptions(), site.Time, ct);
                }
                else
                {
                    await client.CreateTableAsync(Plain(to), ct);
                }

                await measure(name, entries.Count, () => write(table, ct));
            }
        }
    }

    private static ParallelOptions Many(int atOnce, CancellationToken ct) => new() { MaxDegreeOfParallelism = atOnce, CancellationToken = ct };

    private static CreateTableRequest Plain(string name) => new()
    {
        TableName = name,
        AttributeDefinitions = [new AttributeDefinition(ItemKey.PartitionAttribute, ScalarAttributeType.S), new AttributeDefinition(ItemKey.SortAttribute, ScalarAttributeType.S)],
        KeySchema = [new KeySchemaElement(ItemKey.PartitionAttribute, KeyType.HASH), new KeySchemaElement(ItemKey.SortAttribute, KeyType.RANGE)],
        BillingMode = BillingMode.PAY_PER_REQUEST,
    };

    private static async Task<List<NewItem>> EntriesAsync(string trail, TrailSite site, CancellationToken ct)
    {
        using var table = new DynamoTable(trail, site);
        var keys = new List<ItemKey>();
        PageMark? after = null;
        do
        {
            var page = await table.ScanAsync(new ItemScan(0, 1, [ItemKey.PartitionAttribute, ItemKey.SortAttribute, "leaf"], after), ct);
            keys.AddRange(page.Items.Where(item => item.Has("leaf")).Select(item => item.Key));
            after = page.Next;
        }
        while (after is not null);

        return [.. (await table.GetManyAsync(keys, null, ct)).Select(item => new NewItem(item.Key, System.Text.Encoding.UTF8.GetBytes(item.Attributes.GetRawText())))];
    }
}
