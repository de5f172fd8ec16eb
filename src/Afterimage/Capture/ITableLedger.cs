using Afterimage.Streams.Records;
using Afterimage.Trail;

namespace Afterimage.Capture;

/// <summary>What the trail knows of tables and their streams. A simulator implements it too.</summary>
public interface ITableLedger
{
    /// <summary>All of it.</summary>
    Task<KnownTables> ReadAsync(CancellationToken ct);

    /// <summary>Notes a table if what is known of it is still what was seen; null where nothing was.</summary>
    /// <returns>Whether it was noted. If not, another process was first, and what is to be read may follow from what it noted.</returns>
    Task<bool> TryKeepAsync(TrailTable table, TrailTable? seen, CancellationToken ct);
}

/// <summary>Tables and streams of a trail.</summary>
/// <param name="Tables">The tables' rows.</param>
/// <param name="Streams">Every stream of which anything is kept.</param>
public sealed record KnownTables(IReadOnlyList<TrailTable> Tables, IReadOnlyList<KnownStream> Streams)
{
    /// <summary>The streams of one table, the oldest first.</summary>
    public IReadOnlyList<KnownStream> StreamsOf(string table) => [.. Streams.Where(known => known.Stream.Table == table).OrderBy(known => known.Stream.Label, StringComparer.Ordinal)];
}

/// <summary>A stream of which something is kept.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="IsFinished">Whether each of its shards that were begun is finished.</param>
/// <param name="LastSign">The last moment at which it is known to have been there; null where none was noted.</param>
public sealed record KnownStream(StreamArn Stream, bool IsFinished, DateTimeOffset? LastSign);

/// <summary>The ledger of a trail.</summary>
public sealed class TrailLedger(ITrail trail) : ITableLedger
{
    /// <inheritdoc/>
    public async Task<KnownTables> ReadAsync(CancellationToken ct)
    {
        var shards = (await trail.ShardsAsync(null, ct)).Where(shard => shard.IsOfStream).GroupBy(shard => shard.Stream);
        var begun = await trail.BegunAsync(ct);
        return new(await trail.TablesAsync(ct), [.. shards.Select(stream => Summary(stream, begun))]);
    }

    /// <inheritdoc/>
    public Task<bool> TryKeepAsync(TrailTable table, TrailTable? seen, CancellationToken ct) => trail.TryKeepTableAsync(table, seen, ct);

    // To begin a stream is a sign of it as well: nothing may have been read of it since.
    private static KnownStream Summary(IGrouping<StreamArn, TrailShard> stream, IReadOnlyDictionary<StreamArn, DateTimeOffset> begun)
    {
        DateTimeOffset? beginning = begun.TryGetValue(stream.Key, out var at) ? at : null;
        var signs = stream.SelectMany(shard => new[] { shard.Progress.ReadThrough, shard.LastEntryTime }).Append(beginning);
        return new KnownStream(stream.Key, stream.All(shard => shard.Progress.Finished), signs.Max());
    }
}
