using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>A block of leaves with the items of their entries.</summary>
/// <param name="Shard">Its shard.</param>
/// <param name="Block">The block.</param>
/// <param name="Rules">The text of the rules that its entries are read by.</param>
/// <param name="Kept">What is kept of each leaf's entry; null where the leaf has none.</param>
internal sealed record DynamoRun(TrailShard Shard, LeafBlock Block, string Rules, IReadOnlyList<KeptEntry?> Kept) : StoredRun(Shard, Block.First, Rules)
{
    /// <inheritdoc/>
    public override bool HasEntries => Block.HasEntries;

    /// <inheritdoc/>
    public override void Open(OpenedRun into)
    {
        into.TextParts.Parts.Clear();
        into.TextParts.Parts.AddRange(Block.Leaves.Select(leaf => leaf.Text));
        into.BodyParts.Parts.Clear();
        into.BodyParts.Parts.AddRange(Kept.Select(entry => entry is null ? default : entry.Body ?? throw new FormatException(entry.Fault)));
    }
}

/// <summary>What is kept of an entry.</summary>
/// <param name="Item">Its item; null if there is none.</param>
/// <param name="Pointer">Where its id leads; null if nowhere.</param>
/// <param name="Body">What is kept besides its leaf; null if that cannot be read.</param>
/// <param name="Fault">Why it cannot be.</param>
internal sealed record KeptEntry(Item? Item, ItemKey? Pointer, ReadOnlyMemory<byte>? Body, string? Fault);
