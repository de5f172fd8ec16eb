namespace Afterimage.Entries;

/// <summary>One immutable entry of the trail: what happened to one item, or what is known not to be known.</summary>
public sealed record AuditEntry
{
    /// <summary>A pure function of the record, so that every repeat has the same one.</summary>
    public required EntryId Id { get; init; }

    /// <summary>What the entry stands for.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>The audited table.</summary>
    public required string Table { get; init; }

    /// <summary>The service that the configuration names for the table.</summary>
    public string? Service { get; init; }

    /// <summary>The item's entity type, read from the configured attribute.</summary>
    public string? Entity { get; init; }

    /// <summary>The item's tenant, read from the configured attribute.</summary>
    public string? Tenant { get; init; }

    /// <summary>INSERT, MODIFY or REMOVE; null where the record could not be read.</summary>
    public ChangeAction? Action { get; init; }

    /// <summary>
    /// ApproximateCreationDateTime in UTC, rounded down to the second as DynamoDB does (not every server that speaks its protocol
    /// does). It sorts only roughly; within a shard the sequence number orders.
    /// </summary>
    public required DateTimeOffset Time
    {
        get;
        init => field = DateTimeOffset.FromUnixTimeSeconds(value.ToUnixTimeSeconds());
    }

    /// <summary>The item's key; null where the record could not be read.</summary>
    public AttributeMap? Keys { get; init; }

    /// <summary>The item before; null where there was none or the stream does not carry it.</summary>
    public AttributeMap? OldImage { get; init; }

    /// <summary>The item after; null where there is none or the stream does not carry it.</summary>
    public AttributeMap? NewImage { get; init; }

    /// <summary>What differs, in the order in which it applies; null where the stream does not carry enough to know.</summary>
    public IReadOnlyList<Change>? Changes { get; init; }

    /// <summary>Who made the change, and how that is known.</summary>
    public required Actor Actor { get; init; }

    /// <summary>Where the record came from.</summary>
    public required StreamOrigin Stream { get; init; }

    /// <summary>The shard the record was read from, or the trail's own that says how a stream began.</summary>
    public required string ShardId { get; init; }

    /// <summary>The record's place in its shard as delivered; null where it could not be read.</summary>
    public string? SequenceNumber { get; init; }

    /// <summary>The entry's place in its shard's tree; the shard's opening has place 0.</summary>
    public required long Index { get; init; }

    /// <summary>The record's bytes and why they could not be read; null for every entry that could be.</summary>
    public Unreadable? Unreadable { get; init; }

    /// <summary>What is missing; null unless the entry is a gap.</summary>
    public EntryGap? Gap { get; init; }

    /// <summary>What became of the table's stream; null unless the entry is of that kind.</summary>
    public EntryLifecycle? Lifecycle { get; init; }
}

/// <summary>What an entry stands for.</summary>
public enum EntryKind
{
    /// <summary>A change of an item.</summary>
    Change,

    /// <summary>A writer's mark on an item that it was about to delete.</summary>
    Mark,

    /// <summary>Changes that are known to be missing, or may be.</summary>
    Gap,

    /// <summary>What became of the table's stream.</summary>
    Lifecycle,
}

/// <summary>What was done to the item, as DynamoDB names it.</summary>
public enum ChangeAction
{
    /// <summary>The item was not there before.</summary>
    Insert,

    /// <summary>The item was there before and after.</summary>
    Modify,

    /// <summary>The item is gone.</summary>
    Remove,
}

/// <summary>Where a record came from.</summary>
/// <param name="Arn">The stream.</param>
/// <param name="EventId">The record's id, stable on re-reading.</param>
/// <param name="EventVersion">The record format's version.</param>
/// <param name="Region">The region that wrote the record.</param>
/// <param name="SizeBytes">The record's size as DynamoDB counts it, in bytes.</param>
/// <param name="View">Which images the stream carries.</param>
/// <param name="UserIdentity">Present on deletes by time to live.</param>
public sealed record StreamOrigin(
    string Arn, string? EventId, string? EventVersion, string? Region, long? SizeBytes, string? View, UserIdentity? UserIdentity);

/// <summary>Who DynamoDB says acted: only present where DynamoDB itself did.</summary>
public sealed record UserIdentity(string? Type, string? PrincipalId);

/// <summary>A record that could not be decoded, kept as it came.</summary>
/// <param name="Raw">Every byte of it.</param>
/// <param name="Reason">Why it could not be decoded.</param>
public sealed record Unreadable(ReadOnlyMemory<byte> Raw, string Reason);
