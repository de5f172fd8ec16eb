using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Afterimage.Trail.Sqlite;

/// <summary>One append: the entries and the shard's row in one transaction.</summary>
internal sealed class SqliteAppend
{
    private readonly TrailAppend append;

    // Written before the transaction begins, which holds up every other writer of the file.
    private readonly List<byte[]> bodies;

    public SqliteAppend(TrailAppend append)
    {
        Check(append);
        this.append = append;
        bodies = [.. append.Entries.Select(EntryJson.ToUtf8)];
    }

    /// <summary>Runs within the write transaction.</summary>
    public AppendOutcome Run(SqliteSession session)
    {
        var stream = SqliteShards.StreamNo(session, append.Stream);
        var found = SqliteShards.Find(session, stream, append.Stream, append.Before.Shard);
        var progress = found?.Shard.Progress;
        if (!StandsAt(progress, append.Before))
        {
            return found is { } moved && StandsAt(progress, append.After) && HoldsTheSame(session, moved.No)
                ? AppendOutcome.Kept
                : AppendOutcome.Superseded;
        }

        DateTimeOffset? newest = append.Entries.Count == 0 ? null : append.Entries.Max(entry => entry.Time);
        var shard = SqliteShards.Keep(session, stream, append.After, newest, append.ReadThrough);
        Write(session, stream, shard);
        return AppendOutcome.Kept;
    }

    private static void Check(TrailAppend append)
    {
        var (before, after) = (append.Before, append.After);
        var goesBack = before.Last > after.Last || (before.Last is not null && after.Last is null);
        if (before.Shard != after.Shard || after.Size != before.Size + append.Entries.Count || goesBack)
        {
            throw new ArgumentException($"The append does not lead from {before} to {after} with {append.Entries.Count} entries.", nameof(append));
        }

        if (before.Finished && (append.Entries.Count > 0 || !after.Finished))
        {
            throw new ArgumentException($"Nothing follows the end of the finished shard {before.Shard}.", nameof(append));
        }

        for (var i = 0; i < append.Entries.Count; i++)
        {
            var entry = append.Entries[i];
            if (entry.Index != before.Size + i || entry.ShardId != before.Shard.Value || entry.Stream.Arn != append.Stream.Value)
            {
                throw new ArgumentException(
                    $"Entry {entry.Id} is of {entry.Stream.Arn} {entry.ShardId} at {entry.Index}, which is not its place in this append.",
                    nameof(append));
            }
        }
    }

    // The parent is not a condition: a row that was made by KeepReadThrough does not know it yet.
    private static bool StandsAt(ShardProgress? row, ShardProgress wanted) => row is null
        ? wanted is { Size: 0, Last: null, Finished: false }
        : row.Size == wanted.Size && row.Last == wanted.Last && row.Finished == wanted.Finished;

    private bool HoldsTheSame(SqliteSession session, long shard)
    {
        for (var i = 0; i < bodies.Count; i++)
        {
            var held = session.Scalar(
                "SELECT b.json FROM entry AS e JOIN body AS b ON b.no = e.no WHERE e.shard = $1 AND e.place = $2", shard, append.Entries[i].Index);
            if (held is not byte[] json || !json.AsSpan().SequenceEqual(bodies[i]))
            {
                return false;
            }
        }

        return true;
    }

    private void Write(SqliteSession session, long stream, long shard)
    {
        var pairs = append.Entries.Select(entry => entry.Table).Distinct(StringComparer.Ordinal)
            .ToDictionary(table => table, table => SqliteTables.KeyPairs(session, table), StringComparer.Ordinal);
        for (var i = 0; i < bodies.Count; i++)
        {
            var entry = append.Entries[i];
            try
            {
                Write(session, stream, shard, entry, bodies[i], KeyPlace.Find(entry.Table, entry.Keys, pairs[entry.Table]));
            }
            catch (SqliteException e) when (e.SqliteExtendedErrorCode == raw.SQLITE_CONSTRAINT_UNIQUE)
            {
                throw Conflict(session, entry, bodies[i], e);
            }
        }
    }

    private static void Write(SqliteSession session, long stream, long shard, AuditEntry entry, byte[] body, KeyPlace? place)
    {
        session.Run(
            """
            INSERT INTO entry
              (shard, place, id, stream, sequence, time, item, partition, table_name, service, entity, tenant, action, actor, attributed)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            """,
            shard,
            entry.Index,
            entry.Id.Value,
            stream,
            entry.SequenceNumber is { } number ? SequenceKey.Of(new SequenceNumber(number)) : SequenceKey.None,
            SqliteTime.Of(entry.Time),
            place?.Item,
            place?.Partition,
            entry.Table,
            entry.Service,
            entry.Entity,
            entry.Tenant,
            entry.Action is { } action ? EntryWords.Of(action) : null,
            entry.Actor.Id,
            entry.Actor.Source != ActorSource.Unknown);
        session.Run("INSERT INTO body (no, json) VALUES (last_insert_rowid(), $1)", body);
    }

    private static InvariantViolationException Conflict(SqliteSession session, AuditEntry entry, byte[] body, SqliteException e)
    {
        var wanted = $"index {entry.Index} of shard {entry.ShardId} of {entry.Stream.Arn}";
        var held = SqliteEntries.Find(session, entry.Id);
        if (held is null)
        {
            return new InvariantViolationException($"Another entry than {entry.Id} is at {wanted}, beyond what the shard's row tells.", e);
        }

        var same = EntryJson.ToUtf8(held with { Index = entry.Index, ShardId = entry.ShardId, Stream = entry.Stream }).AsSpan().SequenceEqual(body);
        var content = same
            ? "with the same content: a repeat that should have been recognised"
            : "with other content: one of the two is not what its record said";
        return new InvariantViolationException(
            $"Entry {entry.Id} was to be kept at {wanted}, "
            + $"but the trail holds it at index {held.Index} of shard {held.ShardId} of {held.Stream.Arn}, {content}.",
            e);
    }
}
