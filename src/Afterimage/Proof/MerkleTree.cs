namespace Afterimage.Proof;

/// <summary>
/// The hashes of an RFC 6962 tree. Leaves and nodes begin with different bytes, so that no node can be shown as if it were a leaf.
/// </summary>
internal static class MerkleTree
{
    private const byte LeafPrefix = 0x00;
    private const byte NodePrefix = 0x01;

    /// <summary>The root of a tree without leaves.</summary>
    public static Sha256Hash EmptyRoot { get; } = Sha256Hash.Of([]);

    /// <summary>The hash of a leaf: SHA-256(0x00 ‖ text).</summary>
    public static Sha256Hash Leaf(ReadOnlySpan<byte> text) => Sha256Hash.Of(LeafPrefix, text);

    /// <summary>The hash of a node: SHA-256(0x01 ‖ left ‖ right).</summary>
    public static Sha256Hash Node(in Sha256Hash left, in Sha256Hash right)
    {
        Span<byte> bytes = stackalloc byte[1 + (2 * Sha256Hash.Size)];
        bytes[0] = NodePrefix;
        left.Bytes.CopyTo(bytes[1..]);
        right.Bytes.CopyTo(bytes[(1 + Sha256Hash.Size)..]);
        return Sha256Hash.Of(bytes);
    }
}
