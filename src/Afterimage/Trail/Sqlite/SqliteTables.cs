using Afterimage.Entries;
using Afterimage.Streams.Records;
using Microsoft.Data.Sqlite;

namespace Afterimage.Trail.Sqlite;

/// <summary>The tables that the trail follows.</summary>
internal static class SqliteTables
{
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
        return true;
    }

    public static bool TryKeep(SqliteSession session, TrailTable table, TrailTable? seen) =>
        All(session).Find(row => row.Name == table.Name) == seen && Keep(session, table);

    public static List<TrailTable> All(SqliteSession session) => session.Rows(
        Table,
        "SELECT name, partition_key, partition_kind, sort_key, sort_kind, stream, followed FROM audited_table ORDER BY name");

    /// <summary>The partition key's attribute; null as long as the table was not noted.</summary>
    public static string? PartitionKey(SqliteSession session, string table) =>
        (string?)session.Scalar("SELECT partition_key FROM audited_table WHERE name = $1", table);

    private static TrailTable Table(SqliteDataReader row) => new(
        row.GetString(0),
        new KeyAttribute(row.GetString(1), Enum.Parse<AttributeKind>(row.GetString(2))),
        row.IsDBNull(3) ? null : new KeyAttribute(row.GetString(3), Enum.Parse<AttributeKind>(row.GetString(4))),
        row.IsDBNull(5) ? null : new StreamArn(row.GetString(5)),
        row.GetBoolean(6));
}
