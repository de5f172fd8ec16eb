using Afterimage.Streams.Records;

namespace Afterimage.Entries;

/// <summary>Makes the entry of a record: a pure function of the record, its shard and the table's rules.</summary>
internal static class EntryMaker
{
    /// <summary>The entry of one record, or one that keeps the record's bytes where it cannot be decoded.</summary>
    /// <param name="raw">The record as delivered.</param>
    /// <param name="stream">The stream it was read from.</param>
    /// <param name="shard">The shard it was read from.</param>
    /// <param name="index">The place it takes among the shard's entries.</param>
    /// <param name="rules">What is configured for the table.</param>
    /// <param name="timeIfUnreadable">What an unreadable record is filed under: the time of the record before it.</param>
    /// <param name="standing">What the change's stamp is worth.</param>
    public static AuditEntry Make(
        ReadOnlyMemory<byte> raw, StreamArn stream, ShardId shard, long index, TableRules rules, DateTimeOffset timeIfUnreadable, StampStanding standing = StampStanding.Own)
    {
        try
        {
            return FromRecord(RecordValues.Read(raw), stream, shard, index, rules, standing);
        }
        catch (FormatException e)
        {
            return Unreadable(raw, e.Message, stream, shard, index, rules, timeIfUnreadable);
        }
    }

    /// <summary>The entry that keeps the bytes of a record that cannot be decoded.</summary>
    public static AuditEntry Unreadable(
        ReadOnlyMemory<byte> raw, string reason, StreamArn stream, ShardId shard, long index, TableRules rules, DateTimeOffset time) => new()
        {
            Id = EntryId.OfUnreadable(stream.Value, raw.Span),
            Kind = EntryKind.Change,
            Table = stream.Table,
            Service = rules.Service,
            Time = time,
            Actor = Actor.Unknown,
            Stream = new StreamOrigin(stream.Value, null, null, null, null, null, null),
            ShardId = shard.Value,
            SequenceNumber = StreamRecord.TrySalvageSequenceNumber(raw)?.Text,
            Index = index,
            Unreadable = new Unreadable(raw.ToArray(), reason),
        };

    /// <summary>The entry of a record that was decoded.</summary>
    /// <param name="values">The record.</param>
    /// <param name="stream">The stream it was read from.</param>
    /// <param name="shard">The shard it was read from.</param>
    /// <param name="index">The place it takes among the shard's entries.</param>
    /// <param name="rules">What is configured for the table.</param>
    /// <param name="standing">What the change's stamp is worth.</param>
    public static AuditEntry FromRecord(RecordValues values, StreamArn stream, ShardId shard, long index, TableRules rules, StampStanding standing)
    {
        var (record, keys, before, after) = values;
        var action = ActionOf(record);
        var changes = Changes(action, before, after, Uncounted(before, after, rules));
        var (kind, actor) = Attribution.Of(values, action, stream.Table, rules, standing);
        var named = after ?? before;
        return new AuditEntry
        {
            Id = TransactionStream.Is(stream)
                ? EntryId.OfTransaction(TransactionStream.TableOf(stream), keys, record.EventId ?? string.Empty)
                : EntryId.OfChange(stream.Value, keys, record.SequenceNumber.Digits),
            Kind = kind,
            Table = stream.Table,
            Service = rules.Service,
            Entity = Text(rules.Entity, named),
            Tenant = Text(rules.Tenant, named),
            Action = action,
            Time = record.ApproximateCreationTime,
            Keys = keys,
            OldImage = before is null ? null : Redaction.Apply(before, rules.Redact),
            NewImage = after is null ? null : Redaction.Apply(after, rules.Redact),
            Changes = changes is null ? null : Redaction.Apply(changes, rules.Redact),
            Actor = actor,
            Stream = new StreamOrigin(
                stream.Value,
                record.EventId,
                record.EventVersion,
                record.Region,
                record.SizeBytes,
                record.ViewType,
                record.UserIdentity is { } identity ? new UserIdentity(identity.Type, identity.PrincipalId) : null),
            ShardId = shard.Value,
            SequenceNumber = record.SequenceNumber.Text,
            Index = index,
        };
    }

    /// <summary>What was done.</summary>
    public static ChangeAction ActionOf(StreamRecord record) => record.EventName switch
    {
        "INSERT" => ChangeAction.Insert,
        "MODIFY" => ChangeAction.Modify,
        _ => ChangeAction.Remove,
    };

    // What the stream does not carry is not known; an insert needs no old image and a removal no new one.
    private static IReadOnlyList<Change>? Changes(ChangeAction action, AttributeMap? before, AttributeMap? after, IReadOnlyList<AttributePath> uncounted) => action switch
    {
        ChangeAction.Insert when after is not null => ItemDiff.Between(null, after, uncounted),
        ChangeAction.Remove when before is not null => ItemDiff.Between(before, null, uncounted),
        ChangeAction.Modify when before is not null && after is not null => ItemDiff.Between(before, after, uncounted),
        _ => null,
    };

    // The stamp says who, which is no change; an attribute of the users' own that only has its name is one.
    private static IReadOnlyList<AttributePath> Uncounted(AttributeMap? before, AttributeMap? after, TableRules rules)
    {
        var bearing = ((AttributeMap?[])[before, after]).Where(image => image?.ContainsKey(rules.Stamp) == true).ToList();
        return bearing.Count > 0 && bearing.TrueForAll(image => WriterStamp.Find(image, rules.Stamp) is not null)
            ? [.. rules.Ignore, AttributePath.Root.Append(rules.Stamp)]
            : rules.Ignore;
    }

    private static string? Text(AttributePath? path, AttributeMap? item) => item is null ? null : path?.Find(item)?.AsText();
}
