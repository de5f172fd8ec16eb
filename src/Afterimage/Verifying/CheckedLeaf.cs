using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Trail;

namespace Afterimage.Verifying;

/// <summary>A leaf that was checked by itself.</summary>
/// <param name="Hash">Its hash in the tree.</param>
/// <param name="Leaf">What it says; null if that could not be read.</param>
/// <param name="Entry">What its entry would be kept as; null if it has none, or none that could be made out.</param>
/// <param name="Problem">What is wrong with it, or with what is kept besides.</param>
internal sealed record CheckedLeaf(Sha256Hash Hash, ShardLeaf? Leaf, CommittedEntry? Entry, Finding? Problem)
{
    /// <summary>The gap that it stands for; null if it is none.</summary>
    public AuditEntry? Gap { get; init; }

    /// <summary>The stamp that may tell who made the change; null if none may.</summary>
    public StampUse? Stamp { get; init; }

    /// <summary>What is kept of the stamp's worth.</summary>
    public StampStanding Standing { get; init; }
}

/// <summary>A run of leaves that were checked by themselves.</summary>
/// <param name="Run">What is kept.</param>
/// <param name="Leaves">The leaves.</param>
/// <param name="Problems">What is wrong with the run as a whole.</param>
internal sealed record CheckedRun(StoredRun Run, IReadOnlyList<CheckedLeaf> Leaves, IReadOnlyList<Finding> Problems);
