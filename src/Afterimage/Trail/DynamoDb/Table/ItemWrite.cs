using Afterimage.Entries;

namespace Afterimage.Trail.DynamoDb.Table;

/// <summary>One change of one item, and on what condition.</summary>
/// <param name="Key">The item's key.</param>
/// <param name="Conditions">What must hold of the item as it is; all of it.</param>
internal abstract record ItemWrite(ItemKey Key, IReadOnlyList<Term> Conditions)
{
    private ItemWrite()
        : this(default, [])
    {
    }

    /// <summary>Puts a whole item in the place of whatever is there.</summary>
    public sealed record Put(NewItem Item, params IReadOnlyList<Term> Conditions) : ItemWrite(Item.Key, Conditions);

    /// <summary>Sets attributes of an item, which is made if it is not there; a null takes the attribute away.</summary>
    public sealed record Update(ItemKey Key, IReadOnlyList<(string Name, AttributeValue? Value)> Set, params IReadOnlyList<Term> Conditions) : ItemWrite(Key, Conditions)
    {
        /// <summary>Integers that are added to attributes, which count from 0 where they are missing.</summary>
        public IReadOnlyList<(string Name, long By)> Add { get; init; } = [];
    }

    /// <summary>Deletes an item; one that is not there is deleted already.</summary>
    public sealed record Delete(ItemKey Key, params IReadOnlyList<Term> Conditions) : ItemWrite(Key, Conditions);

    /// <summary>Only looks: the condition must hold for the other writes of the same transaction.</summary>
    public sealed record Check(ItemKey Key, params IReadOnlyList<Term> Conditions) : ItemWrite(Key, Conditions);
}

/// <summary>One thing that must hold of an attribute.</summary>
/// <param name="Attribute">Its name.</param>
/// <param name="Kind">What must hold.</param>
/// <param name="Value">What it is compared with; null where it is not.</param>
internal sealed record Term(string Attribute, TermKind Kind, AttributeValue? Value)
{
    /// <summary>The item is not there.</summary>
    public static Term NoItem { get; } = Missing(ItemKey.PartitionAttribute);

    /// <summary>The item is there.</summary>
    public static Term AnItem { get; } = new(ItemKey.PartitionAttribute, TermKind.Present, null);

    public static Term Missing(string attribute) => new(attribute, TermKind.Missing, null);

    public static Term Is(string attribute, string value) => new(attribute, TermKind.Equal, AttributeValue.String(value));

    public static Term Is(string attribute, long value) => new(attribute, TermKind.Equal, Cell.Of(value));

    public static Term Is(string attribute, bool value) => new(attribute, TermKind.Equal, AttributeValue.Boolean(value));

    public static Term Is(string attribute, AttributeValue? value) => value is null ? Missing(attribute) : new(attribute, TermKind.Equal, value);

    /// <summary>The attribute is missing, or smaller than this.</summary>
    public static Term Below(string attribute, AttributeValue value) => new(attribute, TermKind.MissingOrLess, value);

    public static Term AtLeast(string attribute, AttributeValue value) => new(attribute, TermKind.AtLeast, value);

    public static Term Less(string attribute, AttributeValue value) => new(attribute, TermKind.Less, value);
}

/// <summary>What must hold of an attribute.</summary>
internal enum TermKind
{
    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>It is there.</summary>
    Present,

    /// <summary>It has this value.</summary>
    Equal,

    /// <summary>It is not there, or is smaller.</summary>
    MissingOrLess,

    /// <summary>It is as large or larger.</summary>
    AtLeast,

    /// <summary>It is there and smaller.</summary>
    Less,
}
