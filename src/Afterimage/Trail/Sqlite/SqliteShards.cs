using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Microsoft.Data.Sqlite;

namespace Afterimage.Trail.Sqlite;

/// <summary>The rows of streams and shards.</summary>
internal static class SqliteShards
{
    private const string Columns = "s.no, s.id, s.parent, s.last, s.size, s.finished, s.last_entry_time, s.read_through, s.tree, s.entries, s.gap_found_at, s.epoch";

    public static long StreamNo(SqliteSession session, StreamArn stream) => FindStream(session, stream)
        ?? (long)session.Scalar("INSERT INTO stream (arn) VALUES ($1) RETURNING no", stream.Value)!;

    public static long? FindStream(SqliteSession session, StreamArn stream) =>
        (long?)session.Scalar("SELECT no FROM stream WHERE arn = $1", stream.Value);

    /// <summary>A shard's row and the number by which entries know it; null where there is none.</summary>
    public static (long No, TrailShard Shard)? Find(SqliteSession session, long streamNo, StreamArn stream, ShardId shard)
    {
        var rows = session.Rows(
            row => (row.GetInt64(0), Shard(row, stream)),
            $"SELECT {Columns} FROM shard AS s WHERE s.stream = $1 AND s.id = $2",
            streamNo,
            shard.Value);
        return rows.Count == 0 ? null : rows[0];
    }

    public static List<TrailShard> All(SqliteSession session, StreamArn? stream) => session.Rows(
        row => Shard(row, new StreamArn(row.GetString(12))),
        $"""
        SELECT {Columns}, t.arn FROM stream AS t JOIN shard AS s ON s.stream = t.no
        WHERE $1 IS NULL OR t.arn = $1 ORDER BY t.arn, s.id
        """,
        stream?.Value);

    /// <summary>Writes a shard's row as it is to be; the moments in it only ever move forward.</summary>
    public static long Keep(SqliteSession session, long streamNo, TrailAppend append)
    {
        var newest = append.Entries.Where(entry => entry.IsOfRecord).Max(entry => (DateTimeOffset?)entry.Time);
        return (long)session.Scalar(
            """
            INSERT INTO shard (stream, id, parent, last, size, finished, last_entry_time, read_through, tree, entries, gap_found_at, epoch)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (stream, id) DO UPDATE SET
              parent = coalesce(excluded.parent, parent), last = excluded.last, size = excluded.size, finished = excluded.finished,
              last_entry_time = max(coalesce(last_entry_time, excluded.last_entry_time), coalesce(excluded.last_entry_time, last_entry_time)),
              read_through = max(coalesce(read_through, excluded.read_through), coalesce(excluded.read_through, read_through)),
              tree = excluded.tree, entries = entries + excluded.entries, gap_found_at = excluded.gap_found_at
            RETURNING no
            """,
            streamNo,
            append.After.Shard.Value,
            append.After.Parent?.Value,
            append.After.Last?.Text,
            append.After.Size,
            append.After.Finished,
            Milliseconds(newest),
            Milliseconds(append.After.ReadThrough),
            append.Tree.ToBytes(),
            append.Entries.Count(),
            Milliseconds(append.After.GapFoundAt),
            append.After.Epoch)!;
    }

    /// <summary>Notes how far shards are read. One of which nothing is kept yet gets a row that stands at its beginning.</summary>
    public static bool KeepReadThrough(SqliteSession session, StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough)
    {
        var streamNo = StreamNo(session, stream);
        foreach (var (shard, moment) in readThrough)
        {
            session.Run(
                """
                INSERT INTO shard (stream, id, size, finished, read_through, tree, entries, epoch) VALUES ($1, $2, 0, 0, $3, $4, 0, 0)
                ON CONFLICT (stream, id) DO UPDATE SET read_through = max(coalesce(read_through, excluded.read_through), excluded.read_through)
                """,
                streamNo,
                shard.Value,
                SqliteTime.Of(moment),
                TreeState.Empty.ToBytes());
        }

        return true;
    }

    private static TrailShard Shard(SqliteDataReader row, StreamArn stream) => new(
        stream,
        new ShardProgress(
            new ShardId(row.GetString(1)),
            row.IsDBNull(2) ? null : new ShardId(row.GetString(2)),
            row.IsDBNull(3) ? null : new SequenceNumber(row.GetString(3)),
            row.GetInt64(4),
            row.GetBoolean(5))
        {
            GapFoundAt = Moment(row, 10),
            ReadThrough = Moment(row, 7),
            Epoch = row.GetInt64(11),
        },
        TreeState.Read((byte[])row.GetValue(8)),
        row.GetInt64(9),
        Moment(row, 6));

    private static DateTimeOffset? Moment(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : SqliteTime.From(row.GetInt64(column));

    private static long? Milliseconds(DateTimeOffset? moment) => moment is { } known ? SqliteTime.Of(known) : null;
}
