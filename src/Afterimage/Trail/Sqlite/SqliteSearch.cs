using System.Globalization;
using Afterimage.Entries;
using Microsoft.Data.Sqlite;

namespace Afterimage.Trail.Sqlite;

/// <summary>A search, newest first; within a second, what was kept later comes first.</summary>
internal sealed class SqliteSearch
{
    private readonly SearchFilter filter;
    private readonly long since;

    // The values of $1 to $5 are the window's; those of the filter follow.
    private readonly List<object?> values = [];
    private readonly string conditions;

    public SqliteSearch(SearchFilter filter)
    {
        if (filter.Key is not null && filter.Table is null)
        {
            throw new ArgumentException("A key is one of a table: the filter names none.", nameof(filter));
        }

        this.filter = filter;
        since = filter.Since is { } moment ? SqliteTime.Bound(moment) : long.MinValue;
        conditions = string.Concat(Conditions());
    }

    /// <summary>Just before the first entry of the answer.</summary>
    public SearchPlace Start
    {
        get
        {
            var until = new SearchPlace(filter.Until is { } moment ? SqliteTime.Bound(moment) : long.MaxValue, long.MinValue);
            return filter.After is { } cursor && SearchPlace.Parse(cursor) is var after && after.IsOlderThan(until) ? after : until;
        }
    }

    public Window<SearchPlace> Window(SqliteSession session, SearchPlace before, int size) =>
        filter.Key is { } key ? OfKey(session, key, before, size) : OfAll(session, before, size);

    // Rows that do not match are passed over a window at a time, so that a search for what is rare does not hold one snapshot throughout.
    private Window<SearchPlace> OfAll(SqliteSession session, SearchPlace before, int size)
    {
        var last = session.Rows(
            Place,
            """
            SELECT no, time FROM entry INDEXED BY entry_by_time WHERE (time, no) < ($1, $2) AND time >= $3
            ORDER BY time DESC, no DESC LIMIT 1 OFFSET $4
            """,
            before.Time,
            before.No,
            since,
            size - 1).Select(row => row.Position).FirstOrDefault();
        var hits = session.Rows(
            Place,
            $"""
            SELECT no, time FROM entry INDEXED BY entry_by_time WHERE (time, no) < ($1, $2) AND (time, no) >= ($3, $4) {conditions}
            ORDER BY time DESC, no DESC LIMIT $5
            """,
            [before.Time, before.No, last?.Time ?? since, last?.No ?? long.MinValue, size, .. values]);
        return new(hits, last);
    }

    private Window<SearchPlace> OfKey(SqliteSession session, AttributeMap key, SearchPlace before, int size)
    {
        if (KeyPlace.Find(filter.Table!, key, SqliteTables.KeyPairs(session, filter.Table!)) is not { Item.Length: > 0 } place)
        {
            return new([], null);
        }

        // One attribute is a partition key: the item itself where the table has no sort key.
        var ofItem = "SELECT * FROM entry INDEXED BY entry_by_item WHERE item = $4";
        var source = key.Count == 1 ? $"{ofItem} UNION ALL SELECT * FROM entry INDEXED BY entry_by_partition WHERE partition = $4" : ofItem;
        var hits = session.Rows(
            Place,
            $"""
            SELECT no, time FROM ({source}) WHERE (time, no) < ($1, $2) AND time >= $3 {conditions}
            ORDER BY time DESC, no DESC LIMIT $5
            """,
            [before.Time, before.No, since, place.Item, size, .. values]);
        return new(hits, hits.Count == size ? hits[^1].Position : null);
    }

    private IEnumerable<string> Conditions()
    {
        (string Column, string? Wanted)[] wanted =
        [
            ("table_name", filter.Table),
            ("service", filter.Service),
            ("entity", filter.Entity),
            ("tenant", filter.Tenant),
            ("action", filter.Action is { } action ? EntryWords.Of(action) : null),
            ("actor", filter.Actor),
        ];
        foreach (var (column, value) in wanted.Where(condition => condition.Wanted is not null))
        {
            values.Add(value);
            yield return $" AND {column} = ${values.Count + 5}";
        }

        if (filter.Unattributed)
        {
            yield return " AND attributed = 0";
        }
    }

    private static (long No, SearchPlace Position) Place(SqliteDataReader row) =>
        (row.GetInt64(0), new SearchPlace(row.GetInt64(1), row.GetInt64(0)));
}

/// <summary>A place in the order of a search: an entry's time, and its row among those of the same time.</summary>
internal sealed record SearchPlace(long Time, long No)
{
    public SearchCursor Cursor => new(string.Create(CultureInfo.InvariantCulture, $"{Time}.{No}"));

    public static SearchPlace Parse(SearchCursor cursor)
    {
        var parts = cursor.Value.Split('.');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var no)
            ? new(time, no)
            : throw new UsageException(
                $"'{cursor.Value}' is not where a search of this trail ended.", "Give --after the cursor that an earlier answer of the same search ended with.");
    }

    public bool IsOlderThan(SearchPlace other) => (Time, No).CompareTo((other.Time, other.No)) < 0;
}
