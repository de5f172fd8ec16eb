using System.Text;
using System.Text.Json;
using Afterimage.Entries.Raw;
using Afterimage.Proof;

namespace Afterimage.Trail.Bodies;

/// <summary>Writes a record anew from what is kept of its entry, so that everything that was derived from it can be derived again.</summary>
internal static class RecordText
{
    private static readonly (string Kept, byte[] Delivered)[] EventNames =
    [
        ("eventId", "eventID"u8.ToArray()), ("eventVersion", "eventVersion"u8.ToArray()), ("region", "awsRegion"u8.ToArray()), ("userIdentity", "userIdentity"u8.ToArray()),
    ];

    private static readonly (string Kept, byte[] Delivered)[] ChangeNames = [("sizeBytes", "SizeBytes"u8.ToArray()), ("view", "StreamViewType"u8.ToArray())];

    /// <summary>Writes the record.</summary>
    public static void Append(ByteBuffer target, ReadOnlySpan<byte> leaf, StoredBody body)
    {
        var header = EntryLeaf.Read(leaf);
        using var envelope = JsonDocument.Parse(body.Envelope);
        target.Append("{\"eventName\":\""u8);
        target.Append(Encoding.UTF8.GetBytes(header.Op));
        target.Append((byte)'"');
        AppendFields(target, envelope.RootElement, EventNames);
        target.Append(",\"dynamodb\":{\"ApproximateCreationDateTime\":"u8);
        target.Append(header.At);
        target.Append(",\"SequenceNumber\":\""u8);
        target.Append(Encoding.UTF8.GetBytes(header.Seq));
        target.Append((byte)'"');
        AppendFields(target, envelope.RootElement, ChangeNames);
        AppendItem(target, "Keys"u8, body.Attributes, BodyAttribute.Key);
        if (body.Images.HasFlag(BodyImages.Old))
        {
            AppendItem(target, "OldImage"u8, body.Attributes, BodyAttribute.Before);
        }

        if (body.Images.HasFlag(BodyImages.New))
        {
            AppendItem(target, "NewImage"u8, body.Attributes, BodyAttribute.After);
        }

        target.Append("}}"u8);
    }

    /// <summary>Writes the attributes that stand in one place, as an object.</summary>
    public static void AppendItem(ByteBuffer target, IReadOnlyList<StoredAttribute> attributes, BodyAttribute place)
    {
        target.Append((byte)'{');
        var isFirst = true;
        foreach (var attribute in attributes.Where(attribute => attribute.Is(place)))
        {
            if (!isFirst)
            {
                target.Append((byte)',');
            }

            isFirst = false;
            target.Append(attribute.Name.Span);
            target.Append((byte)':');
            target.Append(ValueOf(attribute, place));
        }

        target.Append((byte)'}');
    }

    private static ReadOnlySpan<byte> ValueOf(StoredAttribute attribute, BodyAttribute place)
    {
        if (attribute.Is(BodyAttribute.Hidden) && !attribute.Is(BodyAttribute.Partly))
        {
            return "{\"redacted\":true}"u8;
        }

        // A key is the same in every image.
        var isAfter = place == BodyAttribute.After || (place == BodyAttribute.Key && attribute.Before.IsEmpty);
        return isAfter ? attribute.After.Span : attribute.Before.Span;
    }

    private static void AppendItem(ByteBuffer target, ReadOnlySpan<byte> name, IReadOnlyList<StoredAttribute> attributes, BodyAttribute place)
    {
        target.Append(",\""u8);
        target.Append(name);
        target.Append("\":"u8);
        AppendItem(target, attributes, place);
    }

    private static void AppendFields(ByteBuffer target, JsonElement envelope, (string Kept, byte[] Delivered)[] names)
    {
        foreach (var (kept, delivered) in names)
        {
            if (envelope.TryGetProperty(kept, out var value))
            {
                target.Append(",\""u8);
                target.Append(delivered);
                target.Append("\":"u8);
                target.Append(Encoding.UTF8.GetBytes(value.GetRawText()));
            }
        }
    }
}
