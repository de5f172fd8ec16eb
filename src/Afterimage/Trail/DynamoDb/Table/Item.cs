using System.Text.Json;
using Afterimage.Entries;

namespace Afterimage.Trail.DynamoDb.Table;

/// <summary>An item as it is written: its whole text, made by whoever knows its bytes.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Text">All of its attributes, key and all, as an object of DynamoDB JSON in UTF-8.</param>
internal sealed record NewItem(ItemKey Key, ReadOnlyMemory<byte> Text)
{
    /// <summary>An item of few attributes; null stands for one that is left out.</summary>
    public static NewItem Of(ItemKey key, params IEnumerable<(string Name, AttributeValue? Value)> attributes)
    {
        var map = new AttributeMap(
        [
            new(ItemKey.PartitionAttribute, AttributeValue.String(key.Partition)),
            new(ItemKey.SortAttribute, AttributeValue.String(key.Sort)),
            .. attributes.Where(one => one.Value is not null).Select(one => KeyValuePair.Create(one.Name, one.Value!)),
        ]);
        return new NewItem(key, ItemJson.Of(map));
    }
}

/// <summary>An item as it was read. Its attributes are looked at one by one, and not made into values unless somebody asks.</summary>
/// <param name="attributes">The item, as an object of DynamoDB JSON.</param>
internal readonly struct Item(JsonElement attributes)
{
    /// <summary>Its key.</summary>
    public ItemKey Key => new(Text(ItemKey.PartitionAttribute), Text(ItemKey.SortAttribute));

    /// <summary>All of it.</summary>
    public JsonElement Attributes => attributes;

    /// <summary>Whether the attribute is there.</summary>
    public bool Has(string name) => attributes.TryGetProperty(name, out _);

    /// <summary>The text of an S.</summary>
    /// <exception cref="FormatException">There is none of the name.</exception>
    public string Text(string name) => TextOrNull(name) ?? throw Missing(name);

    /// <summary>The text of an S; null where there is none.</summary>
    public string? TextOrNull(string name) => Value(name, "S")?.GetString();

    /// <summary>The integer in an N.</summary>
    /// <exception cref="FormatException">There is none of the name, or it is no integer.</exception>
    public long Integer(string name) => IntegerOrNull(name) ?? throw Missing(name);

    /// <summary>The integer in an N; null where there is none.</summary>
    public long? IntegerOrNull(string name) => Value(name, "N") is not { } number ? null
        : long.TryParse(number.GetString(), System.Globalization.CultureInfo.InvariantCulture, out var integer) ? integer
        : throw new FormatException($"The attribute {name} of {Key} holds {number.GetString()}, which is no integer.");

    /// <summary>A BOOL; false where there is none.</summary>
    public bool Flag(string name) => Value(name, "BOOL")?.ValueKind == JsonValueKind.True;

    /// <summary>The bytes of a B.</summary>
    /// <exception cref="FormatException">There is none of the name.</exception>
    public byte[] Bytes(string name) => BytesOrNull(name) ?? throw Missing(name);

    /// <summary>The bytes of a B; null where there is none.</summary>
    public byte[]? BytesOrNull(string name) => Value(name, "B")?.GetBytesFromBase64();

    /// <summary>The texts in an L of S; empty where there is none.</summary>
    public IReadOnlyList<string> Texts(string name) => Value(name, "L") is { } list ? [.. list.EnumerateArray().Select(one => one.GetProperty("S").GetString()!)] : [];

    private JsonElement? Value(string name, string type) =>
        attributes.TryGetProperty(name, out var typed) && typed.TryGetProperty(type, out var value) ? value : null;

    private FormatException Missing(string name) => new($"The item {attributes.GetRawText()[..Math.Min(200, attributes.GetRawText().Length)]} has no attribute {name} of the kind expected.");
}

/// <summary>Part of an answer.</summary>
/// <param name="Items">The items, after filtering.</param>
/// <param name="Next">Where to go on; null at the end. A page may be empty and not the last.</param>
internal sealed record ItemPage(IReadOnlyList<Item> Items, PageMark? Next);

/// <summary>Where a page ended: opaque, as DynamoDB gave it.</summary>
/// <param name="Text">An object of DynamoDB JSON in UTF-8.</param>
internal sealed record PageMark(ReadOnlyMemory<byte> Text);
