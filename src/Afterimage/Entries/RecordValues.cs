using Afterimage.Streams.Records;

namespace Afterimage.Entries;

/// <summary>A record whose key and images are decoded.</summary>
/// <param name="Record">The record.</param>
/// <param name="Keys">The item's key.</param>
/// <param name="Before">The item before; null where there was none or the stream does not carry it.</param>
/// <param name="After">The item after; likewise.</param>
internal sealed record RecordValues(StreamRecord Record, AttributeMap Keys, AttributeMap? Before, AttributeMap? After)
{
    /// <summary>Decodes a record.</summary>
    /// <exception cref="FormatException">It is none, or its images have another key than it says.</exception>
    public static RecordValues Read(ReadOnlyMemory<byte> raw)
    {
        var record = StreamRecord.Read(raw);
        var keys = DynamoDbJson.ReadMap(record.Keys);
        var before = record.OldImage is { } old ? DynamoDbJson.ReadMap(old) : null;
        var after = record.NewImage is { } @new ? DynamoDbJson.ReadMap(@new) : null;
        foreach (var (name, key) in keys)
        {
            Check(name, key, before);
            Check(name, key, after);
        }

        return new RecordValues(record, keys, before, after);
    }

    // A key is the same wherever it stands; where it is not, the record does not say which item it is about.
    private static void Check(string name, AttributeValue key, AttributeMap? image)
    {
        if (image is not null && image.TryGetValue(name, out var value) && CanonicalText.Of(value) != CanonicalText.Of(key))
        {
            throw new FormatException($"Not a stream record: '{name}' of the key is another in an image.");
        }
    }
}
