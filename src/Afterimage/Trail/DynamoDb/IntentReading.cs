using System.IO.Compression;
using System.Text;
using Afterimage.Entries;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>Reads what applications wrote: intents with their images in them (format 1), and such whose images lie in parts (format 2).</summary>
internal sealed class IntentReading(IItemTable table)
{
    private const long Whole = 1;
    private const long InParts = 2;

    // A transaction has 4 MB (API reference, TransactWriteItems), and a part 280,000 bytes.
    private const int PartsMax = 16;

    // A number of 3 bytes may have 130 digits, so two images of 400 KB are up to 40 MB of text. What says that it is more is not believed.
    private const long TextBytesMax = 64 * 1_024 * 1_024;

    /// <summary>What is read of an item to know where its intent lies.</summary>
    public static IReadOnlyList<string> Placed { get; } = [ItemKey.PartitionAttribute, ItemKey.SortAttribute, "v", "parts"];

    /// <summary>Where an intent lies.</summary>
    public static IntentPlace PlaceOf(Item item) => new(item.Key.Sort, Number(item, "v") switch
    {
        Whole => 0,
        InParts when Number(item, "parts") is { } parts and > 0 and <= PartsMax => (int)parts,
        _ => null,
    });

    /// <summary>The intent of an item. One that cannot be read stays where it is and is told of, and stands in nobody's way; null where it was taken away meanwhile.</summary>
    public async Task<TransactionIntent?> ReadAsync(string audited, Item item, CancellationToken ct)
    {
        var place = PlaceOf(item);
        try
        {
            return await ImagesAsync(audited, item, place, ct) is not { } images ? null
                : Change(item, images) is var change && Problem(audited, place.Name, change) is { } problem ? new TransactionIntent(place, null, problem)
                : new TransactionIntent(place, change, null);
        }
        catch (FormatException e)
        {
            return new TransactionIntent(place, null, e.Message);
        }
    }

    private async Task<Images?> ImagesAsync(string audited, Item item, IntentPlace place, CancellationToken ct) => item.Integer("v") switch
    {
        Whole => new Images(Map(item, "before"), Map(item, "after")),
        InParts => await PartsAsync(audited, item, place, ct) is { } packed ? Unpacked(item, packed) : null,
        var other => throw new FormatException($"It is of version {other}, and this program knows {Whole} and {InParts}."),
    };

    // An intent is taken away together with its parts: only if it is still there after they were looked for, one is missing.
    private async Task<byte[]?> PartsAsync(string audited, Item item, IntentPlace place, CancellationToken ct)
    {
        var count = place.Parts ?? throw new FormatException($"It does not say that its images lie in 1 to {PartsMax} parts.");
        List<ItemKey> keys = [.. Enumerable.Range(0, count).Select(at => Layout.IntentPartOf(audited, place.Name, at))];
        var parts = (await table.GetManyAsync(keys, null, ct)).ToDictionary(part => part.Key, part => part.Bytes("bytes"));
        var missing = keys.FindIndex(key => !parts.ContainsKey(key));
        return missing < 0 ? [.. keys.SelectMany(key => parts[key])]
            : await table.GetAsync(item.Key, ct) is null ? null
            : throw new FormatException($"Of the {count} parts of its images, the one at {keys[missing]} is missing.");
    }

    private static Images Unpacked(Item item, byte[] packed)
    {
        if (EntryItems.HashOf(packed) != item.Text("hash"))
        {
            throw new FormatException("The parts of its images do not have the hash that it names: they were altered.");
        }

        var length = item.Integer("length");
        var text = length is > 0 and <= TextBytesMax ? new byte[length] : throw new FormatException($"It says that its images are {length} bytes of text.");
        var images = BrotliDecoder.TryDecompress(packed, text, out var written) && written == length
            ? DynamoDbJson.ReadMap(text)
            : throw new FormatException($"The parts of its images do not expand to {length} bytes.");
        return new Images(Map(images, "before"), Map(images, "after"));
    }

    private static IntendedChange Change(Item item, Images images) => new(
        item.Text("table"),
        item.Integer("number"),
        EntryWords.ReadAction(item.Text("action")),
        Cell.Moment(item.Text("time"))!.Value,
        Map(item, "keys") ?? throw new FormatException("It has no keys."),
        images.Before,
        images.After);

    private static AttributeMap? Map(Item item, string name) => !item.Has(name) ? null
        : item.Attributes.GetProperty(name).TryGetProperty("M", out var map) ? DynamoDbJson.ReadMap(Encoding.UTF8.GetBytes(map.GetRawText()))
        : throw NoMap(name);

    private static AttributeMap? Map(AttributeMap images, string name) => !images.TryGetValue(name, out var image) ? null : image.Kind == AttributeKind.M ? image.Members : throw NoMap(name);

    private static FormatException NoMap(string name) => new($"Its {name} is no map.");

    // An entry is made of it, so it must be what the writer makes.
    private static string? Problem(string audited, string name, IntendedChange change)
    {
        var removes = change.Action == ChangeAction.Remove;
        var stamp = WriterStamp.Find(removes ? change.Before : change.After, WriterStamp.Attribute);
        return (change.Before is null) != (change.Action == ChangeAction.Insert) || (change.After is null) != removes ? $"It is of {EntryWords.Of(change.Action)} and has other images."
            : stamp is not { InTransaction: true } || stamp.IntentName(removes) != name || (removes && !stamp.Deletes) ? "Its image does not bear the stamp that it is named by."
            : stamp.Item != StampedItem.Hash(audited, change.Keys) ? "Its stamp is of another item."
            : change.Number < 1 ? "Its number is below 1."
            : null;
    }

    // What applications wrote may be anything.
    private static long? Number(Item item, string name)
    {
        try
        {
            return item.IntegerOrNull(name);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private sealed record Images(AttributeMap? Before, AttributeMap? After);
}
