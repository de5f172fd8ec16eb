using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Afterimage.Entries;
using Afterimage.Entries.Raw;
using Afterimage.Streams.Records;

namespace Afterimage.Trail.Sqlite;

/// <summary>
/// What entries are found by: 8 bytes of a hash, in place of ids and of keys that may be 3 KB long. Two things may have one, so that whoever looks up
/// compares what was found. Keys that DynamoDB holds for equal have one (numbers by value); the string "1" and the number 1 have two.
/// </summary>
internal static class LookupKey
{
    /// <summary>Of an entry's id, which is a hash already.</summary>
    public static long Of(EntryId id)
    {
        Span<byte> bytes = stackalloc byte[RawId.Size];
        RawId.Read(id, bytes);
        return BinaryPrimitives.ReadInt64BigEndian(bytes);
    }

    /// <summary>Of a whole key, or of a partition key alone.</summary>
    public static long Of(StreamArn stream, AttributeMap key) =>
        Hash(stream, [.. key.Select(member => Part(member.Key, member.Value.Kind.ToString(), member.Value.Text))]);

    /// <summary>
    /// Of everything that an entry's key can be looked up by: the whole key, and of two attributes the partition key. As long as nobody has said which
    /// of them that is, either may be.
    /// </summary>
    /// <param name="stream">The entry's stream.</param>
    /// <param name="keys">Its key as canonical text; empty where it has none.</param>
    /// <param name="partitionKey">The table's partition key, where it is known.</param>
    public static IEnumerable<long> All(StreamArn stream, ReadOnlyMemory<byte> keys, string? partitionKey)
    {
        var parts = Parts(keys.Span);
        if (parts.Count == 0)
        {
            return [];
        }

        var whole = Hash(stream, parts.Select(part => part.Text));
        if (parts.Count == 1)
        {
            return [whole];
        }

        var isKnown = parts.Exists(part => part.Name == partitionKey);
        return [whole, .. parts.Where(part => !isKnown || part.Name == partitionKey).Select(part => Hash(stream, [part.Text]))];
    }

    private static List<(string Name, string Text)> Parts(ReadOnlySpan<byte> keys)
    {
        var parts = new List<(string, string)>();
        if (keys.IsEmpty)
        {
            return parts;
        }

        var json = new Utf8JsonReader(keys);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            json.Read();
            var kind = json.GetString()!;
            json.Read();
            parts.Add((name, Part(name, kind, json.GetString()!)));
            json.Read();
        }

        return parts;
    }

    // The lengths keep "a" + "bc" and "ab" + "c" apart.
    private static string Part(string name, string kind, string text)
    {
        var value = kind == "N" ? NumberText.Normalize(text) : text;
        return $"\n{name.Length} {name} {kind} {value.Length} {value}";
    }

    private static long Hash(StreamArn stream, IEnumerable<string> parts) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat([stream.Value, .. parts]))));
}
