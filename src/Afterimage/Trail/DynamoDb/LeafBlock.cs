using System.Text;
using Afterimage.Entries.Raw;
using Afterimage.Streams.Records;
using Afterimage.Trail.Bodies;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>Leaves of a shard that were kept together, in its order: their texts, and where the items of their entries are.</summary>
/// <param name="First">The place of the first.</param>
/// <param name="Claim">Under which claim they were written.</param>
/// <param name="Rules">The hash of the rules that their entries are read by.</param>
/// <param name="Leaves">The leaves.</param>
internal sealed record LeafBlock(long First, string Claim, string Rules, IReadOnlyList<BlockLeaf> Leaves)
{
    // Some 300 bytes a leaf before they are compressed: a block stays far below what an item may have, and one read of a page brings several.
    public const int LeavesMax = 256;

    /// <summary>Whether there are entries among the leaves.</summary>
    public bool HasEntries => Leaves.Any(leaf => leaf.Entry is not null);

    /// <summary>The place behind the last.</summary>
    public long End => First + Leaves.Count;

    /// <summary>The items that leaves are kept in.</summary>
    /// <param name="stream">Their stream.</param>
    /// <param name="shard">Their shard.</param>
    /// <param name="first">The place of the first.</param>
    /// <param name="leaves">The leaves.</param>
    /// <param name="claim">Under which claim they are written.</param>
    /// <param name="rules">The hash of the rules that their entries are read by.</param>
    public static IEnumerable<NewItem> Make(StreamArn stream, ShardId shard, long first, IReadOnlyList<BlockLeaf> leaves, string claim, string rules)
    {
        foreach (var some in leaves.Chunk(LeavesMax))
        {
            var content = new ByteBuffer();
            foreach (var leaf in some)
            {
                Append(content, leaf.Text.Span);
                Append(content, Encoding.UTF8.GetBytes(leaf.Entry?.Partition ?? string.Empty));
                Append(content, Encoding.UTF8.GetBytes(leaf.Entry?.Sort ?? string.Empty));
            }

            yield return NewItem.Of(
                Layout.BlockOf(stream, shard, first, claim),
                ("leaves", Cell.Of(Compressed.Of(content.Written))),
                ("rules", Cell.Of(rules)));
            first += some.Length;
        }
    }

    /// <summary>A block as it is kept.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static LeafBlock Read(Item item)
    {
        var (place, claim) = item.Key.Sort.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space
            ? (long.Parse(item.Key.Sort.AsSpan(0, space), System.Globalization.CultureInfo.InvariantCulture), item.Key.Sort[(space + 1)..])
            : throw new FormatException($"{item.Key} is not the key of leaves.");
        var cursor = new BodyCursor(Compressed.Read(item.Bytes("leaves")));
        var leaves = new List<BlockLeaf>();
        while (!cursor.IsAtEnd)
        {
            var text = cursor.Text();
            var key = new ItemKey(Encoding.UTF8.GetString(cursor.Text().Span), Encoding.UTF8.GetString(cursor.Text().Span));
            leaves.Add(new BlockLeaf(text, key.Sort.Length == 0 ? null : key));
        }

        return new LeafBlock(place, claim, item.Text("rules"), leaves);
    }

    private static void Append(ByteBuffer content, ReadOnlySpan<byte> part)
    {
        content.AppendLength(part.Length);
        content.Append(part);
    }
}

/// <summary>A leaf.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Entry">Where the item of its entry is; null where it has none.</param>
internal sealed record BlockLeaf(ReadOnlyMemory<byte> Text, ItemKey? Entry);
