using Afterimage.Proof;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Records;
using Microsoft.Data.Sqlite;

namespace Afterimage.Trail.Sqlite;

/// <summary>Who reads what, in the rows of the shards.</summary>
/// <remarks>
/// Every worker of the file is on this machine, so that a dead one shows at once: it held a lock, which the system has taken from it. Its shards
/// are free with the next beat of any other.
/// </remarks>
internal sealed class SqliteLeases(SqliteSessions sessions, string path) : ILeaseStore, IDisposable
{
    private readonly WorkerLocks locks = new(path);

    public async Task<LeaseTable> BeatAsync(WorkerId me, CancellationToken ct)
    {
        locks.Hold(me);
        var others = await sessions.ReadAsync(Workers, ct);
        var dead = others.Keys.Where(worker => worker != me && locks.IsFree(worker)).ToList();
        var table = await sessions.WriteAsync(
            session =>
            {
                dead.ForEach(worker => Forget(session, worker));
                session.Run("INSERT INTO worker (id, beats) VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET beats = beats + 1", me.Value);
                return new LeaseTable(Workers(session), session.Rows(Row, "SELECT t.arn, s.id, s.epoch, s.owner FROM shard AS s JOIN stream AS t ON t.no = s.stream WHERE NOT s.finished"));
            },
            ct);
        dead.ForEach(locks.Remove);
        return table;
    }

    public async Task<IReadOnlyList<LeasedShard>> TakeAsync(WorkerId me, IReadOnlyList<LeaseWish> wanted, CancellationToken ct) =>
        await sessions.WriteAsync(session => wanted.Select(wish => Take(session, me, wish)).OfType<LeasedShard>().ToList(), ct);

    public Task ReleaseAsync(WorkerId me, IReadOnlyList<Lease> leases, CancellationToken ct) => sessions.WriteAsync(
        session => leases.Sum(lease => session.Run(
            "UPDATE shard SET owner = NULL WHERE stream = (SELECT no FROM stream WHERE arn = $1) AND id = $2 AND owner = $3 AND epoch = $4",
            lease.Stream.Value,
            lease.Shard.Value,
            me.Value,
            lease.Epoch)),
        ct);

    public async Task LeaveAsync(WorkerId who, CancellationToken ct)
    {
        await sessions.WriteAsync(session => Forget(session, who), ct);
        locks.Remove(who);
    }

    public void Dispose() => locks.Dispose();

    // Where the row has the epoch that was seen, or where this worker took it before and did not hear of it.
    private static LeasedShard? Take(SqliteSession session, WorkerId me, LeaseWish wish)
    {
        var stream = SqliteShards.StreamNo(session, wish.Stream);
        session.Run(
            "INSERT INTO shard (stream, id, parent, size, finished, tree, entries, epoch) VALUES ($1, $2, $3, 0, 0, $4, 0, 0) ON CONFLICT (stream, id) DO NOTHING",
            stream,
            wish.Shard.Value,
            wish.Parent?.Value,
            TreeState.Empty.ToBytes());
        var taken = session.Run(
            """
            UPDATE shard SET owner = $3, epoch = $4 + 1, parent = coalesce(parent, $5)
            WHERE stream = $1 AND id = $2 AND NOT finished AND (epoch = $4 OR (epoch = $4 + 1 AND owner = $3))
            """,
            stream,
            wish.Shard.Value,
            me.Value,
            wish.EpochSeen,
            wish.Parent?.Value);
        return taken == 0 ? null : new LeasedShard(wish.Stream, SqliteShards.Find(session, stream, wish.Stream, wish.Shard)!.Value.Shard.Progress);
    }

    private static int Forget(SqliteSession session, WorkerId who)
    {
        session.Run("DELETE FROM worker WHERE id = $1", who.Value);
        return session.Run("UPDATE shard SET owner = NULL WHERE owner = $1", who.Value);
    }

    private static Dictionary<WorkerId, long> Workers(SqliteSession session) =>
        session.Rows(row => (Worker: new WorkerId(row.GetString(0)), Beats: row.GetInt64(1)), "SELECT id, beats FROM worker").ToDictionary(row => row.Worker, row => row.Beats);

    private static Lease Row(SqliteDataReader row) => new(
        new StreamArn(row.GetString(0)), new ShardId(row.GetString(1)), row.GetInt64(2), row.IsDBNull(3) ? null : new WorkerId(row.GetString(3)));
}
