using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Afterimage.Entries;
using Afterimage.Proof;
using Microsoft.Data.Sqlite;

namespace Afterimage.Trail.Sqlite;

/// <summary>What the file held at one moment: everything with a number below <c>Next</c>.</summary>
internal sealed class SqliteInspection : ITrailInspection
{
    private const int BlocksPerPage = 16;
    private const int RowsAtOnce = 64;
    private const string Lost = "(a word that is gone)";

    private readonly SqliteSessions sessions;
    private readonly Snapshot snapshot;
    private readonly LookupSums sums;
    private readonly ConcurrentDictionary<long, string> words = new();
    private readonly ConcurrentDictionary<string, string?> services = new(StringComparer.Ordinal);
    private readonly HashSet<long> gaps;
    private readonly Task<List<string>> summing;
    private long entries;

    private SqliteInspection(SqliteSessions sessions, Snapshot snapshot, LookupSums sums, CancellationToken ct)
    {
        (this.sessions, this.snapshot, this.sums) = (sessions, snapshot, sums);
        gaps = [.. snapshot.Gaps.Select(gap => gap.No)];

        // Beside the check of the shards: neither waits for the other.
        summing = SqliteRest.LookAsync(sessions, snapshot, sums, ct);
    }

    public IReadOnlyList<TrailShard> Shards => snapshot.Shards;

    public TreeState Administration => snapshot.Administration;

    // Each got its place when it was put.
    public long Waiting => 0;

    /// <summary>Takes down what is there now.</summary>
    /// <param name="sessions">The file.</param>
    /// <param name="key">32 secret bytes, new for each inspection.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<SqliteInspection> OpenAsync(SqliteSessions sessions, byte[] key, CancellationToken ct) =>
        new(sessions, await sessions.ReadAsync(Snapshot.Take, ct), new LookupSums(key), ct);

