using Afterimage.Proof;

namespace Afterimage.Trail.Sqlite;

/// <summary>What one read transaction saw of everything that is later read piece by piece.</summary>
/// <param name="Shards">The rows of the shards.</param>
/// <param name="Numbers">The number of each.</param>
/// <param name="Administration">The tree of what was done to the trail itself.</param>
/// <param name="Next">The number that the next leaf would get.</param>
/// <param name="LeavesPerSpan">How many leaves a span of the lookups takes.</param>
/// <param name="Tables">The tables.</param>
/// <param name="Gaps">The rows of gaps.</param>
internal sealed record Snapshot(
    IReadOnlyList<TrailShard> Shards,
    IReadOnlyDictionary<TreeName, long> Numbers,
    TreeState Administration,
    long Next,
    long LeavesPerSpan,
    IReadOnlyList<TrailTable> Tables,
    IReadOnlyList<GapRow> Gaps)
{
    public static Snapshot Take(SqliteSession session) => new(
        SqliteShards.All(session, null),
        session.Rows(
            row => (Name: TreeName.Of(new(row.GetString(0)), new(row.GetString(1))), No: row.GetInt64(2)),
            "SELECT t.arn, s.id, s.no FROM shard AS s JOIN stream AS t ON t.no = s.stream").ToDictionary(row => row.Name, row => row.No),
        SqliteAdmin.Tree(session),
        SqliteBlocks.Next(session),
        (long)session.Scalar("SELECT span FROM trail")!,
        SqliteTables.All(session),
        session.Rows(
            row => new GapRow(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1), row.IsDBNull(2) ? null : row.GetString(2)), "SELECT no, acknowledged, reason FROM gap ORDER BY no"));

    public long NoOf(TrailShard shard) => Numbers[TreeName.Of(shard.Stream, shard.Progress.Shard)];

    public long SpanOf(long no) => no / LeavesPerSpan;

    public string? PartitionKey(string table) => Tables.FirstOrDefault(row => row.Name == table)?.PartitionKey.Name;

    /// <summary>The blocks that reach into a span, with their shards.</summary>
    public static IEnumerable<(TrailShard Shard, BlockRow Block)> BlocksIn(SqliteSession session, Snapshot snapshot, long span)
    {
        var shards = snapshot.Shards.ToDictionary(snapshot.NoOf);
        var (from, to) = (span * snapshot.LeavesPerSpan, Math.Min((span + 1) * snapshot.LeavesPerSpan, snapshot.Next));
        for (var at = (long?)session.Scalar("SELECT max(no) FROM block WHERE no <= $1", from) ?? from; at < to;)
        {
            var block = session.Rows(BlockRow.Read, $"{BlockRow.Select} WHERE b.no >= $1 AND b.no < $2 ORDER BY b.no LIMIT 1", at, to);
            if (block.Count == 0)
            {
                yield break;
            }

            at = block[0].No + 1;
            if (shards.TryGetValue(block[0].Shard, out var shard))
            {
                yield return (shard, block[0]);
            }
        }
    }
}

/// <summary>The row of a gap.</summary>
internal sealed record GapRow(long No, long? Acknowledged, string? Reason);
