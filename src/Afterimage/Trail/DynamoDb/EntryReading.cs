using System.Runtime.CompilerServices;
using System.Text;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Trail.Bodies;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>Reads entries: what was put but never committed is passed over.</summary>
internal sealed class EntryReading(IItemTable table, HeldRows held, RulesBook rules)
{
    // As many as one answer brings (API reference, BatchGetItem).
    private const int PageMax = 100;

    /// <summary>What is read of an item to make its entry.</summary>
    public static IReadOnlyList<string> Attributes { get; } = [ItemKey.PartitionAttribute, ItemKey.SortAttribute, "shard", "index", "claim", "rules", "leaf", "body", "parts", Indexes.ByTime.Sort];

    /// <summary>The entries at these keys, in their order, and the keys themselves; one that the trail does not hold is left out.</summary>
    public async IAsyncEnumerable<(ItemKey Key, AuditEntry Entry)> AtAsync(IAsyncEnumerable<ItemKey> keys, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var page in keys.Chunk(PageMax).WithCancellation(ct))
        {
            var found = (await table.GetManyAsync([.. page.Distinct()], Attributes, ct)).ToDictionary(item => item.Key);
            foreach (var key in page)
            {
                ct.ThrowIfCancellationRequested();
                if (found.TryGetValue(key, out var item) && await EntryAsync(item, ct) is { } entry)
                {
                    yield return (key, entry);
                }
            }
        }
    }

    /// <summary>Whether the trail holds what an item says: what was put but never committed it does not.</summary>
    public Task<bool> IsHeldAsync(Item item, CancellationToken ct)
    {
        var (stream, shard) = ShardOf(item);
        return held.HoldsAsync(stream, shard, item.Integer("index"), item.Text("claim"), ct);
    }

    /// <summary>The entry of an item; null if the trail does not hold it.</summary>
    public async Task<AuditEntry?> EntryAsync(Item item, CancellationToken ct)
    {
        if (!await IsHeldAsync(item, ct))
        {
            return null;
        }

        var (stream, shard) = ShardOf(item);
        var index = item.Integer("index");
        var text = new EntryText(stream, shard, RulesText.Read(await rules.TextAsync(item.Text("rules"), ct)));
        return EntryJson.Read(text.Json(index, Encoding.UTF8.GetBytes(item.Text("leaf")), await BodyAsync(item, ct)));
    }

    /// <summary>The shard that an item says it is of.</summary>
    /// <exception cref="FormatException">It names none.</exception>
    public static (StreamArn Stream, ShardId Shard) ShardOf(Item item) =>
        new TreeName(item.Text("shard")).Shard ?? throw new FormatException($"'{item.Text("shard")}' is not the name of a shard's tree.");

    /// <summary>What is kept of an item's entry besides its leaf.</summary>
    /// <exception cref="FormatException">Part of it is gone, or is no such thing.</exception>
    public async Task<ReadOnlyMemory<byte>> BodyAsync(Item item, CancellationToken ct)
    {
        if (item.BytesOrNull("body") is { } body)
        {
            return Compressed.Read(body);
        }

        var hashes = item.Texts("parts");
        var parts = (await table.GetManyAsync([.. hashes.Distinct().Select(Layout.PartOf)], null, ct)).ToDictionary(part => part.Key, part => part.Bytes("bytes"));
        var missing = hashes.FirstOrDefault(hash => !parts.ContainsKey(Layout.PartOf(hash)));
        return missing is null && hashes.Count > 0
            ? Compressed.Read(hashes.SelectMany(hash => parts[Layout.PartOf(hash)]).ToArray())
            : throw new FormatException($"What is kept of the entry at {item.Key} has lost its part {missing}.");
    }
}
