using System.Text;
using System.Text.Json;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Trail.Bodies;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>Makes items of the entries of one append.</summary>
/// <param name="append">The append.</param>
/// <param name="partitionKey">The audited table's partition key, which its items' histories are grouped by; null where nobody has said.</param>
/// <param name="rules">The hash of the rules that they are read by.</param>
internal sealed class EntryItems(TrailAppend append, string? partitionKey, string rules)
{
    // An item has 400 KB (API reference, limits): names and raw bytes, where JSON counts base64 and quotes. So this is on the safe side.
    private const int ItemMax = 390_000;
    private const int PartMax = 280_000;

    private readonly EntryText text = new(append.Stream, append.Before.Shard, append.Rules);
    private readonly string shard = TreeName.Of(append.Stream, append.Before.Shard).Value;

    /// <summary>Where an entry lies.</summary>
    /// <exception cref="InvalidOperationException">The entry has no key and is none that may have none.</exception>
    public static ItemKey KeyOf(StreamArn stream, CommittedEntry entry) => entry switch
    {
        { Keys.IsEmpty: false, SequenceNumber: { } number } => new(Layout.HistoryOf(stream.Table, ItemText.Of(entry.Keys.Span)), Layout.Order(stream, number)),
        { Kind: EntryKind.Change } => new(Layout.UnreadableOf(stream.Table), entry.Id.Value),
        _ => new(Layout.NoticesOf(stream.Table), entry.Id.Value),
    };

    /// <summary>The item of an entry, and what of it does not fit into one.</summary>
    /// <param name="at">Which of the append's leaves.</param>
    /// <param name="claim">Under which claim it is written.</param>
    /// <param name="isWhole">Whether images and differences may be among the native attributes.</param>
    public EntryItem Make(int at, string claim, bool isWhole = true)
    {
        // What is not taken as it stands is made once more, several at once.
        lock (text)
        {
            return MakeAlone(at, claim, isWhole);
        }
    }

    /// <summary>A body in parts.</summary>
    /// <param name="body">The body, compressed.</param>
    /// <returns>The items of the parts, and the hashes that they are found by, in their order.</returns>
    public static (IReadOnlyList<NewItem> Items, IReadOnlyList<string> Hashes) Parts(byte[] body)
    {
        List<(string Hash, byte[] Bytes)> parts = [.. body.Chunk(PartMax).Select(part => (HashOf(part), part))];
        return ([.. parts.Select(part => NewItem.Of(Layout.PartOf(part.Hash), ("bytes", Cell.Of(part.Bytes))))], [.. parts.Select(part => part.Hash)]);
    }

    /// <summary>The hash that a part is found by.</summary>
    public static string HashOf(ReadOnlySpan<byte> part) => Sha256Hash.Of(part).ToBase64();

    private EntryItem MakeAlone(int at, string claim, bool isWhole)
    {
        var leaf = append.Leaves[at];
        var entry = leaf.Entry!;
        var key = KeyOf(append.Stream, entry);
        var index = append.Before.Size + at;
        var json = text.Json(index, leaf.Text, entry.Body);
        var body = Compressed.Of(entry.Body.Span);
        var item = Item(key, index, leaf, claim, json, isWhole, body, []);
        if (item.Length > ItemMax)
        {
            item = Item(key, index, leaf, claim, json, isWhole: false, body, []);
        }

        if (item.Length <= ItemMax)
        {
            return new EntryItem(at, new NewItem(key, item), []);
        }

        var (parts, hashes) = Parts(body);
        return new EntryItem(at, new NewItem(key, Item(key, index, leaf, claim, json, isWhole: false, [], hashes)), parts);
    }

    private ReadOnlyMemory<byte> Item(
        ItemKey key, long index, TrailLeaf leaf, string claim, ReadOnlyMemory<byte> json, bool isWhole, byte[] body, IReadOnlyList<string> parts) => ItemJson.Of(writer =>
    {
        var entry = leaf.Entry!;
        writer.WriteStartObject();
        Text(writer, ItemKey.PartitionAttribute, key.Partition);
        Text(writer, ItemKey.SortAttribute, key.Sort);
        Text(writer, "shard", shard);
        Text(writer, "claim", claim);
        Text(writer, "rules", rules);
        Text(writer, "leaf", Encoding.UTF8.GetString(leaf.Text.Span));
        if (parts.Count == 0)
        {
            Attribute(writer, "body", Cell.Of(body));
        }
        else
        {
            Attribute(writer, "parts", Cell.Of(parts));
        }

        if (!isWhole)
        {
            Text(writer, "images", "in body");
        }

        Text(writer, Indexes.ByTime.Sort, Indexes.At(entry.Time, entry.Id));
        Text(writer, Indexes.ByTime.Partition, Indexes.StripeOf(append.Stream.Table, key.Partition));
        if (entry.Actor is { Length: > 0 } actor)
        {
            Text(writer, Indexes.ByActor.Partition, Indexes.StripeOf(ActorText(actor), key.Partition));
        }

        if (PartitionOf(entry) is { } partition)
        {
            Text(writer, Indexes.ByPartition.Partition, partition);
        }

        ReadableEntry.Write(writer, json, isWhole);
        writer.WriteEndObject();
    });

    /// <summary>An actor's name as it goes into a key, which takes 2,048 bytes.</summary>
    public static string ActorText(string actor)
    {
        const int NameMax = 500;
        return actor.Length <= NameMax ? actor : $"sha256:{HashOf(Encoding.UTF8.GetBytes(actor))}";
    }

    // Where the item is the partition, its history is that of the partition.
    private string? PartitionOf(CommittedEntry entry)
    {
        if (entry.Keys.IsEmpty || partitionKey is null)
        {
            return null;
        }

        var keys = DynamoDbJson.ReadMap(entry.Keys);
        return keys.Count > 1 && keys.TryGetValue(partitionKey, out var value)
            ? Layout.HistoryOf(append.Stream.Table, ItemText.Of(new AttributeMap([new(partitionKey, value)])))
            : null;
    }

    private static void Text(Utf8JsonWriter writer, string name, string value) => Attribute(writer, name, AttributeValue.String(value));

    private static void Attribute(Utf8JsonWriter writer, string name, AttributeValue value)
    {
        writer.WritePropertyName(name);
        DynamoDbJson.Write(writer, value);
    }
}

/// <summary>An entry, ready to be written.</summary>
/// <param name="At">Which of the append's leaves it is.</param>
/// <param name="Item">Its item.</param>
/// <param name="Parts">What does not fit into it, which is written first.</param>
internal sealed record EntryItem(int At, NewItem Item, IReadOnlyList<NewItem> Parts);
