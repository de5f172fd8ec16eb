using Afterimage.Entries;
using Afterimage.Streams.Shards;

namespace Afterimage.Trail.Sqlite;

/// <summary>One append: the leaves and the shard's row in one transaction.</summary>
internal sealed class SqliteAppend
{
    private readonly TrailAppend append;

    // Made before the transaction begins, which holds up every other writer of the file.
    private readonly List<PackedBlock> blocks;
    private readonly List<byte[]> places;

    public SqliteAppend(TrailAppend append)
    {
        append.Check();
        this.append = append;
        blocks = [.. Block.Pack(append.Leaves)];
        places = [.. append.Leaves.Select(leaf => leaf.Entry?.SequenceNumber is { } number ? SequenceKey.Of(number) : SequenceKey.None)];
    }

    /// <summary>Runs within the write transaction.</summary>
    public AppendOutcome Run(SqliteSession session)
    {
        var stream = SqliteShards.StreamNo(session, append.Stream);
        var found = SqliteShards.Find(session, stream, append.Stream, append.Before.Shard);
        var progress = found?.Shard.Progress;
        if (!StandsAt(progress, append.Before))
        {
            return found is { } moved && StandsAt(progress, append.After) && HoldsTheSame(session, moved.No, moved.Shard)
                ? AppendOutcome.Kept
                : AppendOutcome.Superseded;
        }

        if (append.Before.Shard != TrailShard.Intake && SqliteIntake.Find(session, append.Stream, append.Entries).Count > 0)
        {
            return AppendOutcome.Met;
        }

        Write(session, SqliteShards.Keep(session, stream, append));
        if (append.Beginning is { } beginning)
        {
            SqliteGaps.Begin(session, stream, beginning);
        }

        return AppendOutcome.Kept;
    }

    // The parent is not a condition: a row that was made by KeepReadThrough does not know it yet.
    private static bool StandsAt(ShardProgress? row, ShardProgress wanted) => row is null
        ? wanted is { Size: 0, Last: null, Finished: false, Epoch: 0 }
        : row.Epoch == wanted.Epoch && row.Size == wanted.Size && row.Last == wanted.Last && row.Finished == wanted.Finished;

    // Equal trees are of equal leaves; what lies beside the leaves could differ, and is compared.
    private bool HoldsTheSame(SqliteSession session, long shard, TrailShard row)
    {
        if (!row.Tree.Equals(append.Tree))
        {
            return false;
        }

        var held = SqliteBlocks.OfShard(session, shard, append.Before.Size).SelectMany(block => Block.Unpack(block.Bodies)).Take(append.Leaves.Count);
        return append.Leaves.Zip(held).All(pair => (pair.First.Entry?.Body ?? default).Span.SequenceEqual(pair.Second.Span));
    }

    private void Write(SqliteSession session, long shard)
    {
        if (append.Leaves.Count == 0)
        {
            return;
        }

        var first = SqliteBlocks.Next(session);
        var rules = SqliteBlocks.RulesNo(session, append.Rules);
        foreach (var block in blocks)
        {
            session.Run(
                "INSERT INTO block (no, shard, place, leaves, rules, texts_length, texts, bodies_length, bodies) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                first + block.First,
                shard,
                append.Before.Size + block.First,
                block.Leaves,
                rules,
                block.Texts.Length,
                block.Texts.Content,
                block.Bodies.Length,
                block.Bodies.Content);
        }

        WriteEntries(session, first);
    }

    private void WriteEntries(SqliteSession session, long first)
    {
        var row = session.Statement("INSERT INTO entry (no, time, table_name, service, entity, tenant, action, actor, attributed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        var words = session.Words;
        var table = words.Of(session, append.Stream.Table);
        var service = words.Of(session, append.Rules.Service);
        var found = new List<Lookup>(append.Leaves.Count * (1 + LookupKey.KeysMax));
        var lookupKey = new LookupKey(append.Stream);
        Span<long> keys = stackalloc long[LookupKey.KeysMax];
        var partitionKey = SqliteTables.PartitionKey(session, append.Stream.Table);
        for (var at = 0; at < append.Leaves.Count; at++)
        {
            if (append.Leaves[at].Entry is not { } entry)
            {
                continue;
            }

            var no = first + at;
            row.Bind(no)
                .Bind(SqliteTime.Of(entry.Time))
                .Bind(table)
                .Bind(service)
                .Bind(words.Of(session, entry.Entity))
                .Bind(words.Of(session, entry.Tenant))
                .Bind((long?)entry.Action)
                .Bind(words.Of(session, entry.Actor))
                .Bind(entry.IsAttributed ? 1 : 0)
                .Run();
            if (entry.Kind == EntryKind.Gap)
            {
                SqliteGaps.Add(session, no);
            }

            found.Add(new Lookup(no, LookupKey.Of(entry.Id), SequenceKey.None, entry.Id));
            var count = lookupKey.Read(entry.Keys.Span, partitionKey, keys);
            foreach (var key in keys[..count])
            {
                found.Add(new Lookup(no, key, places[at], null));
            }
        }

        WriteLookups(session, found, first);
    }

    // In the order of their keys, so that neighbours in the index are written one after the other.
    private void WriteLookups(SqliteSession session, List<Lookup> found, long first)
    {
        var lookups = new SqliteLookups(session);
        found.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        foreach (var lookup in found)
        {
            if (lookup.Id is { } id && lookups.FindNear(lookup.No, id) is { } other)
            {
                throw Conflict(id, append.Before.Size + lookup.No - first, other);
            }

            lookups.Add(lookup);
        }
    }

    private InvariantViolationException Conflict(EntryId id, long index, AuditEntry held)
    {
        var wanted = $"index {index} of shard {append.Before.Shard} of {append.Stream}";
        return new InvariantViolationException(
            $"Entry {id} was to be kept at {wanted}, but the trail holds it at index {held.Index} of shard {held.ShardId} of {held.Stream.Arn}.");
    }
}
