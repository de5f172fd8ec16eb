using Afterimage.Proof;

namespace Afterimage.Trail;

/// <summary>What shows that a trail was not altered: the log of its shards' heads, the checkpoints over it, and what was done to the trail itself.</summary>
/// <remarks>Whatever is added is added on a condition; of two who add at once the second is told so, and nothing is overwritten.</remarks>
public interface ITrailLog
{
    /// <summary>Where the log ends.</summary>
    Task<LogEnd> EndAsync(CancellationToken ct);

    /// <summary>The trees that have grown since their last head was put into the log.</summary>
    Task<IReadOnlyList<GrownTree>> GrownAsync(CancellationToken ct);

    /// <summary>The leaves of a tree from one place up to another, as they are kept.</summary>
    IAsyncEnumerable<LeafRun> LeavesAsync(TreeName tree, long from, long to, CancellationToken ct);

    /// <summary>The leaf in one place of a shard, and what is kept of its entry besides; null if there is none.</summary>
    Task<StoredLeaf?> LeafAsync(TreeName tree, long place, CancellationToken ct);

    /// <summary>Adds heads to the log, if it still ends where it did.</summary>
    /// <returns>Whether they were added. If not, another sealer was first.</returns>
    Task<bool> TryAppendAsync(LogAppend append, CancellationToken ct);

    /// <summary>The log's leaves from a place on.</summary>
    IAsyncEnumerable<LogRow> ReadAsync(long from, CancellationToken ct);

    /// <summary>The heads of one tree, in the order of the log.</summary>
    IAsyncEnumerable<PlacedHead> HeadsAsync(TreeName tree, CancellationToken ct);

    /// <summary>Makes a signed checkpoint known, unless a larger one is.</summary>
    Task PublishAsync(SignedCheckpoint checkpoint, CancellationToken ct);

    /// <summary>The largest checkpoint that was made known; null before the first.</summary>
    Task<SignedCheckpoint?> NewestCheckpointAsync(CancellationToken ct);

    /// <summary>Every checkpoint, by size, as it is kept.</summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>> CheckpointsAsync(CancellationToken ct);

    /// <summary>Says in the trail's own tree from where on shards are read by which rules.</summary>
    Task NoteRulesAsync(IReadOnlyList<RulesInForce> rules, DateTimeOffset at, CancellationToken ct);
}

/// <summary>Where a log ends.</summary>
/// <param name="Tree">Its tree.</param>
/// <param name="Epoch">The number of the last seal; 0 before the first.</param>
/// <param name="Time">When that was; null before the first.</param>
public sealed record LogEnd(TreeState Tree, long Epoch, DateTimeOffset? Time);

/// <summary>A tree that has more leaves than the log knows of.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sealed">The tree as the sealer knew it.</param>
/// <param name="SealedRules">The text of the rules that were last said to be in force in it; null where none were.</param>
/// <param name="Tree">The tree as its row says it is now.</param>
/// <param name="IsEnd">Whether nothing may follow.</param>
public sealed record GrownTree(TreeName Name, TreeState Sealed, string? SealedRules, TreeState Tree, bool IsEnd);

/// <summary>Leaves that follow each other in a tree and were kept together.</summary>
/// <param name="First">The place of the first.</param>
/// <param name="Texts">Their texts.</param>
/// <param name="Rules">The text of the rules their entries are read by; null where there are no entries.</param>
public sealed record LeafRun(long First, IReadOnlyList<ReadOnlyMemory<byte>> Texts, string? Rules);

/// <summary>A leaf as it is kept.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Body">What is kept of its entry besides; empty where it has none.</param>
public sealed record StoredLeaf(ReadOnlyMemory<byte> Text, ReadOnlyMemory<byte> Body);

/// <summary>A tree that was sealed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Tree">The tree that its head stands for.</param>
/// <param name="Rules">The text of the rules that were last said to be in force in it.</param>
public sealed record SealedTree(TreeName Name, TreeState Tree, string? Rules);

/// <summary>A leaf of the log, ready to be kept.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Head">The tree whose head it is; null for the end of a seal.</param>
public sealed record LogText(ReadOnlyMemory<byte> Text, SealedTree? Head);

/// <summary>A leaf of the log as it is kept.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Tree">The tree that the trail finds it by; null for the end of a seal.</param>
public sealed record LogRow(ReadOnlyMemory<byte> Text, TreeName? Tree);

/// <summary>A head and where it stands in the log.</summary>
/// <param name="Place">Its place.</param>
/// <param name="Text">Its text.</param>
/// <param name="Seal">The text of the end of its seal; empty where there is none.</param>
/// <param name="SealBefore">The text of the end of the seal before; empty for the first.</param>
public sealed record PlacedHead(long Place, ReadOnlyMemory<byte> Text, ReadOnlyMemory<byte> Seal, ReadOnlyMemory<byte> SealBefore);

/// <summary>One seal, to be kept.</summary>
/// <param name="Before">Where the log ends: the condition.</param>
/// <param name="After">Where it is to end.</param>
/// <param name="Leaves">The leaves between.</param>
public sealed record LogAppend(LogEnd Before, LogEnd After, IReadOnlyList<LogText> Leaves);

/// <summary>Rules that entries are read by.</summary>
/// <param name="Tree">The shard's tree.</param>
/// <param name="From">The place of the first such entry.</param>
/// <param name="Rules">The rules' text.</param>
public sealed record RulesInForce(TreeName Tree, long From, string Rules);
