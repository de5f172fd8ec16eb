using System.Buffers.Binary;
using System.Security.Cryptography;
using Afterimage.Proof;
using Afterimage.Trail;

namespace Afterimage.Verifying;

/// <summary>
/// Tells whether the heads that a trail finds by a tree are those of its log: a shard is held to the heads that are found by it, and one that is left out would hold it
/// to nothing.
/// </summary>
internal sealed class HeadDigests
{
    private readonly Dictionary<TreeName, Sha256Hash> digests = [];

    /// <summary>The digest of the heads of a tree so far.</summary>
    public Sha256Hash Of(TreeName tree) => digests.GetValueOrDefault(tree);

    /// <summary>Takes the next head of a tree.</summary>
    public void Take(TreeName tree, PlacedHead head)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        var before = Of(tree);
        hash.AppendData(before.Bytes);
        Add(hash, head.Place);
        foreach (var text in (ReadOnlySpan<ReadOnlyMemory<byte>>)[head.Text, head.Seal, head.SealBefore])
        {
            Add(hash, text.Length);
            hash.AppendData(text.Span);
        }

        hash.GetHashAndReset(digest);
        digests[tree] = Sha256Hash.Read(digest);
    }

    private static void Add(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
