using Afterimage.Streams.Records;

namespace Afterimage.Trail.Sqlite;

/// <summary>
/// The salt keys of shards, in a file of their own beside the trail's: who is given the trail to read, or a copy of it, must not get these. With one
/// of them the values of an erased attribute could be guessed and confirmed.
/// </summary>
internal sealed class SqliteSaltKeys(string trailPath, int lockAttempts) : IAsyncDisposable
{
    // The values of deleted rows are overwritten.
    private const string Tables = """
        PRAGMA secure_delete = ON;
        CREATE TABLE IF NOT EXISTS salt_key (
          stream TEXT NOT NULL,
          shard TEXT NOT NULL,
          value BLOB NOT NULL,
          PRIMARY KEY (stream, shard)
        ) STRICT, WITHOUT ROWID;
        """;

    private readonly SqliteSessions sessions = new($"{trailPath}-keys", lockAttempts);
    private bool isReady;

    /// <summary>The key of a shard; the first one proposed stays.</summary>
    public async Task<ReadOnlyMemory<byte>> OfAsync(StreamArn stream, ShardId shard, ReadOnlyMemory<byte> proposed, CancellationToken ct)
    {
        await PrepareAsync(ct);
        return await sessions.WriteAsync(
            session =>
            {
                session.Run("INSERT OR IGNORE INTO salt_key (stream, shard, value) VALUES ($1, $2, $3)", stream.Value, shard.Value, proposed.ToArray());
                return (byte[])session.Scalar("SELECT value FROM salt_key WHERE stream = $1 AND shard = $2", stream.Value, shard.Value)!;
            },
            ct);
    }

    /// <summary>Destroys the keys of these shards.</summary>
    public async Task ForgetAsync(IReadOnlyList<(StreamArn Stream, ShardId Shard)> shards, CancellationToken ct)
    {
        await PrepareAsync(ct);
        var destroyed = await sessions.WriteAsync(
            session => shards.Sum(key => session.Run("DELETE FROM salt_key WHERE stream = $1 AND shard = $2", key.Stream.Value, key.Shard.Value)), ct);
        if (destroyed > 0)
        {
            // The log holds what the file held before.
            await sessions.AsWriterAsync(session => session.Scalar("PRAGMA wal_checkpoint(TRUNCATE)"), ct);
        }
    }

    public ValueTask DisposeAsync() => sessions.DisposeAsync();

    private async Task PrepareAsync(CancellationToken ct)
    {
        if (!isReady)
        {
            _ = SqliteFile.Prepare($"{trailPath}-keys", OpenMode.CreateOrWrite);
            await sessions.TurnOnLogAsync(ct);
            await sessions.WriteAsync(session => session.Run(Tables), ct);
            isReady = true;
        }
    }
}
