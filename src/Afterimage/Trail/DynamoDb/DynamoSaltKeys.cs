using Afterimage.Streams.Records;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>
/// The salt keys of shards, under partition keys that readers of the trail are not allowed: with one of them the values of an erased attribute could be guessed
/// and confirmed.
/// </summary>
internal sealed class DynamoSaltKeys(IItemTable table)
{
    /// <summary>The key of a shard; the first one proposed stays. It is durable when this returns.</summary>
    public async Task<ReadOnlyMemory<byte>> OfAsync(StreamArn stream, ShardId shard, ReadOnlyMemory<byte> proposed, CancellationToken ct)
    {
        var key = Layout.SaltKeyOf(stream, shard);
        if (await table.GetAsync(key, ct) is { } known)
        {
            return known.Bytes("value");
        }

        // Whoever was first, the key that stands there now stays.
        await table.WriteAsync(new ItemWrite.Put(NewItem.Of(key, ("value", Cell.Of(proposed.Span))), Term.NoItem), ct);
        return (await table.GetAsync(key, ct))?.Bytes("value") ?? throw new InvalidOperationException($"The salt key of {shard} was destroyed while the shard was begun.");
    }

    /// <summary>Destroys the keys of these shards. Most of them are destroyed already, and looking costs less than deleting once more.</summary>
    public async Task ForgetAsync(IReadOnlyList<(StreamArn Stream, ShardId Shard)> shards, CancellationToken ct)
    {
        var keys = shards.Select(one => Layout.SaltKeyOf(one.Stream, one.Shard)).Distinct().ToList();
        var held = await table.GetManyAsync(keys, [ItemKey.PartitionAttribute, ItemKey.SortAttribute], ct);
        await Task.WhenAll(held.Select(item => table.WriteAsync(new ItemWrite.Delete(item.Key), ct)));
    }
}
