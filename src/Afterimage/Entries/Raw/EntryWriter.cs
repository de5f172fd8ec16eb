using Afterimage.Streams.Records;
using Afterimage.Streams.Records.Tape;

namespace Afterimage.Entries.Raw;

/// <summary>
/// Makes the entries of one shard from the bytes of their records, and the bytes alone: the same JSON and ids as <see cref="EntryMaker"/>
/// makes of values. It holds one entry at a time; the next one overwrites it.
/// </summary>
/// <remarks>
/// <see cref="EntryMaker"/> takes over where bytes do not do: for tables with redacted attributes or with ignored places below attributes, and
/// for records that the tape refuses, among them all that cannot be decoded. Everything here then has its values, and <see cref="Built"/> the entry.
/// </remarks>
internal sealed class EntryWriter
{
    private readonly StreamArn stream;
    private readonly ShardId shard;
    private readonly TableRules rules;
    private readonly RawRules rawRules;
    private readonly RawRecord record;
    private readonly EntryFrame frame;
    private readonly RecordTape tape;
    private readonly ByteBuffer json = new();
    private readonly ImagesText images;
    private readonly ChangesText changes;

    /// <summary>A writer for a shard of a table with these rules.</summary>
    public EntryWriter(StreamArn stream, ShardId shard, TableRules rules)
    {
        (this.stream, this.shard, this.rules) = (stream, shard, rules);
        frame = new EntryFrame(stream, shard, rules);
        rawRules = new RawRules(rules);
        record = new RawRecord(stream, rawRules);
        tape = record.Tape;
        images = new ImagesText(tape, json);
        changes = new ChangesText(tape, rawRules, json);
    }

    /// <summary>The entry as UTF-8 JSON text, as <see cref="EntryJson.ToUtf8"/> writes it.</summary>
    public ReadOnlyMemory<byte> Json => json.Memory;

    /// <summary>The entry where it was made of values; null where it was made of bytes.</summary>
    public AuditEntry? Built { get; private set; }

    /// <summary>Makes the entry of a record.</summary>
    /// <param name="raw">The record as delivered.</param>
    /// <param name="index">The place it takes in its shard.</param>
    /// <param name="timeIfUnreadable">What an unreadable record is filed under.</param>
    /// <param name="standing">What the change's stamp is worth.</param>
    public void Write(ReadOnlyMemory<byte> raw, long index, DateTimeOffset timeIfUnreadable, StampStanding standing = StampStanding.Own)
    {
        json.Truncate(0);
        Built = null;
        if (rawRules.AreForBytes && record.TryRead(raw.Span))
        {
            FromTape(tape.Envelope, index);
        }
        else
        {
            Built = EntryMaker.Make(raw, stream, shard, index, rules, timeIfUnreadable, standing);
            json.Append(EntryJson.ToUtf8(Built));
        }
    }

    private void FromTape(RecordEnvelope envelope, long index)
    {
        json.Append("{\"id\":\""u8);
        RawId.Write(record.Id, json.Take(EntryId.Length));
        json.Append(frame.AfterId);
        AppendText(record.Entity);
        json.Append(",\"tenant\":"u8);
        AppendText(record.Tenant);
        json.Append(",\"action\":\""u8);
        json.Append(tape.Bytes(envelope.EventName));
        json.Append("\",\"time\":\""u8);
        json.Append(record.TimeText);
        json.Append("\",\"keys\":"u8);
        json.AppendItem(tape, envelope.Keys, TextForm.Entry);
        json.Append(",\"oldImage\":"u8);
        images.AppendOld(envelope.OldImage);
        json.Append(",\"newImage\":"u8);
        images.AppendNew(envelope.OldImage, envelope.NewImage);
        AppendChanges(envelope, record.Action);
        json.Append(",\"actor\":{\"id\":"u8);
        AppendText(record.ActorId);
        json.Append(",\"service\":null,\"reason\":null,\"request\":null,\"source\":\""u8);
        json.Append(WordOf(record.ActorSource));
        json.Append("\"}"u8);
        AppendOrigin(envelope);
        json.Append(frame.Shard);
        json.Append(tape.Bytes(envelope.SequenceNumber));
        json.Append("\",\"index\":"u8);
        json.Append(index);
        json.Append((byte)'}');
    }

    // What the stream does not carry is not known; an insert needs no old image and a removal no new one.
    private void AppendChanges(RecordEnvelope record, ChangeAction action)
    {
        json.Append(",\"changes\":"u8);
        var isKnown = (action == ChangeAction.Insert || record.OldImage >= 0) && (action == ChangeAction.Remove || record.NewImage >= 0);
        if (isKnown)
        {
            changes.Append(action == ChangeAction.Insert ? -1 : record.OldImage, action == ChangeAction.Remove ? -1 : record.NewImage);
        }
        else
        {
            json.Append("null"u8);
        }
    }

    private void AppendOrigin(RecordEnvelope record)
    {
        json.Append(frame.Stream);
        AppendText(record.EventId);
        json.Append(",\"eventVersion\":"u8);
        AppendText(record.EventVersion);
        json.Append(",\"region\":"u8);
        AppendText(record.Region);
        json.Append(",\"sizeBytes\":"u8);
        json.Append(record.SizeBytes.IsPresent ? tape.Bytes(record.SizeBytes) : "null"u8);
        json.Append(",\"view\":"u8);
        AppendText(record.ViewType);
        json.Append(",\"userIdentity\":"u8);
        if (!record.HasIdentity)
        {
            json.Append("null"u8);
            return;
        }

        json.Append("{\"type\":"u8);
        AppendText(record.IdentityType);
        json.Append(",\"principalId\":"u8);
        AppendText(record.IdentityPrincipal);
        json.Append((byte)'}');
    }

    private void AppendText(TapeText text)
    {
        if (text.IsPresent)
        {
            json.AppendString(tape, text, TextForm.Entry);
        }
        else
        {
            json.Append("null"u8);
        }
    }

    private static ReadOnlySpan<byte> WordOf(ActorSource source) => source switch
    {
        ActorSource.TimeToLive => "ttl"u8,
        ActorSource.Attribute => "attribute"u8,
        _ => "unknown"u8,
    };
}
