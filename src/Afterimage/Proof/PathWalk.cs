namespace Afterimage.Proof;

/// <summary>Makes the path from a leaf to the root while the leaves pass by, one after the other: however many there are, it holds a few hashes.</summary>
internal sealed class PathWalk
{
    // The parts of the tree whose roots are the path, the leaf's neighbour first.
    private readonly List<(long From, long To)> parts = [];
    private readonly Dictionary<long, Sha256Hash> roots = [];
    private readonly long index;
    private readonly long size;
    private TreeState part = TreeState.Empty;
    private long next;

    /// <summary>A path for a leaf of a tree.</summary>
    /// <param name="index">The leaf's place.</param>
    /// <param name="size">How many leaves the tree has.</param>
    public PathWalk(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        (this.index, this.size) = (index, size);
        for (var (from, to) = (0L, size); to - from > 1;)
        {
            var split = from + Split(to - from);
            parts.Add(index < split ? (split, to) : (from, split));
            (from, to) = index < split ? (from, split) : (split, to);
        }

        parts.Reverse();
    }

    /// <summary>The path. Every leaf has to have passed by.</summary>
    public IReadOnlyList<Sha256Hash> Path => next == size
        ? [.. parts.Select(found => roots[found.From])]
        : throw new InvalidOperationException($"{next} of {size} leaves have passed by.");

    /// <summary>Takes the hash of the next leaf; those behind the tree's last one are passed over.</summary>
    public void Take(Sha256Hash leaf)
    {
        if (next == size)
        {
            return;
        }

        var at = next++;
        if (at == index)
        {
            return;
        }

        part = part.Append(leaf);
        var (from, to) = parts.Find(found => found.From <= at && at < found.To);
        if (next == to)
        {
            roots[from] = part.Root();
            part = TreeState.Empty;
        }
    }

    // The largest power of two below the size.
    private static long Split(long size) => 1L << System.Numerics.BitOperations.Log2((ulong)(size - 1));
}
