using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>
/// The intent of a change as it lies in the trail's table: one item with both images (format 1), or, where those do not fit into one, an item that names parts, and the parts,
/// which together are the images' text, compressed (format 2).
/// </summary>
internal static class IntentItems
{
    // Well below what an item may have, and EntryItems cuts there too.
    private const int PartBytes = 280_000;

    // Two images of one item are mostly alike: a window that reaches from one to the other halves them. Slower qualities gain an eighth more at the most (docs/decisions/0020).
    private const int Quality = 3;
    private const int WindowBits = 22;

    /// <summary>The items of the intent, itself first.</summary>
    public static IReadOnlyList<Dictionary<string, AttributeValue>> Of(AuditedPlace place, AuditedChange change, DateTimeOffset time)
    {
        var whole = Told(place, change, time, "1");
        var images = Images(change);
        foreach (var (name, image) in images)
        {
            whole[name] = image;
        }

        return ItemSize.Fits(whole) ? [whole] : InParts(place, change, time, images);
    }

    private static List<Dictionary<string, AttributeValue>> InParts(AuditedPlace place, AuditedChange change, DateTimeOffset time, Dictionary<string, AttributeValue> images)
    {
        var text = AttributeText.Of(images);
        var packed = Packed(text);
        List<byte[]> parts = [.. packed.Chunk(PartBytes)];
        var intent = Told(place, change, time, "2");
        intent["length"] = Number(text.Length);
        intent["parts"] = Number(parts.Count);
        intent["hash"] = new(Convert.ToBase64String(SHA256.HashData(packed)));
        return [intent, .. parts.Select((part, at) => Part(IntentForm.Part(place.Table, change.Name, at), part))];
    }

    private static Dictionary<string, AttributeValue> Part(Dictionary<string, AttributeValue> key, byte[] bytes) => new(key, StringComparer.Ordinal) { ["bytes"] = new() { B = new MemoryStream(bytes) } };

    // What no image is needed for.
    private static Dictionary<string, AttributeValue> Told(AuditedPlace place, AuditedChange change, DateTimeOffset time, string version) =>
        new(IntentForm.Intent(place.Table, change.Name), StringComparer.Ordinal)
        {
            ["v"] = new() { N = version },
            ["table"] = new(place.Arn),
            ["number"] = Number(change.Read.Number + 1),
            ["action"] = new(change.After is null ? "REMOVE" : change.Read.Image is null ? "INSERT" : "MODIFY"),
            ["time"] = new(StampValue.TimeText(time)),
            ["keys"] = new() { M = change.Key },
        };

    private static Dictionary<string, AttributeValue> Images(AuditedChange change)
    {
        var images = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        foreach (var (name, image) in new[] { ("before", change.Read.Image), ("after", change.After) })
        {
            if (image is not null)
            {
                images[name] = new() { M = image };
            }
        }

        return images;
    }

    private static AttributeValue Number(long number) => new() { N = number.ToString(CultureInfo.InvariantCulture) };

    private static byte[] Packed(ReadOnlySpan<byte> text)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(text.Length)];
        return BrotliEncoder.TryCompress(text, packed, out var written, Quality, WindowBits)
            ? packed[..written]
            : throw new InvalidOperationException($"{text.Length} bytes do not fit into the {packed.Length} that they need at most.");
    }
}
