namespace Afterimage.Trail.DynamoDb.Table;

/// <summary>A table that tells of every request that reads from it.</summary>
/// <param name="table">The table.</param>
/// <param name="reads">Is told.</param>
internal sealed class ToldTable(IItemTable table, IProgress<TableRead> reads) : IItemTable
{
    private const string OfTable = "the table";

    public async Task<Item?> GetAsync(ItemKey key, CancellationToken ct)
    {
        var item = await table.GetAsync(key, ct);
        reads.Report(new TableRead("GetItem", OfTable, item is null ? 0 : 1));
        return item;
    }

    public async Task<IReadOnlyList<Item>> GetManyAsync(IReadOnlyList<ItemKey> keys, IReadOnlyList<string>? attributes, CancellationToken ct)
    {
        var items = await table.GetManyAsync(keys, attributes, ct);
        reads.Report(new TableRead("BatchGetItem", OfTable, items.Count));
        return items;
    }

    public async Task<ItemPage> QueryAsync(ItemQuery query, CancellationToken ct)
    {
        var page = await table.QueryAsync(query, ct);
        reads.Report(new TableRead("Query", query.Index is { } index ? $"the index {index.Name}" : OfTable, page.Items.Count));
        return page;
    }

    public async Task<ItemPage> ScanAsync(ItemScan scan, CancellationToken ct)
    {
        var page = await table.ScanAsync(scan, ct);
        reads.Report(new TableRead("Scan", OfTable, page.Items.Count));
        return page;
    }

    public Task<bool> WriteAsync(ItemWrite write, CancellationToken ct) => table.WriteAsync(write, ct);

    public Task<bool> WriteTogetherAsync(IReadOnlyList<ItemWrite> writes, CancellationToken ct) => table.WriteTogetherAsync(writes, ct);

    public Task PutManyAsync(IReadOnlyList<NewItem> items, CancellationToken ct) => table.PutManyAsync(items, ct);
}
