using System.Runtime.CompilerServices;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Microsoft.Data.Sqlite;

namespace Afterimage.Trail.Sqlite;

/// <summary>The log of the trail's heads, and the checkpoints over it.</summary>
internal sealed class SqliteLog(SqliteSessions sessions, Func<Func<SqliteSession, bool>, CancellationToken, Task<bool>> write) : ITrailLog
{
    private const int BlocksPerPage = 64;
    private const int LeavesPerPage = 4_096;

    public Task<LogEnd> EndAsync(CancellationToken ct) => sessions.ReadAsync(End, ct);

    public async Task<IReadOnlyList<GrownTree>> GrownAsync(CancellationToken ct) => await sessions.ReadAsync(
        session => (List<GrownTree>)[.. SqliteAdmin.Grown(session), .. session.Rows(
            row => new GrownTree(
                TreeName.Of(new StreamArn(row.GetString(0)), new ShardId(row.GetString(1))),
                row.IsDBNull(4) ? TreeState.Empty : Tree(row, 4),
                row.IsDBNull(5) ? null : row.GetString(5),
                Tree(row, 2),
                row.GetBoolean(3)),
            """
            SELECT t.arn, s.id, s.tree, s.finished, d.tree, d.rules FROM shard AS s JOIN stream AS t ON t.no = s.stream LEFT JOIN sealed AS d ON d.shard = s.no
            WHERE s.size <> coalesce(d.size, 0)
            """)],
        ct);

    public IAsyncEnumerable<LeafRun> LeavesAsync(TreeName tree, long from, long to, CancellationToken ct) => tree.Shard is { } shard
        ? PagesAsync((session, at) => Blocks(session, shard.Stream, shard.Shard, at, to), run => run.First + run.Texts.Count, from, to, ct)
        : PagesAsync((session, at) => SqliteAdmin.Leaves(session, at, to, LeavesPerPage), run => run.First + run.Texts.Count, from, to, ct);

    public Task<StoredLeaf?> LeafAsync(TreeName tree, long place, CancellationToken ct) => sessions.ReadAsync(session => Leaf(session, tree, place), ct);

    public Task<bool> TryAppendAsync(LogAppend append, CancellationToken ct) => write(session => TryAppend(session, append), ct);

    public async IAsyncEnumerable<LogRow> ReadAsync(long from, [EnumeratorCancellation] CancellationToken ct)
    {
        var names = new Dictionary<long, TreeName> { [SqliteAdmin.No] = TreeName.Administration };
        await foreach (var (_, text, no) in PagesAsync(Rows, row => row.Place + 1, from, long.MaxValue, ct))
        {
            if (no is { } shard && !names.ContainsKey(shard))
            {
                names[shard] = await sessions.ReadAsync(session => Name(session, shard), ct);
            }

            yield return new LogRow(text, no is { } known ? names[known] : null);
        }
    }

    public IAsyncEnumerable<PlacedHead> HeadsAsync(TreeName tree, CancellationToken ct) => PagesAsync(
        (session, at) => No(session, tree) is not { } no ? [] : session.Rows(
            row => new PlacedHead(row.GetInt64(0), (byte[])row.GetValue(1), Text(row, 2), Text(row, 3)),
            """
            SELECT h.place, h.text,
              (SELECT e.text FROM log AS e WHERE e.shard IS NULL AND e.place > h.place ORDER BY e.place LIMIT 1),
              (SELECT e.text FROM log AS e WHERE e.shard IS NULL AND e.place < h.place ORDER BY e.place DESC LIMIT 1)
            FROM log AS h WHERE h.shard = $1 AND h.place >= $2 ORDER BY h.place LIMIT $3
            """,
            no,
            at,
            LeavesPerPage),
        head => head.Place + 1,
        0,
        long.MaxValue,
        ct);

    public Task PublishAsync(SignedCheckpoint checkpoint, CancellationToken ct) => write(
        session => session.Run(
            "INSERT INTO checkpoint (size, note) SELECT $1, $2 WHERE $1 > coalesce((SELECT max(size) FROM checkpoint), 0)",
            checkpoint.Checkpoint.Size,
            checkpoint.Note.ToArray()) > 0,
        ct);

    public async Task<SignedCheckpoint?> NewestCheckpointAsync(CancellationToken ct) =>
        await sessions.ReadAsync(session => (byte[]?)session.Scalar("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1"), ct) is { } note ? SignedCheckpoint.Read(note) : null;

    public IAsyncEnumerable<ReadOnlyMemory<byte>> CheckpointsAsync(CancellationToken ct) => PagesAsync(
        (session, at) => session.Rows(
            row => (Size: row.GetInt64(0), Note: (ReadOnlyMemory<byte>)(byte[])row.GetValue(1)),
            "SELECT size, note FROM checkpoint WHERE size >= $1 ORDER BY size LIMIT $2",
            at,
            LeavesPerPage),
        row => row.Size + 1,
        0,
        long.MaxValue,
        ct).Select(row => row.Note);

    public Task NoteRulesAsync(IReadOnlyList<RulesInForce> rules, DateTimeOffset at, CancellationToken ct) =>
        write(session => SqliteAdmin.NoteRules(session, rules, at), ct);

