using Afterimage.Entries;
using Afterimage.Proof;

namespace Afterimage.Trail;

/// <summary>Everything that a trail kept up to one moment, for whoever checks it. What is kept later does not show.</summary>
public interface ITrailInspection
{
    /// <summary>The rows of the shards.</summary>
    IReadOnlyList<TrailShard> Shards { get; }

    /// <summary>The tree of what was done to the trail itself.</summary>
    TreeState Administration { get; }

    /// <summary>How many entries wait for their places, once the rest was compared: they came without a shard, and no tree has them yet.</summary>
    long Waiting { get; }

    /// <summary>What is kept of a shard, in its order, as far as it follows on.</summary>
    IAsyncEnumerable<StoredRun> RunsAsync(TrailShard shard, CancellationToken ct);

    /// <summary>Compares what entries are found by with what they would be found by if they were kept now. It may be called for several runs at once.</summary>
    /// <param name="run">What is kept.</param>
    /// <param name="expected">What its leaves stand for; null for those without an entry.</param>
    /// <returns>The places of those that differ, and how.</returns>
    IReadOnlyList<(long Place, string What)> Compare(StoredRun run, IReadOnlyList<CommittedEntry?> expected);

    /// <summary>Compares the rest once every run was compared: what finds entries that are not there, or none where there are.</summary>
    /// <param name="expect">Works out what the leaves of a run stand for.</param>
    /// <param name="acknowledged">What was said about gaps.</param>
    /// <param name="ct">Gives up.</param>
    Task<IReadOnlyList<string>> CompareRestAsync(
        Func<StoredRun, IReadOnlyList<CommittedEntry?>> expect, IReadOnlyDictionary<EntryId, Acknowledgement> acknowledged, CancellationToken ct);
}

/// <summary>Leaves that were kept together, with what is kept besides.</summary>
/// <param name="Shard">Their shard.</param>
/// <param name="First">The place of the first.</param>
/// <param name="Rules">The text of the rules their entries are read by.</param>
public abstract record StoredRun(TrailShard Shard, long First, string Rules)
{
    /// <summary>Whether there are entries among the leaves.</summary>
    public abstract bool HasEntries { get; }

    /// <summary>Takes the run apart.</summary>
    /// <param name="into">Where its parts come to lie, in place of those of the run before.</param>
    /// <exception cref="FormatException">What is kept cannot be taken apart.</exception>
    public abstract void Open(OpenedRun into);
}

/// <summary>What somebody said about a gap.</summary>
/// <param name="At">When.</param>
/// <param name="Reason">Why it is there.</param>
public sealed record Acknowledgement(DateTimeOffset At, string Reason);
