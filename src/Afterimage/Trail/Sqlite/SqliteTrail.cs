using Afterimage.Entries;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Trail.Sqlite;

/// <summary>A trail in one SQLite file. Processes of one machine may share it.</summary>
internal sealed class SqliteTrail : ITrail
{
    private readonly SqliteSessions sessions;
    private readonly SqliteSaltKeys saltKeys;
    private readonly SqliteLeases leases;
    private readonly string path;
    private readonly OpenMode mode;
    private readonly SqliteTuning tuning;

    private SqliteTrail(string uri, string path, OpenMode mode, SqliteTuning tuning)
    {
        Uri = uri;
        this.path = path;
        this.mode = mode;
        this.tuning = tuning;
        sessions = new SqliteSessions(path, tuning.LockAttempts);
        saltKeys = new SqliteSaltKeys(path, tuning.LockAttempts);
        leases = new SqliteLeases(sessions, path);
        Log = new SqliteLog(sessions, WriteAsync);
        Notes = new SqliteNotes(sessions, WriteAsync);
    }

    public string Uri { get; }

    public ILeaseStore Leases => leases;

    public ITrailLog Log { get; }

    public ITrailNotes Notes { get; }

    /// <summary>Opens the trail in the file at <paramref name="path"/>, which the user wrote as <paramref name="uri"/>.</summary>
    public static Task<SqliteTrail> OpenAsync(string uri, string path, OpenMode mode, CancellationToken ct) =>
        OpenAsync(uri, path, mode, new SqliteTuning(), ct);

