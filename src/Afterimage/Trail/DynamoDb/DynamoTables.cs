using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>
/// The tables that the trail follows. Each change of a row raises its version and is made of the version that was read: a write that arrives late, and a repeat, do nothing.
/// </summary>
internal sealed class DynamoTables(IItemTable table)
{
    /// <summary>Notes a table, whatever is said of it.</summary>
    public async Task KeepAsync(TrailTable row, CancellationToken ct)
    {
        Row? held;
        do
        {
            held = await FindAsync(row.Name, ct);
        }
        while (held?.Table != row && !await PutAsync(row, held, ct));
    }

    /// <summary>Notes a table if this is said of it; null where nothing is.</summary>
    /// <returns>Whether it is noted so.</returns>
    public async Task<bool> TryKeepAsync(TrailTable row, TrailTable? seen, CancellationToken ct)
    {
        var held = await FindAsync(row.Name, ct);
        if (held?.Table != seen)
        {
            return false;
        }

        // Where the very next version says the same, it was this write, whose answer was lost, or one that is as good.
        return await PutAsync(row, held, ct) || (await FindAsync(row.Name, ct) is { } now && now == new Row(row, VersionOf(held) + 1));
    }

    /// <summary>Every table, by name.</summary>
    public async Task<IReadOnlyList<TrailTable>> AllAsync(CancellationToken ct) =>
        await table.AllAsync(new ItemQuery(Layout.Tables), ct).Select(item => Read(item).Table).ToListAsync(ct);

    private async Task<Row?> FindAsync(string name, CancellationToken ct) => await table.GetAsync(KeyOf(name), ct) is { } item ? Read(item) : null;

    private Task<bool> PutAsync(TrailTable row, Row? held, CancellationToken ct) => table.WriteAsync(
        new ItemWrite.Put(
            NewItem.Of(
                KeyOf(row.Name),
                ("partitionKey", Cell.Of(row.PartitionKey.Name)),
                ("partitionKind", Cell.Of(row.PartitionKey.Kind.ToString())),
                ("sortKey", Cell.Of(row.SortKey?.Name)),
                ("sortKind", Cell.Of(row.SortKey?.Kind.ToString())),
                ("stream", Cell.Of(row.Stream?.Value)),
                ("transactions", Cell.Of(row.Transactions is { } transactions ? transactions.Intake?.Value ?? ByStream : null)),
                ("followed", AttributeValue.Boolean(row.Followed)),
                ("version", Cell.Of(VersionOf(held) + 1))),
            held is null ? Term.NoItem : Term.Is("version", held.Version)),
        ct);

    // What AuditedTable asks for: that the attribute is there, whatever it says.
    private const string ByStream = "stream";

    private static ItemKey KeyOf(string name) => new(Layout.Tables, name);

    private static long VersionOf(Row? held) => held?.Version ?? 0;

    private static Row Read(Item item) => new(
        new TrailTable(
            item.Key.Sort,
            new KeyAttribute(item.Text("partitionKey"), Kind(item.Text("partitionKind"))),
            item.TextOrNull("sortKey") is { } sort ? new KeyAttribute(sort, Kind(item.Text("sortKind"))) : null,
            item.TextOrNull("stream") is { } stream ? new StreamArn(stream) : null,
            item.Flag("followed"))
        {
            Transactions = item.TextOrNull("transactions") is { } transactions ? new TableTransactions(transactions == ByStream ? null : new StreamArn(transactions)) : null,
        },
        item.Integer("version"));

    private static AttributeKind Kind(string text) => Enum.TryParse<AttributeKind>(text, out var kind) ? kind : throw new FormatException($"'{text}' is no type of a key.");

    private sealed record Row(TrailTable Table, long Version);
}
