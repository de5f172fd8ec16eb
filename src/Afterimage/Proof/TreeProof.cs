using System.Numerics;

namespace Afterimage.Proof;

/// <summary>
/// What shows, by a few hashes, that a leaf stands in a tree, or that one tree is the beginning of another (RFC 6962, section 2.1; checked as RFC 9162, section 2.1, says).
/// </summary>
internal static class TreeProof
{
    /// <summary>The hashes that lead from a leaf to the root, the leaf's neighbour first.</summary>
    /// <param name="leaves">The leaves' hashes.</param>
    /// <param name="index">The place of the leaf.</param>
    public static List<Sha256Hash> Inclusion(ReadOnlySpan<Sha256Hash> leaves, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leaves.Length);
        if (leaves.Length == 1)
        {
            return [];
        }

        var split = Split(leaves.Length);
        return index < split
            ? [.. Inclusion(leaves[..split], index), Root(leaves[split..])]
            : [.. Inclusion(leaves[split..], index - split), Root(leaves[..split])];
    }

    /// <summary>The root that a leaf and its path lead to.</summary>
    /// <param name="leaf">The leaf's hash.</param>
    /// <param name="index">Its place.</param>
    /// <param name="size">The number of leaves.</param>
    /// <param name="path">The hashes on the way.</param>
    /// <exception cref="FormatException">No tree of this size has a path of this length there.</exception>
    public static Sha256Hash Fold(Sha256Hash leaf, long index, long size, IReadOnlyList<Sha256Hash> path)
    {
        if (index < 0 || index >= size)
        {
            throw new FormatException($"A tree of {size} leaves has no leaf {index}.");
        }

        var (at, last, root) = (index, size - 1, leaf);
        foreach (var hash in path)
        {
            if (last == 0)
            {
                throw new FormatException($"The path of leaf {index} in a tree of {size} is too long.");
            }

            if ((at & 1) == 1 || at == last)
            {
                // A last node without a neighbour goes up as it is, level by level, until it is one of the right.
                root = MerkleTree.Node(hash, root);
                var levels = at == 0 ? 0 : BitOperations.TrailingZeroCount(at);
                (at, last) = (at >> levels, last >> levels);
            }
            else
            {
                root = MerkleTree.Node(root, hash);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 ? root : throw new FormatException($"The path of leaf {index} in a tree of {size} is too short.");
    }

    /// <summary>The hashes that show that the first leaves of a tree are all of an earlier one.</summary>
    /// <param name="leaves">The leaves' hashes.</param>
    /// <param name="first">How many the earlier tree has.</param>
    public static List<Sha256Hash> Consistency(ReadOnlySpan<Sha256Hash> leaves, int first)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, leaves.Length);
        return Consistency(leaves, first, isWhole: true);
    }

    /// <summary>Whether a tree is the beginning of another.</summary>
    /// <param name="first">The size of the earlier tree, at least 1.</param>
    /// <param name="firstRoot">Its root.</param>
    /// <param name="second">The size of the later one.</param>
    /// <param name="secondRoot">Its root.</param>
    /// <param name="proof">The hashes that show it.</param>
    public static bool IsConsistent(long first, Sha256Hash firstRoot, long second, Sha256Hash secondRoot, IReadOnlyList<Sha256Hash> proof)
    {
        if (first < 1 || first > second)
        {
            return false;
        }

        if (first == second)
        {
            return proof.Count == 0 && firstRoot == secondRoot;
        }

        // An earlier tree that is full stands as one node in the later one: its root is known and left out.
        List<Sha256Hash> hashes = BitOperations.IsPow2(first) ? [firstRoot, .. proof] : [.. proof];
        if (hashes.Count == 0)
        {
            return false;
        }

        var shift = BitOperations.TrailingZeroCount(first);
        var (at, last) = ((first - 1) >> shift, (second - 1) >> shift);
        var (old, @new) = (hashes[0], hashes[0]);
        foreach (var hash in hashes.Skip(1))
        {
            if (last == 0)
            {
                return false;
            }

            if ((at & 1) == 1 || at == last)
            {
                (old, @new) = (MerkleTree.Node(hash, old), MerkleTree.Node(hash, @new));
                var levels = at == 0 ? 0 : BitOperations.TrailingZeroCount(at);
                (at, last) = (at >> levels, last >> levels);
            }
            else
            {
                @new = MerkleTree.Node(@new, hash);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 && old == firstRoot && @new == secondRoot;
    }

    private static List<Sha256Hash> Consistency(ReadOnlySpan<Sha256Hash> leaves, int first, bool isWhole)
    {
        if (first == leaves.Length)
        {
            return isWhole ? [] : [Root(leaves)];
        }

        var split = Split(leaves.Length);
        return first <= split
            ? [.. Consistency(leaves[..split], first, isWhole), Root(leaves[split..])]
            : [.. Consistency(leaves[split..], first - split, isWhole: false), Root(leaves[..split])];
    }

    // The largest power of two below the size.
    private static int Split(int size) => 1 << BitOperations.Log2((uint)(size - 1));

    private static Sha256Hash Root(ReadOnlySpan<Sha256Hash> leaves) => TreeState.Empty.Append(leaves).Root();
}
