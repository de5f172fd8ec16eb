using Afterimage.Entries;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>The changes of an item, or of all items under one partition key, in the order in which they happened: one query, and the entries it names.</summary>
internal sealed class DynamoHistory(IItemTable table, EntryReading entries)
{
    private static readonly IReadOnlyList<string> Wanted = [ItemKey.PartitionAttribute, ItemKey.SortAttribute];

    /// <summary>The changes.</summary>
    public IAsyncEnumerable<AuditEntry> OfAsync(HistoryFilter filter, CancellationToken ct)
    {
        // The item's own query is of the table and sees what was committed a moment ago; that of a partition is of an index, which may lag.
        var partition = Layout.HistoryOf(filter.Table, ItemText.Of(filter.Key));
        var ofItem = Keys(new ItemQuery(partition) { Reverse = filter.Reverse, Attributes = Wanted }, ct);
        var keys = filter.Key.Count > 1 ? ofItem : Merge.Of(
            [ofItem, Keys(new ItemQuery(partition) { Index = Indexes.ByPartition, Reverse = filter.Reverse }, ct)],
            key => key.Sort,
            filter.Reverse,
            ct);
        return entries.AtAsync(keys, ct).Select(found => found.Entry)
            .Where(entry => filter.Since is not { } since || entry.Time >= since)
            .Where(entry => IsOf(entry, filter.Table, filter.Key));
    }

    /// <summary>Whether an entry is of a key: what is found by a hash is compared with what was looked for.</summary>
    public static bool IsOf(AuditEntry entry, string table, AttributeMap key) =>
        entry.Table == table && entry.Keys is { } keys && key.All(wanted => keys.TryGetValue(wanted.Key, out var value) && value.Equals(wanted.Value));

    private IAsyncEnumerable<ItemKey> Keys(ItemQuery query, CancellationToken ct) => table.AllAsync(query, ct).Select(item => item.Key);
}
