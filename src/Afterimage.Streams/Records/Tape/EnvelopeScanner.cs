using System.Buffers.Text;
using System.Text.Json;

namespace Afterimage.Streams.Records.Tape;

/// <summary>Reads the members of a record onto a tape, in whatever order they come.</summary>
internal ref struct EnvelopeScanner
{
    // As many as the end of the year 9999 has, less one.
    private const int SecondsDigitsMax = 11;

    // DynamoDB is younger than 1970, and leaves have no place for a time before it.
    private const long SecondsMin = 0;
    private static readonly long SecondsMax = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private readonly RecordTape tape;
    private JsonCursor json;
    private readonly RecordEnvelope envelope;
    private bool hasChange;

    private EnvelopeScanner(RecordTape tape, JsonCursor json)
    {
        this.tape = tape;
        envelope = tape.Envelope;
        this.json = json;
    }

    /// <summary>Reads a record.</summary>
    /// <returns>Whether it is one, with all that a record must have.</returns>
    public static bool TryScan(RecordTape tape, JsonCursor json)
    {
        var scanner = new EnvelopeScanner(tape, json);
        return scanner.TryRecord() && scanner.json.IsAtEnd() && scanner.IsWhole();
    }

    private readonly bool IsWhole() => envelope is { Seconds: not null, KeysPlusOne: > 0, EventName.IsPresent: true, SequenceNumber.IsPresent: true }
        && tape[envelope.Keys].Count > 0
        && tape.Bytes(envelope.SequenceNumber) is { Length: > 0 and <= SequenceNumber.DigitsMax } digits
        && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private bool TryRecord()
    {
        if (!json.TryTake((byte)'{'))
        {
            return false;
        }

        do
        {
            if (!json.TryName(out var name) || !TryRecordMember(name))
            {
                return false;
            }
        }
        while (json.TryTake((byte)','));

        return json.TryTake((byte)'}');
    }

    private bool TryRecordMember(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("eventID"u8) => TryText(ref envelope.EventId),
        _ when name.SequenceEqual("eventName"u8) => TryText(ref envelope.EventName),
        _ when name.SequenceEqual("eventVersion"u8) => TryText(ref envelope.EventVersion),
        _ when name.SequenceEqual("awsRegion"u8) => TryText(ref envelope.Region),
        _ when name.SequenceEqual("dynamodb"u8) => TryChange(),
        _ when name.SequenceEqual("userIdentity"u8) => TryIdentity(),
        _ => json.TrySkipValue(),
    };

    private bool TryChange()
    {
        if (hasChange || !json.TryTake((byte)'{'))
        {
            return false;
        }

        hasChange = true;
        do
        {
            if (!json.TryName(out var name) || !TryChangeMember(name))
            {
                return false;
            }
        }
        while (json.TryTake((byte)','));

        return json.TryTake((byte)'}');
    }

    private bool TryChangeMember(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("Keys"u8) => TryItem(ref envelope.KeysPlusOne, -1),
        _ when name.SequenceEqual("NewImage"u8) => TryItem(ref envelope.NewImagePlusOne, envelope.OldImage),
        _ when name.SequenceEqual("OldImage"u8) => TryItem(ref envelope.OldImagePlusOne, envelope.NewImage),
        _ when name.SequenceEqual("SequenceNumber"u8) => TryText(ref envelope.SequenceNumber),
        _ when name.SequenceEqual("StreamViewType"u8) => TryText(ref envelope.ViewType),
        _ when name.SequenceEqual("SizeBytes"u8) => TrySize(),
        _ when name.SequenceEqual("ApproximateCreationDateTime"u8) => TryTime(),
        _ => json.TrySkipValue(),
    };

    // The service model spells Type and PrincipalId; what is sent, to Lambda at least, is type and principalId.
    private bool TryIdentity()
    {
        if (json.TryTake("null"u8))
        {
            return true;
        }

        if (envelope.HasIdentity || !json.TryTake((byte)'{'))
        {
            return false;
        }

        envelope.HasIdentity = true;
        do
        {
            var isRead = json.TryName(out var name) && name switch
            {
                _ when name.SequenceEqual("type"u8) || name.SequenceEqual("Type"u8) => TryText(ref envelope.IdentityType),
                _ when name.SequenceEqual("principalId"u8) || name.SequenceEqual("PrincipalId"u8) => TryText(ref envelope.IdentityPrincipal),
                _ => json.TrySkipValue(),
            };
            if (!isRead)
            {
                return false;
            }
        }
        while (json.TryTake((byte)','));

        return json.TryTake((byte)'}');
    }

    private bool TryText(ref TapeText slot) => json.Peek() == '"'
        ? !slot.IsPresent && json.TryText(out slot)
        : json.TryTake("null"u8);

    private bool TryItem(ref int nodePlusOne, int twin)
    {
        if (json.TryTake("null"u8))
        {
            return true;
        }

        if (nodePlusOne > 0)
        {
            return false;
        }

        nodePlusOne = tape.Count + 1;
        return ItemScanner.TryItem(tape, ref json, twin);
    }

    private bool TrySize()
    {
        var length = Digits();
        if (envelope.SizeBytes.IsPresent || length is 0 or > 18)
        {
            return false;
        }

        envelope.SizeBytes = new TapeText(json.At, length, isPlain: true);
        json.Skip(length);
        return true;
    }

    // A number of seconds, at times with a fraction or an exponent (1.46480646E9).
    private bool TryTime()
    {
        if (envelope.Seconds is not null || json.Peek() is not ((>= (byte)'0' and <= (byte)'9') or (byte)'-'))
        {
            return false;
        }

        var digits = Digits();
        if (digits is > 0 and <= SecondsDigitsMax && Utf8Parser.TryParse(json.Rest[..digits], out long whole, out _) && !IsNumberGoingOn(digits))
        {
            envelope.Seconds = whole;
            json.Skip(digits);
            return true;
        }

        try
        {
            var number = new Utf8JsonReader(json.Rest);
            if (!number.Read() || !number.TryGetDecimal(out var seconds) || seconds < SecondsMin || seconds > SecondsMax)
            {
                return false;
            }

            envelope.Seconds = (long)decimal.Floor(seconds);
            json.Skip((int)number.BytesConsumed);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private readonly bool IsNumberGoingOn(int digits) => json.Rest[digits] is (byte)'.' or (byte)'e' or (byte)'E';

    /// <summary>How many digits come next: none if the first is a zero that others follow.</summary>
    private int Digits()
    {
        _ = json.Peek();
        var length = json.Rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length <= 0 || (length > 1 && json.Rest[0] == '0') ? 0 : length;
    }
}
