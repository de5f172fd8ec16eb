using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Trail;

namespace Afterimage.Capture;

/// <summary>The end of a shard's tree, where the next leaves are made.</summary>
internal sealed class ShardTail : IDisposable
{
    /// <summary>The end of a shard.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="rules">What is configured for the table.</param>
    /// <param name="saltKey">The shard's secret.</param>
    /// <param name="row">Where it stands; null before anything of it was kept.</param>
    /// <param name="stamps">Tells what stamps are worth.</param>
    public ShardTail(StreamArn stream, ShardId shard, TableRules rules, ReadOnlySpan<byte> saltKey, TrailShard? row, StampStandings stamps)
    {
        Committer = new EntryCommitter(stream, shard, rules, saltKey);
        Tree = row?.Tree ?? TreeState.Empty;
        LastTime = row?.LastEntryTime;
        Stamps = stamps;
    }

    /// <summary>Makes the leaves of records.</summary>
    public EntryCommitter Committer { get; }

    /// <summary>What the stamps of its records are worth.</summary>
    public StampStandings Stamps { get; }

    /// <summary>The tree so far.</summary>
    public TreeState Tree { get; private set; }

    /// <summary>The time of the newest entry.</summary>
    public DateTimeOffset? LastTime { get; private set; }

    /// <summary>Goes on behind what was kept.</summary>
    public void Advance(TrailAppend kept)
    {
        Tree = kept.Tree;
        LastTime = kept.Entries.LastOrDefault(entry => entry.IsOfRecord)?.Time ?? LastTime;
    }

    /// <inheritdoc/>
    public void Dispose() => Committer.Dispose();
}
