using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Afterimage.Entries;
using Afterimage.Entries.Raw;
using Afterimage.Proof;
using Afterimage.Streams.Records;

namespace Afterimage.Trail.Sqlite;

/// <summary>
/// What entries of a stream are found by: 8 bytes of a hash, in place of ids and of keys that may be 3 KB long. Two things may have one, so that whoever
/// looks up compares what was found. Keys that DynamoDB holds for equal have one (numbers by value); the string "1" and the number 1 have two.
/// </summary>
internal sealed class LookupKey
{
    /// <summary>The most that one entry has: the whole key, and each of its two attributes.</summary>
    public const int KeysMax = 3;

    private readonly ByteBuffer text = new();
    private readonly int prefix;

    public LookupKey(StreamArn stream)
    {
        text.Append(Encoding.UTF8.GetBytes(stream.Value));
        prefix = text.Length;
    }

    /// <summary>Of an entry's id, which is a hash already.</summary>
    public static long Of(EntryId id)
    {
        Span<byte> bytes = stackalloc byte[RawId.Size];
        RawId.Read(id, bytes);
        return BinaryPrimitives.ReadInt64BigEndian(bytes);
    }

    /// <summary>Of a whole key, or of a partition key alone.</summary>
    public static long Of(StreamArn stream, AttributeMap key)
    {
        Span<long> keys = stackalloc long[KeysMax];
        _ = new LookupKey(stream).Read(Encoding.UTF8.GetBytes(CanonicalText.Of(key)), null, keys);
        return keys[0];
    }

    /// <summary>
    /// Everything that an entry's key can be looked up by: the whole key, and of two attributes the partition key. As long as nobody has said which
    /// of them that is, either may be.
    /// </summary>
    /// <param name="keys">The entry's key as canonical text; empty where it has none.</param>
    /// <param name="partitionKey">The table's partition key, where it is known.</param>
    /// <param name="into">Where they are written to.</param>
    /// <returns>How many there are.</returns>
    public int Read(ReadOnlySpan<byte> keys, string? partitionKey, Span<long> into)
    {
        if (keys.IsEmpty)
        {
            return 0;
        }

        text.Truncate(prefix);
        var json = new Utf8JsonReader(keys);
        json.Read();
        Span<(int At, bool IsPartition)> parts = stackalloc (int, bool)[KeysMax];
        var count = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            parts[count++] = (text.Length, partitionKey is not null && json.ValueTextEquals(partitionKey));
            AppendPart(ref json);
        }

        into[0] = Hash(text.Written);
        if (count == 1)
        {
            return 1;
        }

        var isKnown = parts[0].IsPartition || parts[1].IsPartition;
        var written = 1;
        var end = text.Length;
        for (var at = 0; at < count; at++)
        {
            if (!isKnown || parts[at].IsPartition)
            {
                var (start, length) = (parts[at].At, (at + 1 < count ? parts[at + 1].At : end) - parts[at].At);
                into[written++] = HashAlone(start, length);
            }
        }

        return written;
    }

    // Name, type and value of one attribute. The lengths keep "a" + "bc" and "ab" + "c" apart.
    private void AppendPart(ref Utf8JsonReader json)
    {
        AppendText(json.HasValueSequence || json.ValueIsEscaped ? Encoding.UTF8.GetBytes(json.GetString()!) : json.ValueSpan);
        json.Read();
        json.Read();
        var isNumber = json.ValueTextEquals("N"u8);
        AppendText(json.ValueSpan);
        json.Read();
        if (isNumber)
        {
            AppendText(Encoding.ASCII.GetBytes(NumberText.Normalize(json.GetString()!)));
        }
        else
        {
            AppendText(json.ValueIsEscaped ? Encoding.UTF8.GetBytes(json.GetString()!) : json.ValueSpan);
        }

        json.Read();
    }

    private void AppendText(ReadOnlySpan<byte> part)
    {
        text.AppendLength(part.Length);
        text.Append(part);
    }

    // What the hash of a key with this attribute alone would be.
    private long HashAlone(int start, int length)
    {
        var end = text.Length;
        text.Append(text.Written[..prefix].ToArray());
        text.Append(text.Written.Slice(start, length).ToArray());
        var hash = Hash(text.Written[end..]);
        text.Truncate(end);
        return hash;
    }

    private static long Hash(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64BigEndian(Sha256Hash.Of(bytes).Bytes);
}
