using System.Text.Json;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Microsoft.Data.Sqlite;

namespace Afterimage.Trail.Sqlite;

/// <summary>How streams begin, and where something is missing.</summary>
internal static class SqliteGaps
{
    public static void Begin(SqliteSession session, long stream, StreamBeginning beginning) => session.Run(
        "INSERT INTO beginning (stream, previous, at, start_from, listed, begins) VALUES ($1, $2, $3, $4, $5, $6)",
        stream,
        beginning.Previous?.Value,
        SqliteTime.Of(beginning.At),
        EntryWords.Of(beginning.From),
        Text(beginning.Listed),
        Text(beginning.Begins));

    public static StreamBeginning? Beginning(SqliteSession session, StreamArn stream) => session.Rows(
        row => new StreamBeginning(
            stream,
            row.IsDBNull(0) ? null : new StreamArn(row.GetString(0)),
            SqliteTime.From(row.GetInt64(1)),
            EntryWords.ReadStart(row.GetString(2)),
            Shards(row.GetString(3)),
            Shards(row.GetString(4))),
        "SELECT b.previous, b.at, b.start_from, b.listed, b.begins FROM beginning AS b JOIN stream AS t ON t.no = b.stream WHERE t.arn = $1",
        stream.Value).FirstOrDefault();

    public static Dictionary<StreamArn, DateTimeOffset> Begun(SqliteSession session) => session
        .Rows(row => (Stream: new StreamArn(row.GetString(0)), At: SqliteTime.From(row.GetInt64(1))), "SELECT t.arn, b.at FROM beginning AS b JOIN stream AS t ON t.no = b.stream")
        .ToDictionary(row => row.Stream, row => row.At);

    public static void Add(SqliteSession session, long no) => session.Run("INSERT INTO gap (no) VALUES ($1)", no);

    public static List<TrailGap> All(SqliteSession session)
    {
        var reader = new SqliteReader(session);
        return [.. session.Rows(Row, "SELECT no, acknowledged, reason FROM gap ORDER BY no").Select(row => new TrailGap(reader.Read(row.No), row.At, row.Reason))];
    }

    public static TrailGap? Acknowledge(SqliteSession session, EntryId id, DateTimeOffset at, string reason)
    {
        var held = session.Rows(Row, "SELECT no, acknowledged, reason FROM gap");
        var reader = new SqliteReader(session);
        foreach (var row in held.Where(row => reader.Read(row.No).Id == id))
        {
            if (session.Run("UPDATE gap SET acknowledged = $2, reason = $3 WHERE no = $1 AND acknowledged IS NULL", row.No, SqliteTime.Of(at), reason) > 0)
            {
                SqliteAdmin.NoteAcknowledged(session, id, at, reason);
            }

            return new TrailGap(reader.Read(row.No), row.At ?? at, row.Reason ?? reason);
        }

        return null;
    }

    private static (long No, DateTimeOffset? At, string? Reason) Row(SqliteDataReader row) =>
        (row.GetInt64(0), row.IsDBNull(1) ? null : SqliteTime.From(row.GetInt64(1)), row.IsDBNull(2) ? null : row.GetString(2));

    private static string Text(IEnumerable<ShardId> shards) => JsonSerializer.Serialize(shards.Select(shard => shard.Value));

    private static List<ShardId> Shards(string text) => [.. JsonSerializer.Deserialize<string[]>(text)!.Select(shard => new ShardId(shard))];
}
