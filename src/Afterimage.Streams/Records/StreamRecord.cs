namespace Afterimage.Streams.Records;

/// <summary>One change of one item, read from a record's JSON text. Keys and images stay slices of that text: nothing is decoded.</summary>
/// <remarks>Members that are not known are passed over, so that DynamoDB may add some.</remarks>
public sealed record StreamRecord
{
    /// <summary>Unique, and the same on every reading; null where the record has none.</summary>
    public string? EventId { get; init; }

    /// <summary>INSERT, MODIFY or REMOVE.</summary>
    public required string EventName { get; init; }

    /// <summary>The version of the record's form, such as <c>1.1</c>.</summary>
    public string? EventVersion { get; init; }

    /// <summary>The region that wrote the record.</summary>
    public string? Region { get; init; }

    /// <summary>When the change was made, in whole seconds as DynamoDB rounds it (down).</summary>
    public required DateTimeOffset ApproximateCreationTime { get; init; }

    /// <summary>The item's key: DynamoDB JSON as delivered.</summary>
    public required ReadOnlyMemory<byte> Keys { get; init; }

    /// <summary>The item after the change: DynamoDB JSON as delivered. Null where there is none or the stream's view leaves it out.</summary>
    public ReadOnlyMemory<byte>? NewImage { get; init; }

    /// <summary>The item before the change: DynamoDB JSON as delivered. Null where there was none or the stream's view leaves it out.</summary>
    public ReadOnlyMemory<byte>? OldImage { get; init; }

    /// <summary>The record's place in its shard.</summary>
    public required SequenceNumber SequenceNumber { get; init; }

    /// <summary>The record's size as DynamoDB counts it, in bytes.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES.</summary>
    public string? ViewType { get; init; }

    /// <summary>Who acted, where DynamoDB itself did: on deletes by time to live.</summary>
    public RecordIdentity? UserIdentity { get; init; }

    /// <summary>Reads a record.</summary>
    /// <param name="raw">Its JSON text in UTF-8; must stay unchanged as long as the record is used.</param>
    /// <exception cref="FormatException">Something is missing, malformed, or there twice.</exception>
    public static StreamRecord Read(ReadOnlyMemory<byte> raw) => RecordReader.Read(raw);

    /// <summary>The sequence number of a record that cannot be read, if it alone still can: without doubt, or not at all.</summary>
    public static SequenceNumber? TrySalvageSequenceNumber(ReadOnlyMemory<byte> raw) => SequenceNumberSalvage.From(raw.Span);
}

/// <summary>Who acted, as DynamoDB says: <c>Service</c>, <c>dynamodb.amazonaws.com</c> on deletes by time to live.</summary>
/// <param name="Type">The kind of principal.</param>
/// <param name="PrincipalId">The principal.</param>
public sealed record RecordIdentity(string? Type, string? PrincipalId);
