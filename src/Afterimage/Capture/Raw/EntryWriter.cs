using System.Globalization;
using System.Text;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Streams.Records.Tape;

namespace Afterimage.Capture.Raw;

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
    private readonly EntryFrame frame;
    private readonly RecordTape tape = new();
    private readonly ByteBuffer json = new();
    private readonly ByteBuffer hashed = new();
    private readonly ImagesText images;
    private readonly ChangesText changes;
    private readonly byte[] id = new byte[RawId.Size];
    private readonly byte[] time = new byte[20];
    private long timeSeconds = long.MinValue;

    /// <summary>A writer for a shard of a table with these rules.</summary>
    public EntryWriter(StreamArn stream, ShardId shard, TableRules rules)
    {
        (this.stream, this.shard, this.rules) = (stream, shard, rules);
        frame = new EntryFrame(stream, shard, rules);
        rawRules = new RawRules(rules);
        images = new ImagesText(tape, json);
        changes = new ChangesText(tape, rawRules, json);
    }

    /// <summary>The entry as UTF-8 JSON text, as <see cref="EntryJson.ToUtf8"/> writes it.</summary>
    public ReadOnlyMemory<byte> Json => json.Memory;

    /// <summary>The 16 bytes of the id.</summary>
    public ReadOnlySpan<byte> Id => id;

    /// <summary>The item's key as canonical text; absent where the record could not be read.</summary>
    public ReadOnlyMemory<byte>? Keys { get; private set; }

    /// <summary>When the change was made.</summary>
    public DateTimeOffset Time { get; private set; }

    /// <summary>What was done; null where the record could not be read.</summary>
    public ChangeAction? Action { get; private set; }

    /// <summary>The item's entity type.</summary>
    public ReadOnlyMemory<byte>? Entity { get; private set; }

    /// <summary>Whose item it is.</summary>
    public ReadOnlyMemory<byte>? Tenant { get; private set; }

    /// <summary>How the actor is known.</summary>
    public ActorSource ActorSource { get; private set; }

    /// <summary>Who made the change.</summary>
    public ReadOnlyMemory<byte>? ActorId { get; private set; }

    /// <summary>The record's sequence number as delivered; absent where it could not be read.</summary>
    public ReadOnlyMemory<byte>? SequenceNumber { get; private set; }

    /// <summary>The entry where it was made of values; null where it was made of bytes.</summary>
    public AuditEntry? Built { get; private set; }

    /// <summary>The record's values, for whoever hashes them; null where the entry was made of values.</summary>
    public RecordTape? Tape => Built is null ? tape : null;

    /// <summary>Makes the entry of a record.</summary>
    /// <param name="raw">The record as delivered.</param>
    /// <param name="index">The place it takes among the shard's entries.</param>
    /// <param name="timeIfUnreadable">What an unreadable record is filed under.</param>
    public void Write(ReadOnlyMemory<byte> raw, long index, DateTimeOffset timeIfUnreadable)
    {
        json.Truncate(0);
        hashed.Truncate(0);
        if (rawRules.AreForBytes && tape.TryRead(raw.Span) && ActionOf(tape.Bytes(tape.Envelope.EventName)) is { } action)
        {
            FromTape(tape.Envelope, action, index);
        }
        else
        {
            FromValues(EntryMaker.Make(raw, stream, shard, index, rules, timeIfUnreadable));
        }
    }

    private static ChangeAction? ActionOf(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("MODIFY"u8) => ChangeAction.Modify,
        _ when name.SequenceEqual("INSERT"u8) => ChangeAction.Insert,
        _ when name.SequenceEqual("REMOVE"u8) => ChangeAction.Remove,
        _ => null,
    };

    private static ReadOnlyMemory<byte>? Utf8(string? text) => text is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(text);

    private void FromValues(AuditEntry entry)
    {
        Built = entry;
        json.Append(EntryJson.ToUtf8(entry));
        RawId.Read(entry.Id, id);
        Keys = Utf8(entry.Keys is null ? null : CanonicalText.Of(entry.Keys));
        (Time, Action) = (entry.Time, entry.Action);
        (Entity, Tenant) = (Utf8(entry.Entity), Utf8(entry.Tenant));
        (ActorSource, ActorId) = (entry.Actor.Source, Utf8(entry.Actor.Id));
        SequenceNumber = Utf8(entry.SequenceNumber);
    }

    private void FromTape(RecordEnvelope record, ChangeAction action, long index)
    {
        var named = record.NewImage >= 0 ? record.NewImage : record.OldImage;
        var entity = rawRules.Entity?.FindText(tape, named) ?? default;
        var tenant = rawRules.Tenant?.FindText(tape, named) ?? default;
        var (source, actor) = ActorOf(record, action);
        Built = null;
        Action = action;
        Entity = tape.Memory(entity);
        Tenant = tape.Memory(tenant);
        (ActorSource, ActorId) = (source, tape.Memory(actor));
        SequenceNumber = tape.Memory(record.SequenceNumber);
        KeepTime(record.Seconds.GetValueOrDefault());
        KeepId(record);

        json.Append("{\"id\":\""u8);
        RawId.Write(id, json.Take(EntryId.Length));
        json.Append(frame.AfterId);
        AppendText(entity);
        json.Append(",\"tenant\":"u8);
        AppendText(tenant);
        json.Append(",\"action\":\""u8);
        json.Append(tape.Bytes(record.EventName));
        json.Append("\",\"time\":\""u8);
        json.Append(time);
        json.Append("\",\"keys\":"u8);
        json.AppendItem(tape, record.Keys, TextForm.Entry);
        json.Append(",\"oldImage\":"u8);
        images.AppendOld(record.OldImage);
        json.Append(",\"newImage\":"u8);
        images.AppendNew(record.OldImage, record.NewImage);
        AppendChanges(record, action);
        json.Append(",\"actor\":{\"id\":"u8);
        AppendText(actor);
        json.Append(",\"service\":null,\"reason\":null,\"request\":null,\"source\":\""u8);
        json.Append(WordOf(source));
        json.Append("\"}"u8);
        AppendOrigin(record);
        json.Append(frame.Shard);
        json.Append(tape.Bytes(record.SequenceNumber));
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

    // The rules of Attribution, over bytes.
    private (ActorSource Source, TapeText Id) ActorOf(RecordEnvelope record, ChangeAction action)
    {
        if (record.HasIdentity
            && tape.Bytes(record.IdentityType).SequenceEqual("Service"u8)
            && tape.Bytes(record.IdentityPrincipal).SequenceEqual("dynamodb.amazonaws.com"u8))
        {
            return (ActorSource.TimeToLive, record.IdentityPrincipal);
        }

        if (rawRules.Actor is not { } path || record.NewImage < 0)
        {
            return default;
        }

        var name = path.Find(tape, record.NewImage);
        var isName = name >= 0 && tape.Nodes[name].Kind == TapeKind.S;
        return isName && (action == ChangeAction.Insert || WasWritten(record, path)) ? (ActorSource.Attribute, tape.Nodes[name].Text) : default;
    }

    private bool WasWritten(RecordEnvelope record, RawPath actor)
    {
        if (record.OldImage < 0)
        {
            return false;
        }

        foreach (var attribute in rawRules.Ignored)
        {
            if (!ValueEquality.AreEqual(tape, tape.Find(record.OldImage, attribute), tape.Find(record.NewImage, attribute)))
            {
                return true;
            }
        }

        return !ValueEquality.AreEqual(tape, actor.Find(tape, record.OldImage), actor.Find(tape, record.NewImage));
    }

    private static ReadOnlySpan<byte> WordOf(ActorSource source) => source switch
    {
        ActorSource.TimeToLive => "ttl"u8,
        ActorSource.Attribute => "attribute"u8,
        _ => "unknown"u8,
    };

    // Records of one second come together.
    private void KeepTime(long seconds)
    {
        Time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (seconds != timeSeconds)
        {
            timeSeconds = seconds;
            _ = Time.TryFormat(time, out _, EntryJson.TimeFormat, CultureInfo.InvariantCulture);
        }
    }

    private void KeepId(RecordEnvelope record)
    {
        hashed.Append(frame.IdLine);
        var start = hashed.Length;
        hashed.AppendItem(tape, record.Keys, TextForm.Canonical);
        var length = hashed.Length - start;
        hashed.Append((byte)'\n');
        var digits = tape.Bytes(record.SequenceNumber).TrimStart((byte)'0');
        hashed.Append(digits.IsEmpty ? "0"u8 : digits);
        RawId.Hash(hashed.Written, id);
        Keys = hashed.Memory.Slice(start, length);
    }
}