    public async IAsyncEnumerable<StoredRun> RunsAsync(TrailShard shard, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var at = 0L; at < shard.Progress.Size;)
        {
            var place = at;
            var page = await sessions.ReadAsync(session => Page(session, shard, place), ct);
            foreach (var run in page)
            {
                yield return run;
                at = run.First + Math.Max(1, run.Leaves);
            }

            if (page.Count == 0)
            {
                yield break;
            }
        }
    }

    public IReadOnlyList<(long Place, string What)> Compare(StoredRun run, IReadOnlyList<CommittedEntry?> expected)
    {
        var block = (SqliteRun)run;
        var different = new List<(long, string)>();
        var service = services.GetOrAdd(run.Rules, text => RulesText.Read(text).Service);
        var next = 0;
        for (var at = 0; at < expected.Count; at++)
        {
            // Rows come in the order of their numbers.
            EntryRow? row = next < block.Rows.Count && block.Rows[next].No == block.No + at ? block.Rows[next++] : null;
            EntryRow? wanted = expected[at] is { } entry ? EntryRow.Of(block.No + at, run.Shard.Stream.Table, service, entry) : null;
            if (row != wanted)
            {
                different.Add((run.First + at, row is null ? "no search finds it" : wanted is null ? "a search finds it, and it is no entry" : Difference(row.Value, wanted.Value)));
            }

            if (expected[at]?.Kind == EntryKind.Gap && !gaps.Contains(block.No + at))
            {
                different.Add((run.First + at, "it is a gap, and it is not listed as one"));
            }
        }

        Interlocked.Add(ref entries, block.Rows.Count);
        Take(SqliteExpectedLookups.Of(block, expected, snapshot.PartitionKey(run.Shard.Stream.Table)));

        return different;
    }

    public Task<IReadOnlyList<string>> CompareRestAsync(
        Func<StoredRun, IReadOnlyList<CommittedEntry?>> expect, IReadOnlyDictionary<EntryId, Acknowledgement> acknowledged, CancellationToken ct) =>
        new SqliteRest(sessions, snapshot, sums, Interlocked.Read(ref entries)).CompareAsync(session => BlocksOf(session, expect), summing, acknowledged, ct);

    // What should be there is taken away, span by span.
    private void Take(List<Lookup> lookups)
    {
        var (span, sum) = (0L, UInt128.Zero);
        foreach (var lookup in lookups)
        {
            if (snapshot.SpanOf(lookup.No) != span)
            {
                sums.Add(span, sum);
                (span, sum) = (snapshot.SpanOf(lookup.No), UInt128.Zero);
            }

            sum = unchecked(sum - sums.Hash(lookup.Key, lookup.Place, lookup.No));
        }

        sums.Add(span, sum);
    }

    // Every block of a span with what its leaves stand for.
    private Func<long, IEnumerable<(SqliteRun Run, IReadOnlyList<CommittedEntry?> Expected)>> BlocksOf(SqliteSession session, Func<StoredRun, IReadOnlyList<CommittedEntry?>> expect) =>
        span => Snapshot.BlocksIn(session, snapshot, span).Select(found => Run(session, found.Shard, found.Block)).Select(run => (run, expect(run)));

    private List<SqliteRun> Page(SqliteSession session, TrailShard shard, long from)
    {
        var no = snapshot.NoOf(shard);
        var blocks = session.Rows(
            BlockRow.Read,
            $"{BlockRow.Select} WHERE b.shard = $1 AND b.place >= $2 AND b.place < $3 AND b.no < $4 ORDER BY b.place LIMIT $5",
            no,
            from,
            shard.Progress.Size,
            snapshot.Next,
            BlocksPerPage);
        return [.. blocks.Select(block => Run(session, shard, block))];
    }

    private SqliteRun Run(SqliteSession session, TrailShard shard, BlockRow block)
    {
        var rows = new List<EntryRow>((int)Math.Clamp(block.Leaves, 0, RowsAtOnce));
        var statement = session.Statement("SELECT no, time, table_name, service, entity, tenant, action, actor, attributed FROM entry WHERE no >= ? AND no < ?");
        statement.Bind(block.No).Bind(block.No + block.Leaves);
        while (statement.Step())
        {
            rows.Add(new EntryRow(
                statement.Integer(0),
                statement.Integer(1),
                Word(session, statement.IntegerOrNull(2)),
                Word(session, statement.IntegerOrNull(3)),
                Word(session, statement.IntegerOrNull(4)),
                Word(session, statement.IntegerOrNull(5)),
                statement.IntegerOrNull(6),
                Word(session, statement.IntegerOrNull(7)),
                statement.Integer(8)));
        }

        return new SqliteRun(shard, block.Place, block.Rules, block.No, block.Leaves, block.Texts, block.Bodies, rows);
    }

    private string? Word(SqliteSession session, long? no)
    {
        const int RememberedMax = 100_000;
        if (no is not { } number)
        {
            return null;
        }

        if (words.TryGetValue(number, out var known))
        {
            return known;
        }

        if (words.Count >= RememberedMax)
        {
            words.Clear();
        }

        return words[number] = (string?)session.Scalar("SELECT text FROM word WHERE no = $1", number) ?? Lost;
    }

    private static string Difference(EntryRow row, EntryRow wanted)
    {
        (string Name, object? Is, object? Should)[] fields =
        [
            ("time", row.Time, wanted.Time), ("table", row.Table, wanted.Table), ("service", row.Service, wanted.Service), ("entity", row.Entity, wanted.Entity),
            ("tenant", row.Tenant, wanted.Tenant), ("action", row.Action, wanted.Action), ("actor", row.Actor, wanted.Actor), ("attributed", row.Attributed, wanted.Attributed),
        ];
        return "a search finds it by " + string.Join(", ", fields.Where(field => !Equals(field.Is, field.Should)).Select(field => $"{field.Name} '{field.Is}' and not '{field.Should}'"));
    }
}

/// <summary>A row of a block.</summary>
internal sealed record BlockRow(long No, long Shard, long Place, long Leaves, Packed Texts, Packed Bodies, string Rules)
{
    public const string Select = """
        SELECT b.no, b.shard, b.place, b.leaves, b.texts_length, b.texts, b.bodies_length, b.bodies, coalesce(r.text, '') FROM block AS b LEFT JOIN rules AS r ON r.no = b.rules
        """;

    public static BlockRow Read(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        row.GetInt64(2),
        row.GetInt64(3),
        new Packed(row.GetInt32(4), (byte[])row.GetValue(5)),
        new Packed(row.GetInt32(6), (byte[])row.GetValue(7)),
        row.GetString(8));
}
