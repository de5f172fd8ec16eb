using Afterimage.Entries;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>A search, newest first; entries of one moment lie in the order of their ids. It goes by an index, which may lag behind by a moment.</summary>
internal sealed class DynamoSearch
{
    private static readonly IReadOnlyList<string> OfKey = [ItemKey.PartitionAttribute, ItemKey.SortAttribute, Indexes.ByTime.Sort, .. Indexes.Filtered];

    private readonly IItemTable table;
    private readonly EntryReading entries;
    private readonly SearchFilter filter;
    private readonly string? from;
    private readonly string? through;

    public DynamoSearch(IItemTable table, EntryReading entries, SearchFilter filter)
    {
        if (filter.Key is not null && filter.Table is null)
        {
            throw new ArgumentException("A key is one of a table: the filter names none.", nameof(filter));
        }

        (this.table, this.entries, this.filter) = (table, entries, filter);
        from = filter.Since is { } since ? Cell.Text(RoundedUp(since)) : null;
        through = new[] { filter.Until is { } until ? Cell.Text(RoundedUp(until)) : null, filter.After?.Value }.Where(bound => bound is not null).Min(StringComparer.Ordinal);
    }

    /// <summary>The entries.</summary>
    /// <param name="tables">The tables of the trail, which are looked through one by one where none is named.</param>
    /// <param name="ct">Gives up.</param>
    public async IAsyncEnumerable<FoundEntry> RunAsync(
        Func<CancellationToken, Task<IReadOnlyList<string>>> tables, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        if (filter.After is { } after)
        {
            Check(after);
        }

        var rows = filter.Key is { } key ? await OfKeyAsync(key, ct) : Merge.Of(
            (await StripesAsync(tables, ct)).Select(stripe => table.AllAsync(stripe with { From = from, Through = through, Reverse = true }, ct)),
            row => row.Text(Indexes.ByTime.Sort),
            isReverse: true,
            ct);
        var places = new Dictionary<ItemKey, string>();
        var keys = rows.Where(IsWanted).Select(row =>
        {
            places[row.Key] = row.Text(Indexes.ByTime.Sort);
            return row.Key;
        });
        await foreach (var (found, entry) in entries.AtAsync(keys, ct))
        {
            places.Remove(found, out var place);
            if (filter.Key is null || DynamoHistory.IsOf(entry, filter.Table!, filter.Key))
            {
                yield return new FoundEntry(entry, new SearchCursor(place!));
            }
        }
    }

    private async Task<IEnumerable<ItemQuery>> StripesAsync(Func<CancellationToken, Task<IReadOnlyList<string>>> tables, CancellationToken ct) => filter.Actor is { } actor
        ? Indexes.StripesOf(EntryItems.ActorText(actor)).Select(stripe => new ItemQuery(stripe) { Index = Indexes.ByActor })
        : (filter.Table is { } one ? [one] : await tables(ct)).SelectMany(Indexes.StripesOf).Select(stripe => new ItemQuery(stripe) { Index = Indexes.ByTime });

    // An item's changes lie in their own order: those that are wanted are gathered and sorted, which takes some hundred bytes of memory for each.
    private async Task<IAsyncEnumerable<Item>> OfKeyAsync(AttributeMap key, CancellationToken ct)
    {
        var partition = Layout.HistoryOf(filter.Table!, ItemText.Of(key));
        var found = await table.AllAsync(new ItemQuery(partition) { Attributes = OfKey }, ct).Where(IsWithin).ToListAsync(ct);
        if (key.Count == 1)
        {
            var ofPartition = await table.AllAsync(new ItemQuery(partition) { Index = Indexes.ByPartition }, ct).Select(item => item.Key).ToListAsync(ct);
            found.AddRange((await table.GetManyAsync(ofPartition, OfKey, ct)).Where(IsWithin));
        }

        return found.OrderByDescending(item => item.Text(Indexes.ByTime.Sort), StringComparer.Ordinal).ToAsyncEnumerable();
    }

    private bool IsWithin(Item row) =>
        row.Text(Indexes.ByTime.Sort) is var at && (from is null || string.CompareOrdinal(at, from) >= 0) && (through is null || string.CompareOrdinal(at, through) <= 0);

    private bool IsWanted(Item row) =>
        row.Text(Indexes.ByTime.Sort) != filter.After?.Value
        && Is(row, "table", filter.Table)
        && Is(row, "service", filter.Service)
        && Is(row, "entity", filter.Entity)
        && Is(row, "tenant", filter.Tenant)
        && Is(row, "action", filter.Action is { } action ? EntryWords.Of(action) : null)
        && (filter.Actor is null || OfActor(row, "id") == filter.Actor)
        && (!filter.Unattributed || IsUnattributed(row));

    // Nobody made what stands for no change.
    private static bool IsUnattributed(Item row) =>
        row.TextOrNull("kind") == EntryWords.Of(EntryKind.Change) && OfActor(row, "source") == EntryWords.Of(ActorSource.Unknown);

    private static bool Is(Item row, string attribute, string? wanted) => wanted is null || row.TextOrNull(attribute) == wanted;

    private static string? OfActor(Item row, string member) =>
        row.Attributes.TryGetProperty("actor", out var actor) && actor.TryGetProperty("M", out var members) && members.TryGetProperty(member, out var value)
            ? value.GetProperty("S").GetString()
            : null;

    // Places are to the millisecond: what lies between two of them begins with the next.
    private static DateTimeOffset RoundedUp(DateTimeOffset moment)
    {
        var rest = moment.UtcTicks % TimeSpan.TicksPerMillisecond;
        return rest == 0 ? moment : moment.AddTicks(TimeSpan.TicksPerMillisecond - rest);
    }

    private static void Check(SearchCursor cursor)
    {
        var parts = cursor.Value.Split('/');
        if (parts.Length != 2 || !EntryId.TryParse(parts[1], out _) || !DateTimeOffset.TryParse(parts[0], System.Globalization.CultureInfo.InvariantCulture, out var moment) || Cell.Text(moment) != parts[0])
        {
            throw new UsageException(
                $"'{cursor.Value}' is not where a search of this trail ended.", "Give --after the cursor that an earlier answer of the same search ended with.");
        }
    }
}
