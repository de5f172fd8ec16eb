using Afterimage.Entries;

namespace Afterimage.Trail;

/// <summary>Which changes of an item are wanted.</summary>
/// <param name="Table">The table.</param>
/// <param name="Key">The whole key, or the partition key alone for all items of the partition.</param>
/// <param name="Reverse">Newest first.</param>
/// <param name="Since">Only changes at or after this moment.</param>
public sealed record HistoryFilter(string Table, AttributeMap Key, bool Reverse, DateTimeOffset? Since);

/// <summary>Which entries are wanted: those that match everything that is not null.</summary>
public sealed record SearchFilter
{
    /// <summary>The table's name.</summary>
    public string? Table { get; init; }

    /// <summary>The service.</summary>
    public string? Service { get; init; }

    /// <summary>The entity type.</summary>
    public string? Entity { get; init; }

    /// <summary>The tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>What was done.</summary>
    public ChangeAction? Action { get; init; }

    /// <summary>Who did it.</summary>
    public string? Actor { get; init; }

    /// <summary>Only entries whose actor is unknown.</summary>
    public bool Unattributed { get; init; }

    /// <summary>At or after this moment.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Before this moment.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The whole key, or the partition key alone; needs <see cref="Table"/>.</summary>
    public AttributeMap? Key { get; init; }

    /// <summary>Only entries after this one in the answer's order (newest first): where an earlier answer ended.</summary>
    public SearchCursor? After { get; init; }
}

/// <summary>Where a search ended; opaque to users.</summary>
public readonly record struct SearchCursor(string Value);

/// <summary>An entry and where a search that ends with it can be taken up again.</summary>
public sealed record FoundEntry(AuditEntry Entry, SearchCursor Cursor);
