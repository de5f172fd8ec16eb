using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Afterimage.Trail.Sqlite;

/// <summary>The connections of one trail: one that writes, and as many readers as there are questions at once.</summary>
/// <remarks>SQLite's calls block; they run on the thread pool, so that nobody who awaits a trail holds a thread of their own.</remarks>
internal sealed class SqliteSessions(string path, int lockAttempts) : IAsyncDisposable
{
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly ConcurrentBag<SqliteSession> readers = [];
    private SqliteSession? writer;
    private volatile bool closed;

    /// <summary>
    /// Runs one short read transaction. Whatever takes long asks for a page at a time: an old snapshot would keep the log from being emptied.
    /// </summary>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> work, CancellationToken ct) => Task.Run(() => Explained(() => Read(work)), ct);

    /// <summary>Runs one write transaction; it is durable, in the file that everybody else sees, when this returns.</summary>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken ct) => AsWriterAsync(session => Write(session, work, ct), ct);

    /// <summary>Hands out the writing connection outside of a transaction.</summary>
    public async Task<T> AsWriterAsync<T>(Func<SqliteSession, T> work, CancellationToken ct)
    {
        await writing.WaitAsync(ct);
        try
        {
            return await Task.Run(() => Explained(() => work(writer ??= new SqliteSession(path, SqliteOpenMode.ReadWrite))), ct);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Turns on the write-ahead log, unless it is.</summary>
    public Task<string> TurnOnLogAsync(CancellationToken ct) =>
        AsWriterAsync(session => Patiently(() => (string)session.Scalar("PRAGMA journal_mode = WAL")!, ct), ct);

    public async ValueTask DisposeAsync()
    {
        if (closed)
        {
            return;
        }

        // What is being written is finished, and nothing is begun after it.
        await writing.WaitAsync(CancellationToken.None);
        closed = true;
        while (readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        // Last, because the last connection to close empties the log into the file, and a reader may not.
        writer?.Dispose();
        writing.Dispose();
    }

    private T Read<T>(Func<SqliteSession, T> work)
    {
        ObjectDisposedException.ThrowIf(closed, this);
        if (!readers.TryTake(out var session))
        {
            session = new SqliteSession(path, SqliteOpenMode.ReadOnly);
        }

        var sound = false;
        try
        {
            session.RefuseMoved();
            session.Run("BEGIN");
            var answer = work(session);
            session.Run("COMMIT");
            sound = true;
            return answer;
        }
        finally
        {
            if (sound && !closed)
            {
                readers.Add(session);
            }
            else
            {
                session.Dispose();
            }
        }
    }

    private T Write<T>(SqliteSession session, Func<SqliteSession, T> work, CancellationToken ct)
    {
        try
        {
            _ = Patiently(() => session.Run("BEGIN IMMEDIATE"), ct);
            session.RefuseMoved();
            var answer = work(session);

            // A crash before this line leaves nothing of the transaction, one after it leaves all; an error in it may leave either, and
            // who repeats the write finds out which.
            session.Run("COMMIT");
            session.RefuseLostLog();
            return answer;
        }
        finally
        {
            session.RollBackIfOpen();
        }
    }

    private T Patiently<T>(Func<T> work, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            ct.ThrowIfCancellationRequested();
            try
            {
                return work();
            }
            catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_BUSY && attempt < lockAttempts)
            {
                // SQLite has waited for a while already; between its waits the caller may give up.
            }
        }
    }

    private T Explained<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Explain(e, path);
        }
    }
}
