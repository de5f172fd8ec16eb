using System.Globalization;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Microsoft.Data.Sqlite;

namespace Afterimage.Trail.Sqlite;

/// <summary>A search, newest first; within a second, what was kept later comes first.</summary>
internal sealed class SqliteSearch
{
    private readonly SearchFilter filter;
    private readonly long since;

    // The values of $1 to $6 are the window's; those of the filter follow.
    private const int WindowValues = 6;

    private readonly List<string> words = [];
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

    public Window<SearchPlace> Window(SqliteSession session, SearchPlace before, int size)
    {
        Resolve(session);
        return filter.Key is { } key ? OfKey(session, key, before, size) : OfAll(session, before, size);
    }

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
            SELECT e.no, e.time FROM entry AS e INDEXED BY entry_by_time WHERE (e.time, e.no) < ($1, $2) AND (e.time, e.no) >= ($3, $4) {conditions}
            ORDER BY e.time DESC, e.no DESC LIMIT min($5, $6)
            """,
            [before.Time, before.No, last?.Time ?? since, last?.No ?? long.MinValue, size, size, .. values]);
        return new(hits, last);
    }

    private Window<SearchPlace> OfKey(SqliteSession session, AttributeMap key, SearchPlace before, int size)
    {
        var arns = session.Rows(row => new StreamArn(row.GetString(0)), "SELECT arn FROM stream").Where(arn => arn.Table == filter.Table);
        var keys = string.Join(',', arns.Select(arn => LookupKey.Of(arn, key).ToString(CultureInfo.InvariantCulture)));
        var hits = session.Rows(
            Place,
            $"""
            WITH RECURSIVE span (no) AS (SELECT 0 UNION ALL SELECT no + 1 FROM span WHERE no + 1 < $6)
            SELECT e.no, e.time FROM json_each($4) AS k CROSS JOIN span AS s CROSS JOIN lookup AS l CROSS JOIN entry AS e
            WHERE l.span = s.no AND l.key = k.value AND e.no = l.no AND (e.time, e.no) < ($1, $2) AND e.time >= $3 {conditions}
            ORDER BY e.time DESC, e.no DESC LIMIT $5
            """,
            [before.Time, before.No, since, $"[{keys}]", size, new SqliteLookups(session).Spans, .. values]);
        return new(hits, hits.Count == size ? hits[^1].Position : null);
    }

    // A word that no entry ever had gets no number, and is asked for as one that none has.
    private void Resolve(SqliteSession session)
    {
        values.Clear();
        values.AddRange(words.Select(word => (object?)(SqliteWords.Find(session, word) ?? 0L)));
    }

    private IEnumerable<string> Conditions()
    {
        (string Column, string? Wanted)[] wanted =
        [
            ("table_name", filter.Table),
            ("service", filter.Service),
            ("entity", filter.Entity),
            ("tenant", filter.Tenant),
            ("actor", filter.Actor),
        ];
        foreach (var (column, word) in wanted)
        {
            if (word is not null)
            {
                words.Add(word);
                yield return $" AND e.{column} = ${words.Count + WindowValues}";
            }
        }

        if (filter.Action is { } action)
        {
            yield return $" AND e.action = {(int)action}";
        }

        if (filter.Unattributed)
        {
            yield return " AND e.attributed = 0";
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
