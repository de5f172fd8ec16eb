namespace Afterimage.Trail.Sqlite;

/// <summary>
/// The changes of an item or a partition: stream by stream, as a table's streams follow each other, and within one by sequence number.
/// </summary>
internal sealed class SqliteHistory
{
    // Below and above every stream's ARN.
    private const string FirstArn = "";
    private const string BeyondArn = "\U0010FFFF";

    private readonly byte[] key;
    private readonly long since;
    private readonly bool reverse;
    private readonly string streams;
    private readonly string rows;

    public SqliteHistory(HistoryFilter filter)
    {
        key = KeyDigest.Of(filter.Table, filter.PartitionKey, filter.SortKey);
        since = filter.Since is { } moment ? SqliteTime.Bound(moment) : long.MinValue;
        reverse = filter.Reverse;
        var (after, from, order) = reverse ? ("<", "<=", "DESC") : (">", ">=", "ASC");
        streams = $"SELECT no, arn FROM stream WHERE arn {from} $1 ORDER BY arn {order}";
        string Within(string index, string column) =>
            $"SELECT no, sequence, time FROM entry INDEXED BY {index} WHERE {column} = $1 AND stream = $2 AND (sequence, no) {after} ($3, $4)";

        // A partition is the item itself where there is no sort key; where there is one, its items carry it.
        var whole = Within("entry_by_item", "item");
        var all = filter.SortKey is null ? $"{whole} UNION ALL {Within("entry_by_partition", "partition")}" : whole;
        rows = $"{all} ORDER BY sequence {order}, no {order} LIMIT $5";
    }

    public HistoryPlace Start => StartOf(reverse ? BeyondArn : FirstArn);

    public Window<HistoryPlace> Window(SqliteSession session, HistoryPlace from, int size)
    {
        foreach (var (stream, arn) in session.Rows(row => (row.GetInt64(0), row.GetString(1)), streams, from.Arn))
        {
            var start = arn == from.Arn ? from : StartOf(arn);
            var found = session.Rows(
                row => (No: row.GetInt64(0), Sequence: (byte[])row.GetValue(1), Time: row.GetInt64(2)),
                rows,
                key,
                stream,
                start.Sequence,
                start.No,
                size);
            var hits = found.Where(row => row.Time >= since).Select(row => (row.No, new HistoryPlace(arn, row.Sequence, row.No))).ToList();
            if (found.Count == size || hits.Count > 0)
            {
                // Also the end of a stream is only a page's end: the next page sees that this stream has no more and goes on to the next.
                return new(hits, new HistoryPlace(arn, found[^1].Sequence, found[^1].No));
            }
        }

        return new([], null);
    }

    private HistoryPlace StartOf(string arn) => reverse ? new(arn, SequenceKey.Beyond, long.MaxValue) : new(arn, SequenceKey.None, long.MinValue);
}

/// <summary>A place in a history: an entry's stream, sequence number and row.</summary>
internal sealed record HistoryPlace(string Arn, byte[] Sequence, long No);
