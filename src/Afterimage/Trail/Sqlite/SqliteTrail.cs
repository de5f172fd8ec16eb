using Afterimage.Entries;
using Afterimage.Streams.Records;

namespace Afterimage.Trail.Sqlite;

/// <summary>A trail in one SQLite file. Processes of one machine may share it.</summary>
internal sealed class SqliteTrail : ITrail
{
    // About half a minute, since SQLite waits a second each time.
    private const int LockAttempts = 30;

    private readonly SqliteSessions sessions;
    private readonly string path;
    private readonly OpenMode mode;

    private SqliteTrail(string uri, string path, OpenMode mode, int lockAttempts)
    {
        Uri = uri;
        this.path = path;
        this.mode = mode;
        sessions = new SqliteSessions(path, lockAttempts);
    }

    public string Uri { get; }

    /// <summary>Opens the trail in the file at <paramref name="path"/>, which the user wrote as <paramref name="uri"/>.</summary>
    public static Task<SqliteTrail> OpenAsync(string uri, string path, OpenMode mode, CancellationToken ct) =>
        OpenAsync(uri, path, mode, LockAttempts, ct);

    /// <summary>Opens the trail; tests that wait for a lock say how often.</summary>
    internal static async Task<SqliteTrail> OpenAsync(string uri, string path, OpenMode mode, int lockAttempts, CancellationToken ct)
    {
        var trail = new SqliteTrail(uri, SqliteFile.Prepare(path, mode), mode, lockAttempts);
        try
        {
            await trail.PrepareAsync(ct);
            return trail;
        }
        catch
        {
            await trail.DisposeAsync();
            throw;
        }
    }

    public async Task<AppendOutcome> AppendAsync(TrailAppend append, CancellationToken ct)
    {
        var work = new SqliteAppend(append);
        return await WriteAsync(work.Run, ct);
    }

    public Task KeepReadThroughAsync(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough, CancellationToken ct) =>
        WriteAsync(session => SqliteShards.KeepReadThrough(session, stream, readThrough), ct);

    public async Task<IReadOnlyList<TrailShard>> ShardsAsync(StreamArn? stream, CancellationToken ct) =>
        await sessions.ReadAsync(session => SqliteShards.All(session, stream), ct);

    public async Task KeepTableAsync(TrailTable table, CancellationToken ct)
    {
        await WriteAsync(session => SqliteTables.Keep(session, table), ct);
        for (long? after = 0; after is not null;)
        {
            var at = after.Value;
            after = await WriteAsync(session => SqliteTables.Place(session, table.Name, at), ct);
        }
    }

    public async Task<IReadOnlyList<TrailTable>> TablesAsync(CancellationToken ct) => await sessions.ReadAsync(SqliteTables.All, ct);

    public Task<AuditEntry?> FindAsync(EntryId id, CancellationToken ct) => sessions.ReadAsync(session => SqliteEntries.Find(session, id), ct);

    public IAsyncEnumerable<AuditEntry> ShardEntriesAsync(StreamArn stream, ShardId shard, long fromIndex, CancellationToken ct) =>
        SqliteEntries
            .WalkAsync(sessions, new ShardPlace(fromIndex), (session, from, size) => SqliteEntries.Shard(session, stream, shard, from, size), ct)
            .Select(found => found.Entry);

    public IAsyncEnumerable<AuditEntry> HistoryAsync(HistoryFilter filter, CancellationToken ct)
    {
        var history = new SqliteHistory(filter);
        return SqliteEntries.WalkAsync(sessions, history.Start, history.Window, ct).Select(found => found.Entry);
    }

    public IAsyncEnumerable<FoundEntry> SearchAsync(SearchFilter filter, CancellationToken ct)
    {
        var search = new SqliteSearch(filter);
        return SqliteEntries.WalkAsync(sessions, search.Start, search.Window, ct)
            .Select(found => new FoundEntry(found.Entry, found.Position.Cursor));
    }

    public async Task<TrailSize> SizeAsync(CancellationToken ct)
    {
        // The rows of the shards count the entries, where counting them would read an index from end to end.
        var (entries, file) = await sessions.ReadAsync(
            session => ((long)session.Scalar("SELECT coalesce(sum(size), 0) FROM shard")!, session.Path), ct);
        var files = ((string[])[file, $"{file}-wal", $"{file}-shm"]).Select(name => new FileInfo(name));
        return new TrailSize(entries, files.Where(found => found.Exists).Sum(found => found.Length));
    }

    public ValueTask DisposeAsync() => sessions.DisposeAsync();

    /// <summary>Lets the file grow no further than this: the nearest that a test comes to a full disk.</summary>
    internal Task LimitPagesAsync(long pagesMax, CancellationToken ct) =>
        sessions.AsWriterAsync(session => session.Scalar($"PRAGMA max_page_count = {pagesMax}"), ct);

    private async Task PrepareAsync(CancellationToken ct)
    {
        // Looked at through a connection that cannot write, so that the file of another program stays as it is.
        var ready = await sessions.ReadAsync(SqliteSchema.Check, ct);
        if (mode == OpenMode.ReadOnly)
        {
            if (!ready)
            {
                throw new AfterimageException($"{path} is empty: there is no trail in it yet.", "Start one with afterimage run --table NAME.");
            }

            return;
        }

        var log = await sessions.TurnOnLogAsync(ct);
        if (log != "wal")
        {
            throw new AfterimageException(
                $"The trail {path} cannot have a write-ahead log on its file system.", "Name a file on another disk with --trail sqlite:PATH.");
        }

        await WriteAsync(SqliteSchema.Ensure, ct);
    }

    private Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken ct) => mode == OpenMode.CreateOrWrite
        ? sessions.WriteAsync(work, ct)
        : throw new InvalidOperationException("This trail was opened for questions only.");
}
