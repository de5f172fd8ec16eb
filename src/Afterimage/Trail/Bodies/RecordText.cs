using System.Text;
using System.Text.Json;
using Afterimage.Entries.Raw;
using Afterimage.Proof;

namespace Afterimage.Trail.Bodies;

/// <summary>Writes a record anew from what is kept of its entry, so that everything that was derived from it can be derived again.</summary>
internal static class RecordText
{
    /// <summary>Writes the record.</summary>
    public static void Append(ByteBuffer target, ShardLeaf leaf, StoredBody body)
    {
        target.Append("{\"eventName\":\""u8);
        target.Append(Encoding.UTF8.GetBytes(leaf.Op!));
        target.Append((byte)'"');
        Span<(int Start, int End)> ofChange = stackalloc (int, int)[2];
        AppendFields(target, body.Envelope.Span, ofChange);
        target.Append(",\"dynamodb\":{\"ApproximateCreationDateTime\":"u8);
        target.Append(leaf.At);
        target.Append(",\"SequenceNumber\":\""u8);
        target.Append(Encoding.UTF8.GetBytes(leaf.Seq!));
        target.Append((byte)'"');
        AppendField(target, ",\"SizeBytes\":"u8, body.Envelope.Span, ofChange[0]);
        AppendField(target, ",\"StreamViewType\":"u8, body.Envelope.Span, ofChange[1]);
        AppendItem(target, ",\"Keys\":"u8, body.Each, BodyAttribute.Key);
        if (body.Flags.HasFlag(BodyFlags.OldImage))
        {
            AppendItem(target, ",\"OldImage\":"u8, body.Each, BodyAttribute.Before);
        }

        if (body.Flags.HasFlag(BodyFlags.NewImage))
        {
            AppendItem(target, ",\"NewImage\":"u8, body.Each, BodyAttribute.After);
        }

        target.Append("}}"u8);
    }

    /// <summary>Writes the attributes that stand in one place, as an object.</summary>
    public static void AppendItem(ByteBuffer target, ReadOnlySpan<StoredAttribute> attributes, BodyAttribute place) => AppendItem(target, default, attributes, place);

    private static void AppendItem(ByteBuffer target, ReadOnlySpan<byte> name, ReadOnlySpan<StoredAttribute> attributes, BodyAttribute place)
    {
        target.Append(name);
        target.Append((byte)'{');
        var isFirst = true;
        foreach (ref readonly var attribute in attributes)
        {
            if (!attribute.Is(place))
            {
                continue;
            }

            if (!isFirst)
            {
                target.Append((byte)',');
            }

            isFirst = false;
            target.Append(attribute.Name.Span);
            target.Append((byte)':');
            target.Append(ValueOf(in attribute, place));
        }

        target.Append((byte)'}');
    }

    private static ReadOnlySpan<byte> ValueOf(in StoredAttribute attribute, BodyAttribute place)
    {
        if (attribute.Is(BodyAttribute.Hidden) && !attribute.Is(BodyAttribute.Partly))
        {
            return "{\"redacted\":true}"u8;
        }

        // A key is the same in every image.
        var isAfter = place == BodyAttribute.After || (place == BodyAttribute.Key && attribute.Before.IsEmpty);
        return isAfter ? attribute.After.Span : attribute.Before.Span;
    }

    // Members of the envelope under the names by which records have them, with the texts of their values as they stand. Those of the change come later.
    private static void AppendFields(ByteBuffer target, ReadOnlySpan<byte> envelope, Span<(int Start, int End)> ofChange)
    {
        var json = new Utf8JsonReader(envelope);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            json.Read();
            var start = (int)json.TokenStartIndex;
            json.Skip();
            var place = (start, (int)json.BytesConsumed);
            if (name.SequenceEqual("sizeBytes"u8))
            {
                ofChange[0] = place;
            }
            else if (name.SequenceEqual("view"u8))
            {
                ofChange[1] = place;
            }
            else
            {
                AppendField(target, DeliveredName(name), envelope, place);
            }
        }
    }

    private static void AppendField(ByteBuffer target, ReadOnlySpan<byte> name, ReadOnlySpan<byte> envelope, (int Start, int End) place)
    {
        if (place.End > 0)
        {
            target.Append(name);
            target.Append(envelope[place.Start..place.End]);
        }
    }

    private static ReadOnlySpan<byte> DeliveredName(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("eventId"u8) => ",\"eventID\":"u8,
        _ when name.SequenceEqual("eventVersion"u8) => ",\"eventVersion\":"u8,
        _ when name.SequenceEqual("region"u8) => ",\"awsRegion\":"u8,
        _ when name.SequenceEqual("userIdentity"u8) => ",\"userIdentity\":"u8,
        _ => throw new FormatException("The envelope of an entry has a member that none has."),
    };
}
