using System.Collections.Concurrent;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>The rows of shards, and the streams they are of.</summary>
internal sealed class ShardRows(IItemTable table)
{
    private readonly ConcurrentDictionary<StreamArn, bool> noted = new();

    /// <summary>A shard's row; null before anything of it was kept.</summary>
    public async Task<ShardRow?> FindAsync(StreamArn stream, ShardId shard, CancellationToken ct) =>
        await table.GetAsync(Layout.RowOf(stream, shard), ct) is { } item ? ShardRow.Read(stream, item) : null;

    /// <summary>The rows of a stream's shards, by name.</summary>
    public IAsyncEnumerable<ShardRow> OfStreamAsync(StreamArn stream, IReadOnlyList<Term> filter, CancellationToken ct) =>
        table.AllAsync(new ItemQuery(Layout.ShardsOf(stream)) { Filter = filter }, ct).Select(item => ShardRow.Read(stream, item));

    /// <summary>The rows of every shard, stream by stream.</summary>
    public async IAsyncEnumerable<ShardRow> AllAsync(IReadOnlyList<Term> filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var stream in await StreamsAsync(ct))
        {
            await foreach (var row in OfStreamAsync(stream, filter, ct))
            {
                yield return row;
            }
        }
    }

    /// <summary>Every stream that has rows, by name.</summary>
    public async Task<IReadOnlyList<StreamArn>> StreamsAsync(CancellationToken ct) =>
        await table.AllAsync(new ItemQuery(Layout.Streams), ct).Select(item => new StreamArn(item.Key.Sort)).ToListAsync(ct);

    /// <summary>Makes a stream known, which is done before it gets its first row: a row of an unknown stream would never be found.</summary>
    public async Task NoteStreamAsync(StreamArn stream, CancellationToken ct)
    {
        if (!noted.ContainsKey(stream))
        {
            await table.WriteAsync(new ItemWrite.Put(NewItem.Of(new ItemKey(Layout.Streams, stream.Value))), ct);
            noted[stream] = true;
        }
    }

    /// <summary>Notes how far a shard is read, unless it is known to be read further. One of which nothing is kept yet gets a row that stands at its beginning.</summary>
    public async Task KeepReadThroughAsync(StreamArn stream, ShardId shard, DateTimeOffset moment, CancellationToken ct)
    {
        await NoteStreamAsync(stream, ct);
        var text = AttributeValue.String(Cell.Text(moment));
        await table.WriteAsync(new ItemWrite.Update(Layout.RowOf(stream, shard), [("readThrough", text)], Term.Below("readThrough", text)), ct);
    }
}
