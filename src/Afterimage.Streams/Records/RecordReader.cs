using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Afterimage.Streams.Records;

/// <summary>Reads a record's JSON text once, without building anything from its keys and images.</summary>
internal ref struct RecordReader
{
    // An item nests to 32 levels, each of which takes an object for the type and one for the value.
    private const int DepthMax = 512;

    // DynamoDB is younger than 1970, and leaves have no place for a time before it.
    private const long SecondsMin = 0;
    private static readonly long SecondsMax = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private readonly ReadOnlyMemory<byte> raw;
    private Utf8JsonReader json;
    private string? eventId;
    private string? eventName;
    private string? eventVersion;
    private string? region;
    private DateTimeOffset? time;
    private ReadOnlyMemory<byte>? keys;
    private ReadOnlyMemory<byte>? newImage;
    private ReadOnlyMemory<byte>? oldImage;
    private string? sequenceNumber;
    private long? sizeBytes;
    private string? viewType;
    private RecordIdentity? identity;

    private RecordReader(ReadOnlyMemory<byte> raw)
    {
        this.raw = raw;
        json = new Utf8JsonReader(raw.Span, new JsonReaderOptions { MaxDepth = DepthMax });
    }

    /// <summary>Reads a record.</summary>
    /// <exception cref="FormatException">Something is missing, malformed, or there twice.</exception>
    public static StreamRecord Read(ReadOnlyMemory<byte> raw)
    {
        // The JSON reader passes over text without looking at its encoding.
        if (!Utf8.IsValid(raw.Span))
        {
            throw new FormatException("Not a stream record: the text is not UTF-8.");
        }

        try
        {
            var reader = new RecordReader(raw);
            reader.ReadEvent();
            return reader.Finish();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException: a lone surrogate in a string.
            throw new FormatException($"Not a stream record: {e.Message}", e);
        }
    }

    private void ReadEvent()
    {
        json.Read();
        Expect(JsonTokenType.StartObject, "the record");
        while (NextMember())
        {
            if (json.ValueTextEquals("eventID"u8))
            {
                Text(ref eventId, "eventID");
            }
            else if (json.ValueTextEquals("eventName"u8))
            {
                Text(ref eventName, "eventName");
            }
            else if (json.ValueTextEquals("eventVersion"u8))
            {
                Text(ref eventVersion, "eventVersion");
            }
            else if (json.ValueTextEquals("awsRegion"u8))
            {
                Text(ref region, "awsRegion");
            }
            else if (json.ValueTextEquals("dynamodb"u8))
            {
                ReadChange();
            }
            else if (json.ValueTextEquals("userIdentity"u8))
            {
                ReadIdentity();
            }
            else
            {
                json.Skip();
            }
        }

        // Throws if anything follows.
        json.Read();
    }

    private void ReadChange()
    {
        json.Read();
        Expect(JsonTokenType.StartObject, "dynamodb");
        while (NextMember())
        {
            if (json.ValueTextEquals("ApproximateCreationDateTime"u8))
            {
                ReadTime();
            }
            else if (json.ValueTextEquals("Keys"u8))
            {
                Slice(ref keys, "Keys");
                HoldsSomething(keys);
            }
            else if (json.ValueTextEquals("NewImage"u8))
            {
                Slice(ref newImage, "NewImage");
            }
            else if (json.ValueTextEquals("OldImage"u8))
            {
                Slice(ref oldImage, "OldImage");
            }
            else if (json.ValueTextEquals("SequenceNumber"u8))
            {
                Text(ref sequenceNumber, "SequenceNumber");
            }
            else if (json.ValueTextEquals("SizeBytes"u8))
            {
                json.Read();
                Expect(JsonTokenType.Number, "SizeBytes");
                Once(ref sizeBytes, json.GetInt64(), "SizeBytes");
            }
            else if (json.ValueTextEquals("StreamViewType"u8))
            {
                Text(ref viewType, "StreamViewType");
            }
            else
            {
                json.Skip();
            }
        }
    }

    // The service model spells Type and PrincipalId; what is sent, to Lambda at least, is type and principalId.
    private void ReadIdentity()
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return;
        }

        Expect(JsonTokenType.StartObject, "userIdentity");
        string? type = null;
        string? principal = null;
        while (NextMember())
        {
            if (json.ValueTextEquals("type"u8) || json.ValueTextEquals("Type"u8))
            {
                Text(ref type, "type");
            }
            else if (json.ValueTextEquals("principalId"u8) || json.ValueTextEquals("PrincipalId"u8))
            {
                Text(ref principal, "principalId");
            }
            else
            {
                json.Skip();
            }
        }

        Once(ref identity, new RecordIdentity(type, principal), "userIdentity");
    }

    // A number of seconds, at times with a fraction or an exponent (1.46480646E9); AWS's own example has it in quotes.
    private void ReadTime()
    {
        const string name = "ApproximateCreationDateTime";
        json.Read();
        var readable = json.TokenType == JsonTokenType.String
            ? decimal.TryParse(json.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            : json.TryGetDecimal(out seconds);
        if (!readable || seconds < SecondsMin || seconds > SecondsMax)
        {
            throw new FormatException($"'{name}' is not a number of seconds.");
        }

        Once(ref time, DateTimeOffset.FromUnixTimeSeconds((long)decimal.Floor(seconds)), name);
    }

    private readonly StreamRecord Finish() => new()
    {
        EventId = eventId,
        EventName = eventName switch
        {
            "INSERT" or "MODIFY" or "REMOVE" => eventName,
            null => throw Absent("eventName"),
            _ => throw new FormatException($"'{eventName}' is not INSERT, MODIFY or REMOVE."),
        },
        EventVersion = eventVersion,
        Region = region,
        ApproximateCreationTime = time ?? throw Absent("ApproximateCreationDateTime"),
        Keys = keys ?? throw Absent("Keys"),
        NewImage = newImage,
        OldImage = oldImage,
        SequenceNumber = new(sequenceNumber ?? throw Absent("SequenceNumber")),
        SizeBytes = sizeBytes,
        ViewType = viewType,
        UserIdentity = identity,
    };

    private bool NextMember() => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    private void Text(ref string? slot, string name)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.Null)
        {
            Expect(JsonTokenType.String, name);
            Once(ref slot, json.GetString(), name);
        }
    }

    private void Slice(ref ReadOnlyMemory<byte>? slot, string name)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return;
        }

        Expect(JsonTokenType.StartObject, name);
        var start = (int)json.TokenStartIndex;
        json.Skip();
        Once(ref slot, raw[start..(int)json.BytesConsumed], name);
    }

    private readonly void Expect(JsonTokenType token, string name)
    {
        if (json.TokenType != token)
        {
            throw new FormatException($"{name}: expected {token}, found {json.TokenType}.");
        }
    }

    private static void Once<T>(ref T? slot, T? value, string name)
    {
        if (slot is not null)
        {
            throw new FormatException($"'{name}' comes twice.");
        }

        slot = value;
    }

    // A record without a key tells of no item.
    private static void HoldsSomething(ReadOnlyMemory<byte>? keys)
    {
        if (keys is { } slice && slice.Span.IndexOf((byte)'"') < 0)
        {
            throw new FormatException("'Keys' is empty.");
        }
    }

    private static FormatException Absent(string name) => new($"'{name}' is absent.");
}