    private static LogEnd End(SqliteSession session) => session.Rows(
        row => new LogEnd(Tree(row, 0), row.GetInt64(1), row.IsDBNull(2) ? null : SqliteTime.From(row.GetInt64(2))),
        "SELECT log_tree, epoch, sealed_at FROM trail")[0];

    private static bool TryAppend(SqliteSession session, LogAppend append)
    {
        if (End(session) != append.Before)
        {
            return false;
        }

        var place = append.Before.Tree.Size;
        foreach (var leaf in append.Leaves)
        {
            var shard = leaf.Head is null ? null : No(session, leaf.Head.Name);
            session.Run("INSERT INTO log (place, shard, text) VALUES ($1, $2, $3)", place++, shard, leaf.Text.ToArray());
            if (leaf.Head is { } head)
            {
                session.Run(
                    """
                    INSERT INTO sealed (shard, tree, size, rules) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (shard) DO UPDATE SET tree = excluded.tree, size = excluded.size, rules = excluded.rules
                    """,
                    shard,
                    head.Tree.ToBytes(),
                    head.Tree.Size,
                    head.Rules);
            }
        }

        session.Run(
            "UPDATE trail SET log_tree = $1, epoch = $2, sealed_at = $3", append.After.Tree.ToBytes(), append.After.Epoch, append.After.Time is { } time ? SqliteTime.Of(time) : null);
        return true;
    }

    private static long? No(SqliteSession session, TreeName tree) => tree.Shard is { } shard
        ? (long?)session.Scalar("SELECT s.no FROM shard AS s JOIN stream AS t ON t.no = s.stream WHERE t.arn = $1 AND s.id = $2", shard.Stream.Value, shard.Shard.Value)
        : SqliteAdmin.No;

    private static List<LeafRun> Blocks(SqliteSession session, StreamArn stream, ShardId shard, long from, long to)
    {
        if (No(session, TreeName.Of(stream, shard)) is not { } no)
        {
            return [];
        }

        var blocks = session.Rows(
            row => (Place: row.GetInt64(0), Texts: new Packed(row.GetInt32(1), (byte[])row.GetValue(2)), Rules: row.IsDBNull(3) ? null : row.GetString(3)),
            """
            SELECT b.place, b.texts_length, b.texts, CASE WHEN b.bodies_length > b.leaves THEN r.text END FROM block AS b JOIN rules AS r ON r.no = b.rules
            WHERE b.shard = $1 AND b.place < $3 AND b.place >= coalesce((SELECT max(place) FROM block WHERE shard = $1 AND place <= $2), $2) ORDER BY b.place LIMIT $4
            """,
            no,
            from,
            to,
            BlocksPerPage);
        return [.. blocks.Select(block => Cut(block.Place, Block.Unpack(block.Texts), block.Rules, from, to))];
    }

    private static StoredLeaf? Leaf(SqliteSession session, TreeName tree, long place)
    {
        var block = session.Rows(
            BlockRow.Read,
            $"{BlockRow.Select} WHERE b.shard = $1 AND b.place <= $2 AND b.place + b.leaves > $2 ORDER BY b.place DESC LIMIT 1",
            No(session, tree),
            place).FirstOrDefault();
        return block is null ? null : new StoredLeaf(Block.Unpack(block.Texts)[(int)(place - block.Place)], Block.Unpack(block.Bodies)[(int)(place - block.Place)]);
    }

    private static LeafRun Cut(long place, List<ReadOnlyMemory<byte>> texts, string? rules, long from, long to)
    {
        var skipped = (int)Math.Clamp(from - place, 0, texts.Count);
        var taken = (int)Math.Clamp(to - place - skipped, 0, texts.Count - skipped);
        return new LeafRun(place + skipped, texts.GetRange(skipped, taken), rules);
    }

    // Page by page in short transactions: what stands in the log and in trees never changes.
    private async IAsyncEnumerable<T> PagesAsync<T>(
        Func<SqliteSession, long, List<T>> page, Func<T, long> next, long from, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var at = from; at < to;)
        {
            var place = at;
            var rows = await sessions.ReadAsync(session => page(session, place), ct);
            foreach (var row in rows)
            {
                yield return row;
                at = next(row);
            }

            if (at == place)
            {
                yield break;
            }
        }
    }

    private static List<(long Place, ReadOnlyMemory<byte> Text, long? Shard)> Rows(SqliteSession session, long at) => session.Rows(
        row => (row.GetInt64(0), (ReadOnlyMemory<byte>)(byte[])row.GetValue(1), row.IsDBNull(2) ? (long?)null : row.GetInt64(2)),
        "SELECT place, text, shard FROM log WHERE place >= $1 ORDER BY place LIMIT $2",
        at,
        LeavesPerPage);

    private static TreeName Name(SqliteSession session, long no) => session.Rows(
        row => TreeName.Of(new StreamArn(row.GetString(0)), new ShardId(row.GetString(1))),
        "SELECT t.arn, s.id FROM shard AS s JOIN stream AS t ON t.no = s.stream WHERE s.no = $1",
        no).FirstOrDefault(new TreeName(string.Empty));

    private static ReadOnlyMemory<byte> Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? default : (byte[])row.GetValue(column);

    private static TreeState Tree(SqliteDataReader row, int column) => TreeState.Read((byte[])row.GetValue(column));
}
