using System.Globalization;
using System.Text;
using Afterimage.Streams.Records;
using Afterimage.Streams.Records.Tape;

namespace Afterimage.Entries.Raw;

/// <summary>
/// What an entry is known by, read from a record's bytes: id, key, time, action, actor, entity and tenant. It holds one record at a time; the
/// next one overwrites it.
/// </summary>
internal sealed class RawRecord
{
    private static readonly byte[] Replicated = Encoding.UTF8.GetBytes(Replication.Region);

    private readonly RawRules rules;
    private readonly byte[] idLine;
    private readonly ByteBuffer hashed = new();
    private readonly byte[] id = new byte[RawId.Size];
    private readonly byte[] time = new byte[20];
    private long timeSeconds = long.MinValue;

    /// <summary>A reader for a stream of a table with these rules.</summary>
    public RawRecord(StreamArn stream, RawRules rules)
    {
        this.rules = rules;
        idLine = [.. Encoding.UTF8.GetBytes(stream.Value), (byte)'\n'];
    }

    /// <summary>The record's values.</summary>
    public RecordTape Tape { get; } = new();

    /// <summary>The 16 bytes of the entry's id.</summary>
    public ReadOnlySpan<byte> Id => id;

    /// <summary>The item's key as canonical text.</summary>
    public ReadOnlyMemory<byte> Keys { get; private set; }

    /// <summary>When the change was made.</summary>
    public DateTimeOffset Time { get; private set; }

    /// <summary>The same as entries write it.</summary>
    public ReadOnlySpan<byte> TimeText => time;

    /// <summary>What was done.</summary>
    public ChangeAction Action { get; private set; }

    /// <summary>The item's entity type.</summary>
    public TapeText Entity { get; private set; }

    /// <summary>Whose item it is.</summary>
    public TapeText Tenant { get; private set; }

    /// <summary>How the actor is known.</summary>
    public ActorSource ActorSource { get; private set; }

    /// <summary>Who made the change.</summary>
    public TapeText ActorId { get; private set; }

    /// <summary>Reads a record.</summary>
    /// <returns>Whether its bytes can be taken as they are; if not, <see cref="EntryMaker"/> finds out what it is.</returns>
    public bool TryRead(ReadOnlySpan<byte> raw)
    {
        if (!Tape.TryRead(raw) || ActionOf(Tape.Bytes(Tape.Envelope.EventName)) is not { } action || !KeysAgree())
        {
            return false;
        }

        var envelope = Tape.Envelope;
        if (Bears(envelope.OldImage, rules.Stamp) || Bears(envelope.NewImage, rules.Stamp) || Bears(envelope.NewImage, Replicated))
        {
            return false;
        }

        var named = envelope.NewImage >= 0 ? envelope.NewImage : envelope.OldImage;
        Action = action;
        Entity = rules.Entity?.FindText(Tape, named) ?? default;
        Tenant = rules.Tenant?.FindText(Tape, named) ?? default;
        (ActorSource, ActorId) = ActorOf(envelope);
        KeepTime(envelope.Seconds.GetValueOrDefault());
        KeepId(envelope);
        return true;
    }

    private static ChangeAction? ActionOf(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("MODIFY"u8) => ChangeAction.Modify,
        _ when name.SequenceEqual("INSERT"u8) => ChangeAction.Insert,
        _ when name.SequenceEqual("REMOVE"u8) => ChangeAction.Remove,
        _ => null,
    };

    // What a stamp says, or what global tables do, hangs on too much for bytes alone.
    private bool Bears(int image, byte[] attribute) => image >= 0 && Tape.Find(image, attribute) >= 0;

    // A key is the same wherever it stands; where it is not, the record does not say which item it is about.
    private bool KeysAgree()
    {
        var envelope = Tape.Envelope;
        for (var key = envelope.Keys + 1; key < Tape.Nodes[envelope.Keys].Next; key = Tape.Nodes[key].Next)
        {
            if (!Agrees(key, envelope.OldImage) || !Agrees(key, envelope.NewImage))
            {
                return false;
            }
        }

        return true;
    }

    private bool Agrees(int key, int image)
    {
        var other = image < 0 ? -1 : Tape.Find(image, Tape.Name(key));
        return other < 0 || Tape.Raw(key).SequenceEqual(Tape.Raw(other)) || IsSame(key, other);
    }

    private bool IsSame(int left, int right)
    {
        var (first, second) = (Tape.Nodes[left], Tape.Nodes[right]);
        return first.Kind == second.Kind && first.Kind is TapeKind.S or TapeKind.N or TapeKind.B && Tape.Text(left).SequenceEqual(Tape.Text(right));
    }

    // The rules of Attribution, over bytes.
    private (ActorSource Source, TapeText Id) ActorOf(RecordEnvelope envelope)
    {
        if (envelope.HasIdentity
            && Tape.Bytes(envelope.IdentityType).SequenceEqual("Service"u8)
            && Tape.Bytes(envelope.IdentityPrincipal).SequenceEqual("dynamodb.amazonaws.com"u8))
        {
            return (ActorSource.TimeToLive, envelope.IdentityPrincipal);
        }

        if (rules.Actor is not { } path || envelope.NewImage < 0)
        {
            return default;
        }

        var name = path.Find(Tape, envelope.NewImage);
        var isName = name >= 0 && Tape.Nodes[name].Kind == TapeKind.S;
        return isName && (Action == ChangeAction.Insert || WasWritten(envelope, path)) ? (ActorSource.Attribute, Tape.Nodes[name].Text) : default;
    }

    private bool WasWritten(RecordEnvelope envelope, RawPath actor)
    {
        if (envelope.OldImage < 0)
        {
            return false;
        }

        foreach (var place in rules.KeptPlaces)
        {
            if (Differs(envelope, place))
            {
                return true;
            }
        }

        return Differs(envelope, actor);
    }

    private bool Differs(RecordEnvelope envelope, RawPath place) =>
        !ValueEquality.AreEqual(Tape, place.Find(Tape, envelope.OldImage), place.Find(Tape, envelope.NewImage));

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

    private void KeepId(RecordEnvelope envelope)
    {
        hashed.Truncate(0);
        hashed.Append(idLine);
        hashed.AppendItem(Tape, envelope.Keys, TextForm.Canonical);
        var length = hashed.Length - idLine.Length;
        hashed.Append((byte)'\n');
        var digits = Tape.Bytes(envelope.SequenceNumber).TrimStart((byte)'0');
        hashed.Append(digits.IsEmpty ? "0"u8 : digits);
        RawId.Hash(hashed.Written, id);
        Keys = hashed.Memory.Slice(idLine.Length, length);
    }
}