    /// <summary>Opens the trail; tests that wait for a lock or fill a span say how long.</summary>
    internal static async Task<SqliteTrail> OpenAsync(string uri, string path, OpenMode mode, SqliteTuning tuning, CancellationToken ct)
    {
        var trail = new SqliteTrail(uri, SqliteFile.Prepare(path, mode), mode, tuning);
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

    public async Task<ITrailInspection> InspectAsync(Func<int, byte[]> secrets, CancellationToken ct) =>
        await SqliteInspection.OpenAsync(sessions, secrets(LookupSums.KeySize), ct);

    public Task<string> NameAsync(string proposed, CancellationToken ct) =>
        WriteAsync(session => (string)session.Scalar("UPDATE trail SET name = coalesce(name, $1) RETURNING name", proposed)!, ct);

    public Task<string?> NameAsync(CancellationToken ct) => sessions.ReadAsync(session => (string?)session.Scalar("SELECT name FROM trail"), ct);

    public Task<ReadOnlyMemory<byte>> SaltKeyAsync(StreamArn stream, ShardId shard, ReadOnlyMemory<byte> proposed, CancellationToken ct) =>
        saltKeys.OfAsync(stream, shard, proposed, ct);

    public async Task ForgetSaltKeysAsync(DateTimeOffset before, CancellationToken ct)
    {
        var rows = await ShardsAsync(null, ct);
        await saltKeys.ForgetAsync(
            [.. rows.Where(row => row.Progress.Finished && (row.LastEntryTime ?? DateTimeOffset.MinValue) < before).Select(row => (row.Stream, row.Progress.Shard))], ct);
    }

    public async Task<AppendOutcome> AppendAsync(TrailAppend append, CancellationToken ct)
    {
        var work = new SqliteAppend(append);
        return await WriteAsync(work.Run, ct);
    }

    public Task<IReadOnlyList<IntakeOutcome>> PutAsync(TrailIntake intake, CancellationToken ct) => WriteAsync(new SqliteIntake(intake).Run, ct);

    // Each has got its place when it was put.
    public Task<long> PlaceIntakeAsync(CancellationToken ct) => Task.FromResult(0L);

    public Task<IReadOnlyDictionary<EntryId, AuditEntry>> FindIntakeAsync(StreamArn stream, IReadOnlyList<CommittedEntry> entries, CancellationToken ct) =>
        sessions.ReadAsync(session => SqliteIntake.Find(session, stream, entries), ct);

    public Task KeepReadThroughAsync(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough, CancellationToken ct) =>
        WriteAsync(session => SqliteShards.KeepReadThrough(session, stream, readThrough), ct);

    public async Task<IReadOnlyList<TrailShard>> ShardsAsync(StreamArn? stream, CancellationToken ct) =>
        await sessions.ReadAsync(session => SqliteShards.All(session, stream), ct);

    public Task<TrailShard?> ShardAsync(StreamArn stream, ShardId shard, CancellationToken ct) => sessions.ReadAsync(
        session => SqliteShards.FindStream(session, stream) is { } no ? SqliteShards.Find(session, no, stream, shard)?.Shard : null, ct);

    public Task KeepTableAsync(TrailTable table, CancellationToken ct) => WriteAsync(session => SqliteTables.Keep(session, table), ct);

    public Task<bool> TryKeepTableAsync(TrailTable table, TrailTable? seen, CancellationToken ct) =>
        WriteAsync(session => SqliteTables.TryKeep(session, table, seen), ct);

    public async Task<IReadOnlyList<TrailTable>> TablesAsync(CancellationToken ct) => await sessions.ReadAsync(SqliteTables.All, ct);

    public Task<AuditEntry?> FindAsync(EntryId id, CancellationToken ct) => sessions.ReadAsync(session => new SqliteLookups(session).Find(id), ct);

    public IAsyncEnumerable<AuditEntry> ShardEntriesAsync(StreamArn stream, ShardId shard, long fromIndex, CancellationToken ct) =>
        SqliteEntries
            .WalkAsync(sessions, new ShardPlace(fromIndex), (session, from, size) => SqliteEntries.Shard(session, stream, shard, from, size), ct)
            .Select(found => found.Entry);

    public IAsyncEnumerable<AuditEntry> HistoryAsync(HistoryFilter filter, CancellationToken ct)
    {
        var history = new SqliteHistory(filter);
        return SqliteEntries.WalkAsync(sessions, history.Start, history.Window, ct)
            .Select(found => found.Entry)
            .Where(entry => IsOf(entry, filter.Table, filter.Key));
    }

    public IAsyncEnumerable<FoundEntry> SearchAsync(SearchFilter filter, CancellationToken ct)
    {
        var search = new SqliteSearch(filter);
        return SqliteEntries.WalkAsync(sessions, search.Start, search.Window, ct)
            .Where(found => filter.Key is null || IsOf(found.Entry, filter.Table!, filter.Key))
            .Select(found => new FoundEntry(found.Entry, found.Position.Cursor));
    }

    public Task<StreamBeginning?> BeginningAsync(StreamArn stream, CancellationToken ct) => sessions.ReadAsync(session => SqliteGaps.Beginning(session, stream), ct);

    public async Task<IReadOnlyDictionary<StreamArn, DateTimeOffset>> BegunAsync(CancellationToken ct) => await sessions.ReadAsync(SqliteGaps.Begun, ct);

    public async Task<IReadOnlyList<TrailGap>> GapsAsync(CancellationToken ct) => await sessions.ReadAsync(SqliteGaps.All, ct);

    public Task<TrailGap?> AcknowledgeGapAsync(EntryId gap, DateTimeOffset at, string reason, CancellationToken ct) =>
        WriteAsync(session => SqliteGaps.Acknowledge(session, gap, at, reason), ct);

    public async Task<TrailSize> SizeAsync(CancellationToken ct)
    {
        // The rows of the shards count the entries, where counting them would read an index from end to end.
        var (entries, file) = await sessions.ReadAsync(
            session => ((long)session.Scalar("SELECT coalesce(sum(entries), 0) FROM shard")!, session.Path), ct);
        var files = ((string[])[file, $"{file}-wal", $"{file}-shm"]).Select(name => new FileInfo(name));
        return new TrailSize(entries, files.Where(found => found.Exists).Sum(found => found.Length));
    }

    public async ValueTask DisposeAsync()
    {
        leases.Dispose();
        await saltKeys.DisposeAsync();
        await sessions.DisposeAsync();
    }

    /// <summary>Lets the file grow no further than this: the nearest that a test comes to a full disk.</summary>
    internal Task LimitPagesAsync(long pagesMax, CancellationToken ct) =>
        sessions.AsWriterAsync(session => session.Scalar($"PRAGMA max_page_count = {pagesMax}"), ct);

    // What is found by a hash is compared with what was looked for.
    private static bool IsOf(AuditEntry entry, string table, AttributeMap key) =>
        entry.Table == table && entry.Keys is { } keys && key.All(wanted => keys.TryGetValue(wanted.Key, out var value) && value.Equals(wanted.Value));

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

        await WriteAsync(session => SqliteSchema.Ensure(session, tuning.LeavesPerSpan), ct);
    }

    private Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken ct) => mode == OpenMode.CreateOrWrite
        ? sessions.WriteAsync(work, ct)
        : throw new InvalidOperationException("This trail was opened for questions only.");
}

/// <summary>What tests choose otherwise.</summary>
internal sealed record SqliteTuning
{
    /// <summary>How often a lock is tried for: about half a minute, since SQLite waits a second each time.</summary>
    public int LockAttempts { get; init; } = 30;

    /// <summary>How many leaves one span of the lookups takes. The index of so many, about 10 MB, stays in the memory of whoever writes.</summary>
    public long LeavesPerSpan { get; init; } = 32_768;
}
