using System.Runtime.CompilerServices;

namespace Afterimage.Trail.Sqlite;

/// <summary>Notes in a table of their own.</summary>
internal sealed class SqliteNotes(SqliteSessions sessions, Func<Func<SqliteSession, bool>, CancellationToken, Task<bool>> inWriting) : ITrailNotes
{
    // Notes are read some at a time, so that no long reading keeps the log of the file from being emptied.
    private const int PageMax = 1_000;

    public async IAsyncEnumerable<TrailNote> ReadAsync(string book, string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var after = string.Empty; ;)
        {
            var page = await sessions.ReadAsync(
                session => session.Rows(
                    row => new TrailNote(row.GetString(0), row.GetString(1), row.GetInt64(2)),
                    "SELECT name, text, version FROM note WHERE book = $1 AND name >= $2 AND name < $3 AND name > $4 ORDER BY name LIMIT $5",
                    book,
                    prefix,
                    ITrailNotes.Behind(prefix),
                    after,
                    PageMax),
                ct);
            foreach (var note in page)
            {
                yield return note;
            }

            if (page.Count < PageMax)
            {
                yield break;
            }

            after = page[^1].Name;
        }
    }

    public Task<bool> WriteAsync(string book, IReadOnlyList<NoteWrite> writes, CancellationToken ct)
    {
        NoteWrite.Check(writes);
        return inWriting(
            session =>
            {
                var isAsSeen = writes.All(write => ((long?)session.Scalar("SELECT version FROM note WHERE book = $1 AND name = $2", book, write.Name) ?? 0) == write.Seen);
                if (isAsSeen)
                {
                    foreach (var write in writes)
                    {
                        Write(session, book, write);
                    }
                }

                return isAsSeen;
            },
            ct);
    }

    private static void Write(SqliteSession session, string book, NoteWrite write) => _ = write.Text is null
        ? session.Run("DELETE FROM note WHERE book = $1 AND name = $2", book, write.Name)
        : session.Run(
            "INSERT INTO note (book, name, text, version) VALUES ($1, $2, $3, $4) ON CONFLICT (book, name) DO UPDATE SET text = excluded.text, version = excluded.version",
            book,
            write.Name,
            write.Text,
            write.Seen + 1);
}
