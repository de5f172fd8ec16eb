using System.Runtime.CompilerServices;
using Afterimage.Entries;
using Afterimage.Streams.Records;

namespace Afterimage.Trail.Sqlite;

/// <summary>Reads entries: one, or a long answer page by page.</summary>
internal static class SqliteEntries
{
    private const int WindowFirst = 256;
    private const int WindowMax = 16_384;
    private const int PageEntriesMax = 256;
    private const int PageBytesMax = 4 * 1024 * 1024;

    public static AuditEntry? Find(SqliteSession session, EntryId id) =>
        session.Scalar("SELECT b.json FROM entry AS e JOIN body AS b ON b.no = e.no WHERE e.id = $1", id.Value) is byte[] json
            ? EntryJson.Read(json)
            : null;

    /// <summary>
    /// Walks through an answer of any length in short transactions. A window says which rows come next, and where the window after it
    /// begins; entries never change or vanish, so what it named is still there when its JSON is read.
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
            for (var done = 0; done < rows.Hits.Count;)
            {
                var page = await sessions.ReadAsync(session => Bodies(session, rows.Hits, done), ct);
                foreach (var json in page)
                {
                    ct.ThrowIfCancellationRequested();
                    yield return (rows.Hits[done++].Position, EntryJson.Read(json));
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

        var hits = session.Rows(
            found => (found.GetInt64(0), new ShardPlace(found.GetInt64(1))),
            "SELECT no, place FROM entry WHERE shard = $1 AND place >= $2 ORDER BY place LIMIT $3",
            row.No,
            from.Index,
            size);
        return new(hits, hits.Count == size ? new ShardPlace(hits[^1].Item2.Index + 1) : null);
    }

    private static List<byte[]> Bodies<TPosition>(SqliteSession session, IReadOnlyList<(long No, TPosition Position)> hits, int from)
    {
        var page = new List<byte[]>();
        var bytes = 0;
        for (var i = from; i < hits.Count && page.Count < PageEntriesMax && bytes < PageBytesMax; i++)
        {
            var json = (byte[])session.Scalar("SELECT json FROM body WHERE no = $1", hits[i].No)!;
            bytes += json.Length;
            page.Add(json);
        }

        return page;
    }
}

/// <summary>The next rows of an answer.</summary>
/// <param name="Hits">The rows, and where each stands in the answer's order.</param>
/// <param name="Next">Where to look on; null at the end.</param>
internal sealed record Window<TPosition>(IReadOnlyList<(long No, TPosition Position)> Hits, TPosition? Next)
    where TPosition : class;

/// <summary>A place within a shard.</summary>
internal sealed record ShardPlace(long Index);
