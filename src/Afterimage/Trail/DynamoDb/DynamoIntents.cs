using System.Runtime.CompilerServices;
using System.Text;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>Intents in the trail's table, where the transactions of applications put them.</summary>
internal sealed class DynamoIntents(IItemTable table) : ITransactionIntents
{
    private const int RemovedAtOnce = 16;
    private const long Version = 1;

    /// <inheritdoc/>
    public async IAsyncEnumerable<TransactionIntent> WaitingAsync(string audited, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var stripe in Layout.IntentsOf(audited))
        {
            await foreach (var item in table.AllAsync(new ItemQuery(stripe), ct))
            {
                yield return Read(audited, item);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlySet<string>> FindAsync(string audited, IReadOnlyList<string> names, CancellationToken ct)
    {
        var found = await table.GetManyAsync([.. names.Select(name => Layout.IntentOf(audited, name))], [ItemKey.PartitionAttribute, ItemKey.SortAttribute], ct);
        return found.Select(item => item.Key.Sort).ToHashSet(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string audited, IEnumerable<string> names, CancellationToken ct)
    {
        foreach (var some in names.Chunk(RemovedAtOnce))
        {
            await Task.WhenAll(some.Select(name => table.WriteAsync(new ItemWrite.Delete(Layout.IntentOf(audited, name)), ct)));
        }
    }

    /// <inheritdoc/>
    public Task ReportAsync(string audited, IEnumerable<UnannouncedChange> changes, CancellationToken ct) => table.PutManyAsync(
        [.. changes.Select(change => NewItem.Of(
            new ItemKey(Layout.UnannouncedOf(audited), change.Entry.Value), ("stream", Cell.Of(change.Stream.Value)), ("intent", Cell.Of(change.Name)), ("time", Cell.Of((DateTimeOffset?)change.Time))))],
        ct);

    /// <inheritdoc/>
    public IAsyncEnumerable<UnannouncedChange> UnannouncedAsync(string audited, CancellationToken ct) =>
        table.AllAsync(new ItemQuery(Layout.UnannouncedOf(audited)), ct)
            .Select(item => new UnannouncedChange(new EntryId(item.Key.Sort), new StreamArn(item.Text("stream")), item.Text("intent"), Cell.Moment(item.Text("time"))!.Value));

    // Applications write it. One that cannot be read stays where it is and is told of, and stands in nobody's way.
    private static TransactionIntent Read(string audited, Item item)
    {
        try
        {
            var change = Change(item);
            return Problem(audited, item.Key.Sort, change) is { } problem ? new TransactionIntent(item.Key.Sort, null, problem) : new TransactionIntent(item.Key.Sort, change, null);
        }
        catch (FormatException e)
        {
            return new TransactionIntent(item.Key.Sort, null, e.Message);
        }
    }

    private static IntendedChange Change(Item item) => item.Integer("v") == Version
        ? new IntendedChange(
            item.Text("table"),
            item.Integer("number"),
            EntryWords.ReadAction(item.Text("action")),
            Cell.Moment(item.Text("time"))!.Value,
            Map(item, "keys") ?? throw new FormatException("It has no keys."),
            Map(item, "before"),
            Map(item, "after"))
        : throw new FormatException($"It is of version {item.Integer("v")}, and this program knows {Version}.");

    private static AttributeMap? Map(Item item, string name) =>
        item.Has(name) ? DynamoDbJson.ReadMap(Encoding.UTF8.GetBytes(item.Attributes.GetProperty(name).GetProperty("M").GetRawText())) : null;

    // An entry is made of it, so it must be what the writer of format 1 makes.
    private static string? Problem(string audited, string name, IntendedChange change)
    {
        var removes = change.Action == ChangeAction.Remove;
        var stamp = WriterStamp.Find(removes ? change.Before : change.After, WriterStamp.Attribute);
        return (change.Before is null) != (change.Action == ChangeAction.Insert) || (change.After is null) != removes ? $"It is of {EntryWords.Of(change.Action)} and has other images."
            : stamp is not { InTransaction: true } || stamp.IntentName(removes) != name || (removes && !stamp.Deletes) ? "Its image does not bear the stamp that it is named by."
            : stamp.Item != StampedItem.Hash(audited, change.Keys) ? "Its stamp is of another item."
            : change.Number < 1 ? "Its number is below 1."
            : null;
    }
}
