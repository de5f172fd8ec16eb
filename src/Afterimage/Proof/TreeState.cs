using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Afterimage.Proof;

/// <summary>
/// All that must be known of a tree to go on with it: its size, and the root of each full subtree it is made of, one for every 1 among the
/// bits of the size. A state does not change; appending gives the next one.
/// </summary>
public sealed class TreeState : IEquatable<TreeState>
{
    /// <summary>The most leaves a tree can have: the largest integer that every reader of JSON keeps exactly.</summary>
    public const long SizeMax = (1L << 53) - 1;

    private const int SubtreesMax = 64;
    private const int SizeBytes = sizeof(long);

    // The largest subtree first, which is the leftmost.
    private readonly Sha256Hash[] subtrees;

    private TreeState(long size, ReadOnlySpan<Sha256Hash> subtrees)
    {
        Size = size;
        this.subtrees = subtrees.ToArray();
    }

    /// <summary>The tree without leaves.</summary>
    public static TreeState Empty { get; } = new(0, []);

    /// <summary>How many leaves it has.</summary>
    public long Size { get; }

    /// <summary>The state after more leaves, given by their hashes. Any way of cutting the leaves into calls ends in the same state.</summary>
    /// <exception cref="InvalidOperationException">The tree would have more than <see cref="SizeMax"/> leaves.</exception>
    public TreeState Append(params ReadOnlySpan<Sha256Hash> leaves)
    {
        if (leaves.Length > SizeMax - Size)
        {
            throw new InvalidOperationException($"A tree has at most {SizeMax} leaves.");
        }

        Span<Sha256Hash> stack = stackalloc Sha256Hash[SubtreesMax];
        subtrees.CopyTo(stack);
        var depth = subtrees.Length;
        var size = Size;
        foreach (ref readonly var leaf in leaves)
        {
            // As in adding one to the size: every 1 at its end carries, and every carry joins two subtrees of one height.
            var hash = leaf;
            for (var bits = size; (bits & 1) == 1; bits >>= 1)
            {
                hash = MerkleTree.Node(stack[--depth], hash);
            }

            stack[depth++] = hash;
            size++;
        }

        return new TreeState(size, stack[..depth]);
    }

    /// <summary>The tree's root.</summary>
    public Sha256Hash Root()
    {
        if (subtrees.Length == 0)
        {
            return MerkleTree.EmptyRoot;
        }

        var root = subtrees[^1];
        for (var at = subtrees.Length - 2; at >= 0; at--)
        {
            root = MerkleTree.Node(subtrees[at], root);
        }

        return root;
    }

    /// <summary>The state as bytes: the size in eight, most significant first, then 32 for each subtree, the largest first.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[SizeBytes + (Sha256Hash.Size * subtrees.Length)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Size);
        MemoryMarshal.AsBytes(subtrees.AsSpan()).CopyTo(bytes.AsSpan(SizeBytes));
        return bytes;
    }

    /// <summary>A state that was kept.</summary>
    /// <exception cref="FormatException">The bytes are no state: the size is out of range or does not fit the number of hashes.</exception>
    public static TreeState Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < SizeBytes)
        {
            throw new FormatException($"A tree's state has at least {SizeBytes} bytes, not {bytes.Length}.");
        }

        var size = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (size is < 0 or > SizeMax)
        {
            throw new FormatException($"A tree cannot have {size} leaves.");
        }

        var expected = SizeBytes + (Sha256Hash.Size * BitOperations.PopCount((ulong)size));
        return bytes.Length == expected
            ? new TreeState(size, MemoryMarshal.Cast<byte, Sha256Hash>(bytes[SizeBytes..]))
            : throw new FormatException($"The state of a tree of {size} leaves has {expected} bytes, not {bytes.Length}.");
    }

    /// <inheritdoc/>
    public bool Equals(TreeState? other) => other is not null && Size == other.Size && subtrees.AsSpan().SequenceEqual(other.subtrees);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TreeState);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Size, subtrees.Length == 0 ? default : subtrees[^1]);

    /// <inheritdoc/>
    public override string ToString() => $"{Size} leaves, root {Root().ToBase64()}";
}
