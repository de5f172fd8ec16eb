using Afterimage.Streams.Records;

namespace Afterimage.Trail.Sqlite;

/// <summary>
/// The changes of an item or a partition: stream by stream, as a table's streams follow each other, and within one by sequence number.
/// </summary>
internal sealed class SqliteHistory
{
    private readonly HistoryFilter filter;
    private readonly long since;
    private readonly string first;
    private readonly string rows;

    public SqliteHistory(HistoryFilter filter)
    {
        this.filter = filter;
        since = filter.Since is { } moment ? SqliteTime.Bound(moment) : long.MinValue;
        var (after, order) = filter.Reverse ? ("<", "DESC") : (">", "ASC");
        string Of(string columns, string condition, string limit) =>
            $"SELECT {columns} WHERE l.span = $1 AND l.key = $2 AND (l.place, l.no) {after} ($3, $4) {condition} ORDER BY l.place {order}, l.no {order} LIMIT {limit}";

        first = Of("l.place, l.no FROM lookup AS l", string.Empty, "1");
        rows = Of("l.place, l.no, e.time FROM lookup AS l JOIN entry AS e ON e.no = l.no", $"AND NOT (l.place, l.no) {after} ($5, $6)", "$7");
    }

    public HistoryPlace Start => StartOf(null);

    public Window<HistoryPlace> Window(SqliteSession session, HistoryPlace from, int size)
    {
        var spans = new SqliteLookups(session).Spans;
        foreach (var arn in Streams(session, from.Arn))
        {
            var start = arn == from.Arn ? from : StartOf(arn);
            var key = LookupKey.Of(new StreamArn(arn), filter.Key);

            // The span whose first row is next is read until the first row of another one is: mostly that is all of it.
            var heads = Enumerable.Range(0, (int)spans).Select(span => Head(session, span, key, start)).OfType<SpanHead>().ToList();
            if (heads.Count == 0)
            {
                continue;
            }

            heads.Sort((left, right) => filter.Reverse ? SpanHead.Compare(right, left) : SpanHead.Compare(left, right));
            var bound = heads.Count > 1 ? new HistoryPlace(arn, heads[1].Sequence, heads[1].No) : EndOf(arn);
            var found = session.Rows(
                row => (Time: row.GetInt64(2), Place: new HistoryPlace(arn, (byte[])row.GetValue(0), row.GetInt64(1))),
                rows,
                heads[0].Span,
                key,
                start.Sequence,
                start.No,
                bound.Sequence,
                bound.No,
                size);
            return new([.. found.Where(row => row.Time >= since).Select(row => (row.Place.No, row.Place))], found[^1].Place);
        }

        return new([], null);
    }

    private SpanHead? Head(SqliteSession session, int span, long key, HistoryPlace start)
    {
        var found = session.Rows(row => new SpanHead(span, (byte[])row.GetValue(0), row.GetInt64(1)), first, span, key, start.Sequence, start.No);
        return found.Count == 0 ? null : found[0];
    }

    // The table's streams from one on, in the order of the answer.
    private IEnumerable<string> Streams(SqliteSession session, string? from)
    {
        var arns = session.Rows(row => row.GetString(0), "SELECT arn FROM stream").Where(arn => new StreamArn(arn).Table == filter.Table);
        return filter.Reverse
            ? arns.Where(arn => from is null || string.CompareOrdinal(arn, from) <= 0).OrderDescending(StringComparer.Ordinal)
            : arns.Where(arn => from is null || string.CompareOrdinal(arn, from) >= 0).Order(StringComparer.Ordinal);
    }

    private HistoryPlace StartOf(string? arn) => filter.Reverse ? Beyond(arn) : Before(arn);

    private HistoryPlace EndOf(string arn) => filter.Reverse ? Before(arn) : Beyond(arn);

    private static HistoryPlace Before(string? arn) => new(arn, SequenceKey.None, long.MinValue);

    private static HistoryPlace Beyond(string? arn) => new(arn, SequenceKey.Beyond, long.MaxValue);
}

/// <summary>A place in a history: an entry's stream, sequence number and row.</summary>
internal sealed record HistoryPlace(string? Arn, byte[] Sequence, long No);

/// <summary>The first row of a span that an answer has not come to.</summary>
internal sealed record SpanHead(int Span, byte[] Sequence, long No)
{
    public static int Compare(SpanHead left, SpanHead right) =>
        left.Sequence.AsSpan().SequenceCompareTo(right.Sequence) is var order and not 0 ? order : left.No.CompareTo(right.No);
}
