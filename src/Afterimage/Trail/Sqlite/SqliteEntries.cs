using System.Runtime.CompilerServices;
using Afterimage.Entries;
using Afterimage.Streams.Records;

namespace Afterimage.Trail.Sqlite;

/// <summary>Reads a long answer page by page.</summary>
internal static class SqliteEntries
{
    private const int WindowFirst = 256;
    private const int WindowMax = 16_384;
    private const int PageEntriesMax = 256;

    /// <summary>
    /// Walks through an answer of any length in short transactions. A window says which rows come next, and where the window after it
    /// begins; entries never change or vanish, so what it named is still there when it is read.
    /// </summary>
    public static async IAsyncEnumerable<(TPosition Position, AuditEntry Entry)> WalkAsync<TPosition>(
        SqliteSessions sessions,
        TPosition start,
        Func<SqliteSession, TPosition, int, Window<TPosition>> window,
        [EnumeratorCancellation] CancellationToken ct)
        where TPosition : class
    {
        var size = WindowFirst;
        for (var position = start; position is not null; size = Math.Min(size * 4, WindowMax))
        {
            var at = position;
            var rows = await sessions.ReadAsync(session => window(session, at, size), ct);
            foreach (var page in rows.Hits.Chunk(PageEntriesMax))
            {
                var entries = await sessions.ReadAsync(session => Read(session, page.Select(hit => hit.No)), ct);
                foreach (var (hit, entry) in page.Zip(entries))
                {
                    ct.ThrowIfCancellationRequested();
                    yield return (hit.Position, entry);
                }
            }

            position = rows.Next;
        }
    }

    /// <summary>The entries of a shard in its order.</summary>
    public static Window<ShardPlace> Shard(SqliteSession session, StreamArn stream, ShardId shard, ShardPlace from, int size)
    {
        if (SqliteShards.FindStream(session, stream) is not { } streamNo || SqliteShards.Find(session, streamNo, stream, shard) is not { } row)
        {
            return new([], null);
        }

        // The block that holds the place may begin before it.
        var hits = session.Rows(
            found => (found.GetInt64(0), new ShardPlace(found.GetInt64(1))),
            """
            SELECT e.no, b.place + e.no - b.no FROM block AS b CROSS JOIN entry AS e
            WHERE b.shard = $1 AND b.place >= coalesce((SELECT max(place) FROM block WHERE shard = $1 AND place <= $2), 0)
              AND e.no >= b.no AND e.no < b.no + b.leaves AND b.place + e.no - b.no >= $2
            ORDER BY b.place, e.no LIMIT $3
            """,
            row.No,
            from.Index,
            size);
        return new(hits, hits.Count == size ? new ShardPlace(hits[^1].Item2.Index + 1) : null);
    }

    private static List<AuditEntry> Read(SqliteSession session, IEnumerable<long> numbers)
    {
        var reader = new SqliteReader(session);
        return [.. numbers.Select(reader.Read)];
    }
}

/// <summary>The next rows of an answer.</summary>
/// <param name="Hits">The rows, and where each stands in the answer's order.</param>
/// <param name="Next">Where to look on; null at the end.</param>
internal sealed record Window<TPosition>(IReadOnlyList<(long No, TPosition Position)> Hits, TPosition? Next)
    where TPosition : class;

/// <summary>A place within a shard.</summary>
internal sealed record ShardPlace(long Index);
