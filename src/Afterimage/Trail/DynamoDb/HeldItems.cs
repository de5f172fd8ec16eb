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
    private readonly ConcurrentDictionary<ItemKey, bool> placedMeanwhile = new();
    private UInt128 sum;

    /// <summary>How many entries wait for their places.</summary>
    public long Waiting { get; private set; }

    /// <summary>Says that an item is to be there. It may be called on several threads.</summary>
    /// <param name="item">Its key.</param>
    /// <param name="isWaiting">Whether it says that it waits for its place, though it has one.</param>
    public void Expect(ItemKey item, bool isWaiting = false)
    {
        if (isWaiting)
        {
            placedMeanwhile[item] = true;
            return;
        }

        var hash = HashOf(item);
        lock (guard)
        {
            sum = unchecked(sum - hash);
        }
    }

    /// <summary>Looks through the whole table once everything was said that is to be there.</summary>
    /// <param name="rows">The rows of the shards by name.</param>
    /// <param name="blocks">The leaves.</param>
    /// <param name="noted">The entries that somebody is to give places to.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<IReadOnlyList<string>> CompareAsync(IReadOnlyDictionary<TreeName, ShardRow> rows, LeafBlocks blocks, IReadOnlySet<ItemKey> noted, CancellationToken ct)
    {
        var waiting = new ConcurrentDictionary<ItemKey, bool>();
        await ScanAsync(
            item =>
            {
                if (item.TextOrNull("claim") == Claim.Intake && item.IntegerOrNull("index") == TrailIntake.Waiting && !placedMeanwhile.ContainsKey(item.Key))
                {
                    waiting[item.Key] = true;
                }
                else if (RowOf(rows, item) is not null)
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
        Waiting = waiting.Count;
        var strangers = new ConcurrentQueue<string>(
            waiting.Keys.Where(key => !noted.Contains(key)).Select(key => $"{key} is taken for an entry that waits for its place, and nobody is to give it one"));
        if (sum == 0)
        {
            return [.. strangers];
        }

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
        item.TextOrNull("shard") is { } shard && item.TextOrNull("claim") is { } claim && rows.TryGetValue(new TreeName(shard), out var row) && IsHeld(row, item.IntegerOrNull("index") ?? -1, claim)
            ? row
            : null;

    private static bool IsHeld(ShardRow row, long place, string claim) =>
        claim == Claim.Intake ? place >= 0 && place < row.Shard.Progress.Size && row.Shard.Progress.Shard == TrailShard.Intake : row.Holds(place, claim);

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
