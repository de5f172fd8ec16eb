using Afterimage.Entries;
using Afterimage.Streams.Records;
using Microsoft.Data.Sqlite;

namespace Afterimage.Trail.Sqlite;

/// <summary>The rows of blocks.</summary>
internal static class SqliteBlocks
{
    private const string Columns = """
        SELECT b.no, b.place, b.texts_length, b.texts, b.bodies_length, b.bodies, b.shard, b.rules, s.id, t.arn, r.text
        FROM block AS b JOIN shard AS s ON s.no = b.shard JOIN stream AS t ON t.no = s.stream JOIN rules AS r ON r.no = b.rules
        """;

    /// <summary>The number that the next leaf gets.</summary>
    public static long Next(SqliteSession session) => (long?)session.Scalar("SELECT no + leaves FROM block ORDER BY no DESC LIMIT 1") ?? 1;

    /// <summary>The number of a table's rules, which get one if they are new.</summary>
    public static long RulesNo(SqliteSession session, TableRules rules)
    {
        var text = RulesText.Of(rules);
        return (long?)session.Scalar("SELECT no FROM rules WHERE text = $1", text)
            ?? (long)session.Scalar("INSERT INTO rules (text) VALUES ($1) RETURNING no", text)!;
    }

    /// <summary>The block that a leaf lies in.</summary>
    public static StoredBlock Of(SqliteSession session, long no) =>
        session.Rows(Block, $"{Columns} WHERE b.no <= $1 ORDER BY b.no DESC LIMIT 1", no)[0];

    /// <summary>The blocks of a shard from a place on, one after the other.</summary>
    public static IEnumerable<StoredBlock> OfShard(SqliteSession session, long shard, long place)
    {
        for (var at = place; ;)
        {
            var next = session.Rows(Block, $"{Columns} WHERE b.shard = $1 AND b.place >= $2 ORDER BY b.place LIMIT 1", shard, at);
            if (next.Count == 0)
            {
                yield break;
            }

            yield return next[0];
            at = next[0].Place + 1;
        }
    }

    private static StoredBlock Block(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        new Packed(row.GetInt32(2), (byte[])row.GetValue(3)),
        new Packed(row.GetInt32(4), (byte[])row.GetValue(5)),
        (row.GetInt64(6), row.GetInt64(7)),
        new ShardId(row.GetString(8)),
        new StreamArn(row.GetString(9)),
        row.GetString(10));
}

/// <summary>A block as it is kept.</summary>
/// <param name="No">The number of its first leaf.</param>
/// <param name="Place">Where that one stands in its shard.</param>
/// <param name="Texts">The texts of its leaves.</param>
/// <param name="Bodies">What is kept of their entries besides.</param>
/// <param name="Kin">The numbers of its shard and its rules: blocks with the same ones are read alike.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Rules">The text of the rules.</param>
internal sealed record StoredBlock(
    long No, long Place, Packed Texts, Packed Bodies, (long Shard, long Rules) Kin, ShardId Shard, StreamArn Stream, string Rules);
