using System.Runtime.CompilerServices;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>Intents in the trail's table, where the transactions of applications put them.</summary>
internal sealed class DynamoIntents(IItemTable table) : ITransactionIntents
{
    private const int RemovedAtOnce = 16;

    private readonly IntentReading reading = new(table);

    /// <inheritdoc/>
    public async IAsyncEnumerable<TransactionIntent> WaitingAsync(string audited, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var stripe in Layout.IntentsOf(audited))
        {
            await foreach (var item in table.AllAsync(new ItemQuery(stripe), ct))
            {
                if (await reading.ReadAsync(audited, item, ct) is { } intent)
                {
                    yield return intent;
                }
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, IntentPlace>> FindAsync(string audited, IReadOnlyList<string> names, CancellationToken ct)
    {
        var found = await table.GetManyAsync([.. names.Select(name => Layout.IntentOf(audited, name))], IntentReading.Placed, ct);
        return found.Select(IntentReading.PlaceOf).ToDictionary(place => place.Name, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string audited, IEnumerable<IntentPlace> intents, CancellationToken ct)
    {
        foreach (var some in intents.Chunk(RemovedAtOnce))
        {
            await Task.WhenAll(some.Select(intent => RemoveAsync(audited, intent, ct)));
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

    // With its parts in one transaction: a part without its intent would lie there for ever, and an intent without its parts would be taken for damaged.
    private Task RemoveAsync(string audited, IntentPlace intent, CancellationToken ct) => intent.Parts switch
    {
        null => Task.CompletedTask,
        0 => table.WriteAsync(new ItemWrite.Delete(Layout.IntentOf(audited, intent.Name)), ct),
        { } parts => table.WriteTogetherAsync(
            [.. Enumerable.Range(0, parts).Select(at => Layout.IntentPartOf(audited, intent.Name, at)).Prepend(Layout.IntentOf(audited, intent.Name)).Select(key => new ItemWrite.Delete(key))], ct),
    };
}
