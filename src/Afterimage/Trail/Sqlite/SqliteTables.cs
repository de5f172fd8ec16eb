using Afterimage.Entries;
using Afterimage.Streams.Records;
using Microsoft.Data.Sqlite;

namespace Afterimage.Trail.Sqlite;

/// <summary>The tables that the trail follows, and what their keys say about where entries belong.</summary>
internal static class SqliteTables
{
    private const int PlacesMax = 1_000;

    public static bool Keep(SqliteSession session, TrailTable table)
    {
        session.Run(
            """
            INSERT INTO audited_table (name, partition_key, partition_kind, sort_key, sort_kind, stream, followed)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (name) DO UPDATE SET
              partition_key = excluded.partition_key, partition_kind = excluded.partition_kind,
              sort_key = excluded.sort_key, sort_kind = excluded.sort_kind, stream = excluded.stream, followed = excluded.followed
            """,
            table.Name,
            table.PartitionKey.Name,
            table.PartitionKey.Kind.ToString(),
            table.SortKey?.Name,
            table.SortKey?.Kind.ToString(),
            table.Stream?.Value,
            table.Followed);
        if (table.SortKey is { } sortKey)
        {
            // Kept for good: a table that was made anew with other keys still has entries, and a stream, with the old ones.
            session.Run(
                "INSERT OR IGNORE INTO key_pair (table_name, partition_key, sort_key) VALUES ($1, $2, $3)",
                table.Name,
                table.PartitionKey.Name,
                sortKey.Name);
        }

        return true;
    }

    public static List<TrailTable> All(SqliteSession session) => session.Rows(
        Table,
        "SELECT name, partition_key, partition_kind, sort_key, sort_kind, stream, followed FROM audited_table ORDER BY name");

    /// <summary>Every pair of key attributes that a table was ever noted with.</summary>
    public static List<KeyPair> KeyPairs(SqliteSession session, string table) => session.Rows(
        row => new KeyPair(row.GetString(0), row.GetString(1)),
        "SELECT partition_key, sort_key FROM key_pair WHERE table_name = $1",
        table);

    /// <summary>Puts entries into the history indexes that came before their table was noted.</summary>
    /// <returns>The row after which to go on; null when all were looked at.</returns>
    public static long? Place(SqliteSession session, string table, long after)
    {
        var pairs = KeyPairs(session, table);
        var waiting = session.Rows(
            row => (No: row.GetInt64(0), Json: (byte[])row.GetValue(1)),
            """
            SELECT e.no, b.json FROM entry AS e INDEXED BY entry_without_place CROSS JOIN body AS b ON b.no = e.no
            WHERE e.table_name = $1 AND e.item IS NULL AND e.no > $2 ORDER BY e.no LIMIT $3
            """,
            table,
            after,
            PlacesMax);
        foreach (var (no, json) in waiting)
        {
            if (KeyPlace.Find(table, EntryJson.Read(json).Keys, pairs) is { } place)
            {
                session.Run("UPDATE entry SET item = $2, partition = $3 WHERE no = $1", no, place.Item, place.Partition);
            }
        }

        return waiting.Count == PlacesMax ? waiting[^1].No : null;
    }

    private static TrailTable Table(SqliteDataReader row) => new(
        row.GetString(0),
        new KeyAttribute(row.GetString(1), Enum.Parse<AttributeKind>(row.GetString(2))),
        row.IsDBNull(3) ? null : new KeyAttribute(row.GetString(3), Enum.Parse<AttributeKind>(row.GetString(4))),
        row.IsDBNull(5) ? null : new StreamArn(row.GetString(5)),
        row.GetBoolean(6));
}
