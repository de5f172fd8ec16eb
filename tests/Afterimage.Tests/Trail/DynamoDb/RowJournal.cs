using Afterimage.Entries;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail.DynamoDb;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>Moves the rows of shards as appends do, and keeps nothing besides.</summary>
internal sealed class RowJournal(IItemTable table, ShardRows rows) : IShardJournal
{
    public async Task<StreamProgress> ReadAsync(StreamArn stream, CancellationToken ct) =>
        new(null, await rows.OfStreamAsync(stream, [], ct).Select(row => row.Shard.Progress).ToListAsync(ct));

    public Task<StreamBeginning> BeginAsync(StreamBeginning beginning, CancellationToken ct) => Task.FromResult(beginning);

    public async Task<KeepResult> KeepAsync(StreamBatch batch, ShardProgress before, CancellationToken ct)
    {
        await rows.NoteStreamAsync(batch.Stream, ct);
        var after = batch.Advance(before);
        var move = new ItemWrite.Update(
            Layout.RowOf(batch.Stream, batch.Shard),
            [
                ("last", Cell.Of(after.Last?.Text)), ("size", Number(after.Size)), ("finished", after.Finished ? AttributeValue.Boolean(true) : null),
                ("readThrough", Cell.Of(after.ReadThrough)), .. after.Parent is { } parent ? [("parent", Cell.Of(parent.Value))] : Array.Empty<(string, AttributeValue?)>(),
            ],
            Term.Is("size", Number(before.Size)),
            Term.Is("epoch", Number(before.Epoch)),
            Term.Missing("finished"));
        return await table.WriteAsync(move, ct) ? new KeepResult.Kept(after) : new KeepResult.Superseded();
    }

    public async Task NoteReadThroughAsync(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough, CancellationToken ct)
    {
        foreach (var (shard, moment) in readThrough)
        {
            await rows.KeepReadThroughAsync(stream, shard, moment, ct);
        }
    }

    private static AttributeValue? Number(long value) => value == 0 ? null : Cell.Of(value);
}
