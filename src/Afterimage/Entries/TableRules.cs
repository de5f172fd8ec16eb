namespace Afterimage.Entries;

/// <summary>What the configuration says about reading a table's records.</summary>
public sealed record TableRules
{
    /// <summary>Nothing is configured.</summary>
    public static TableRules None { get; } = new();

    /// <summary>The service that the table belongs to.</summary>
    public string? Service { get; init; }

    /// <summary>The attribute in which writers name themselves.</summary>
    public AttributePath? Actor { get; init; }

    /// <summary>The attribute that stamped clients write who made a change into; a whole attribute, not a path.</summary>
    public string Stamp { get; init; } = WriterStamp.Attribute;

    /// <summary>The attribute that says what kind of entity an item is, in a table that holds many.</summary>
    public AttributePath? Entity { get; init; }

    /// <summary>The attribute that says whose item it is.</summary>
    public AttributePath? Tenant { get; init; }

    /// <summary>Attributes that only say who or when: they do not count as changes.</summary>
    public IReadOnlyList<AttributePath> Ignore { get; init; } = [];

    /// <summary>Attributes that are never stored.</summary>
    public IReadOnlyList<AttributePath> Redact { get; init; } = [];
}
