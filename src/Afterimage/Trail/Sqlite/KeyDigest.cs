using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Afterimage.Entries;

namespace Afterimage.Trail.Sqlite;

/// <summary>
/// What the history indexes hold in place of keys, which may be 3 KB long: 16 bytes of a SHA-256. Keys that DynamoDB holds
/// for equal have one digest (numbers by value), and the string "1" and the number 1 have two.
/// </summary>
internal static class KeyDigest
{
    private const int Bytes = 16;

    /// <summary>Of an item; without a sort key, of a partition, which is the item itself where the table has no sort key.</summary>
    public static byte[] Of(string table, AttributeValue partitionKey, AttributeValue? sortKey)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, table);
        Add(hash, partitionKey);
        if (sortKey is not null)
        {
            Add(hash, sortKey);
        }

        return hash.GetHashAndReset()[..Bytes];
    }

    private static void Add(IncrementalHash hash, AttributeValue key)
    {
        Add(hash, key.Kind.ToString());
        Add(hash, key.Kind == AttributeKind.N ? NumberText.Normalize(key.Text) : key.Text);
    }

    private static void Add(IncrementalHash hash, string text)
    {
        // The length before each part keeps "a" + "bc" and "ab" + "c" apart.
        var utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, utf8.Length);
        hash.AppendData(length);
        hash.AppendData(utf8);
    }
}
