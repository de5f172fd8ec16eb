using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Afterimage.Entries;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>
/// Tells whether the table holds items that readers take for entries and no leaf stands for: a sum over a keyed hash of each key, which takes no memory. The key is
/// secret and new with each check, so that no items can be chosen to cancel out.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="key">32 secret bytes.</param>
internal sealed class HeldItems(IItemTable table, byte[] key)
{
    /// <summary>How many bytes the key has.</summary>
    public const int KeySize = 32;

    private const int SegmentsAtOnce = 4;

    private static readonly IReadOnlyList<string> Looked = [ItemKey.PartitionAttribute, ItemKey.SortAttribute, "shard", "index", "claim"];

    private readonly Lock guard = new();
    private UInt128 sum;

    /// <summary>Says that an item is to be there. It may be called on several threads.</summary>
    public void Expect(ItemKey item)
    {
        var hash = HashOf(item);
        lock (guard)
        {
            sum = unchecked(sum - hash);
        }
    }

    /// <summary>Looks through the whole table once everything was said that is to be there.</summary>
    /// <param name="rows">The rows of the shards by name.</param>
    /// <param name="blocks">The leaves.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<IReadOnlyList<string>> CompareAsync(IReadOnlyDictionary<TreeName, ShardRow> rows, LeafBlocks blocks, CancellationToken ct)
    {
        await ScanAsync(
            item =>
            {
                if (RowOf(rows, item) is not null)
                {
                    var hash = HashOf(item.Key);
                    lock (guard)
                    {
                        sum = unchecked(sum + hash);
                    }
                }

                return Task.CompletedTask;
            },
            ct);
        if (sum == 0)
        {
            return [];
        }

        var strangers = new ConcurrentQueue<string>();
        await ScanAsync(
            async item =>
            {
                if (RowOf(rows, item) is { } row && !await IsNamedAsync(blocks, row, item, ct))
                {
                    strangers.Enqueue($"{item.Key} is taken for entry {item.Integer("index")} of {item.Text("shard")}, and the leaf there is of another");
                }
            },
            ct);
        return strangers.IsEmpty ? ["what readers take for entries is not what the leaves stand for"] : [.. strangers];
    }

    private static async Task<bool> IsNamedAsync(LeafBlocks blocks, ShardRow row, Item item, CancellationToken ct)
    {
        var place = item.Integer("index");
        return await blocks.BlocksAsync(row, place, place + 1, ct).FirstOrDefaultAsync(ct) is { } block && block.Leaves[(int)(place - block.First)].Entry == item.Key;
    }

    private static ShardRow? RowOf(IReadOnlyDictionary<TreeName, ShardRow> rows, Item item) =>
        item.TextOrNull("shard") is { } shard && item.TextOrNull("claim") is { } claim && rows.TryGetValue(new TreeName(shard), out var row) && row.Holds(item.IntegerOrNull("index") ?? -1, claim)
            ? row
            : null;

    private Task ScanAsync(Func<Item, Task> look, CancellationToken ct) => Task.WhenAll(Enumerable.Range(0, SegmentsAtOnce).Select(async segment =>
    {
        PageMark? after = null;
        do
        {
            var page = await table.ScanAsync(new ItemScan(segment, SegmentsAtOnce, Looked, after), ct);
            foreach (var item in page.Items)
            {
                await look(item);
            }

            after = page.Next;
        }
        while (after is not null);
    }));

    private UInt128 HashOf(ItemKey item)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(CanonicalText.Of(item.Partition) + CanonicalText.Of(item.Sort)), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
