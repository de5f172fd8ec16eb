using System.Globalization;
using Afterimage.Entries;

namespace Afterimage.Trail.Sqlite;

/// <summary>Compares what no single block accounts for: rows that stand for nothing, and the indexes.</summary>
internal sealed class SqliteRest(SqliteSessions sessions, Snapshot snapshot, LookupSums sums, long entries)
{
    private static readonly string[] IndexedTables = ["entry", "log", "shard", "stream", "word", "rules"];

    private delegate IEnumerable<(SqliteRun Run, IReadOnlyList<CommittedEntry?> Expected)> Blocks(long span);

    /// <summary>What differs.</summary>
    public async Task<IReadOnlyList<string>> CompareAsync(
        Func<SqliteSession, Func<long, IEnumerable<(SqliteRun Run, IReadOnlyList<CommittedEntry?> Expected)>>> blocksOf,
        Task<List<string>> looking,
        IReadOnlyDictionary<EntryId, Acknowledgement> acknowledged,
        CancellationToken ct)
    {
        var found = new List<string>(await looking);
        foreach (var span in sums.Spans.Where(span => sums[span] != 0).Order())
        {
            found.AddRange(await sessions.ReadAsync(session => InSpan(session, span, new Blocks(blocksOf(session))), ct));
        }

        found.AddRange(await sessions.ReadAsync(session => Rows(session).Concat(Gaps(session, acknowledged)).ToList(), ct));
        return found;
    }

    /// <summary>Sums up the rows that are there, span by span in short transactions, and tells where indexes do not fit rows.</summary>
    public static async Task<List<string>> LookAsync(SqliteSessions sessions, Snapshot snapshot, LookupSums sums, CancellationToken ct)
    {
        for (long? span = -1; span is { } last;)
        {
            span = await sessions.ReadAsync(session => (long?)session.Scalar("SELECT min(span) FROM lookup WHERE span > $1", last), ct);
            if (span is { } next)
            {
                await sessions.ReadAsync(session => Sum(session, snapshot, sums, next), ct);
            }
        }

        return await sessions.ReadAsync(session => Indexes(session).ToList(), ct);
    }

    private static bool Sum(SqliteSession session, Snapshot snapshot, LookupSums sums, long span)
    {
        var sum = default(UInt128);
        var statement = session.Statement("SELECT key, place, no FROM lookup WHERE span = ?").Bind(span);
        while (statement.Step())
        {
            var no = statement.Integer(2);
            if (no < snapshot.Next)
            {
                sum = unchecked(sum + sums.Hash(statement.Integer(0), statement.Bytes(1), no));
            }
        }

        sums.Add(span, sum);
        return true;
    }

    private List<string> InSpan(SqliteSession session, long span, Blocks blocks)
    {
        var there = session.Rows(
            row => (Key: row.GetInt64(0), Place: Convert.ToHexString((byte[])row.GetValue(1)), No: row.GetInt64(2)),
            "SELECT key, place, no FROM lookup WHERE span = $1 AND no < $2",
            span,
            snapshot.Next).ToHashSet();
        var found = new List<string>();
        foreach (var (run, expected) in blocks(span))
        {
            var table = run.Shard.Stream.Table;
            var wanted = SqliteExpectedLookups.Of(run, expected, snapshot.PartitionKey(table)).Where(lookup => snapshot.SpanOf(lookup.No) == span);
            foreach (var lookup in wanted.Where(lookup => !there.Remove(Row(lookup))))
            {
                found.Add($"entry {Name(run, expected, lookup.No)} is not found by its {(lookup.Id is null ? "key" : "id")}");
            }

            // As long as a table was not noted, entries are found by either attribute of their keys.
            foreach (var lookup in SqliteExpectedLookups.Of(run, expected, null))
            {
                there.Remove(Row(lookup));
            }
        }

        return [.. found, .. there.Select(row => string.Create(CultureInfo.InvariantCulture, $"leaf number {row.No} is found by what is not its own"))];
    }

    private static (long Key, string Place, long No) Row(Lookup lookup) => (lookup.Key, Convert.ToHexString(lookup.Place), lookup.No);

    private static string Name(SqliteRun run, IReadOnlyList<CommittedEntry?> expected, long no) =>
        string.Create(CultureInfo.InvariantCulture, $"{expected[(int)(no - run.No)]!.Id} ({run.Shard.Progress.Shard}, index {run.First + no - run.No})");

    private IEnumerable<string> Rows(SqliteSession session)
    {
        var rows = (long)session.Scalar("SELECT count(*) FROM entry WHERE no < $1", snapshot.Next)!;
        if (rows != entries)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"a search goes through {rows} entries, and {entries} are kept");
        }
    }

    private IEnumerable<string> Gaps(SqliteSession session, IReadOnlyDictionary<EntryId, Acknowledgement> acknowledged)
    {
        var reader = new SqliteReader(session);
        foreach (var gap in snapshot.Gaps)
        {
            if (session.Scalar("SELECT 1 FROM entry WHERE no = $1", gap.No) is null)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"a gap is listed that is no entry (number {gap.No})");
                continue;
            }

            if (Read(reader, gap.No) is not { } id)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"a gap is listed that cannot be read (number {gap.No})");
                continue;
            }

            var said = acknowledged.GetValueOrDefault(id);
            var isSame = said is null ? gap.Acknowledged is null && gap.Reason is null : gap.Reason == said.Reason && gap.Acknowledged / 1000 == said.At.ToUnixTimeSeconds();
            if (!isSame)
            {
                yield return $"gap {id} is shown as {(gap.Acknowledged is null ? "not acknowledged" : $"acknowledged ('{gap.Reason}')")}, which is not what was noted";
            }
        }
    }

    private static EntryId? Read(SqliteReader reader, long no)
    {
        try
        {
            return reader.Read(no).Id;
        }
        catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    // Tables that are read by an index and not row by row. Blocks and lookups are gone through whole: what an index hides of them is missed there.
    private static IEnumerable<string> Indexes(SqliteSession session) => IndexedTables
        .SelectMany(table => session.Rows(row => row.GetString(0), $"PRAGMA integrity_check({table})"))
        .Where(line => line != "ok")
        .Select(line => $"the file's indexes do not fit its rows: {line}");
}
