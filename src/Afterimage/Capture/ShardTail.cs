using System.Buffers;
using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Trail;

namespace Afterimage.Capture;

/// <summary>The end of a shard's tree, where the next leaves are made.</summary>
/// <param name="committer">Makes the leaves of records.</param>
/// <param name="tree">The tree so far.</param>
/// <param name="lastTime">The time of the newest entry.</param>
internal sealed class ShardTail(EntryCommitter committer, TreeState tree, DateTimeOffset? lastTime) : IDisposable
{
    /// <summary>Makes the leaves of records.</summary>
    public EntryCommitter Committer => committer;

    /// <summary>The tree so far.</summary>
    public TreeState Tree { get; private set; } = tree;

    /// <summary>The time of the newest entry.</summary>
    public DateTimeOffset? LastTime { get; private set; } = lastTime;

    /// <summary>The first leaf of a shard.</summary>
    public static TrailLeaf Open(string trail, StreamArn stream, ShardId shard, TrailShard? parent)
    {
        var text = new ArrayBufferWriter<byte>();
        var before = parent is null ? ShardParent.Beginning : ShardParent.Read(Canonical(parent.Progress.Shard.Value), parent.Tree);
        var hash = LeafText.WriteOpen(text, Canonical(trail), Canonical(stream.Value), Canonical(shard.Value), before);
        return new TrailLeaf(text.WrittenMemory, hash, null);
    }

    /// <summary>The last leaf of a shard, in this place.</summary>
    public static TrailLeaf Close(long index)
    {
        var text = new ArrayBufferWriter<byte>();
        var hash = LeafText.WriteClose(text, index, count: index - 1, ending: default);
        return new TrailLeaf(text.WrittenMemory, hash, null);
    }

    /// <summary>Goes on behind what was kept.</summary>
    public void Advance(TrailAppend kept)
    {
        Tree = kept.Tree;
        LastTime = kept.Entries.LastOrDefault()?.Time ?? LastTime;
    }

    /// <inheritdoc/>
    public void Dispose() => committer.Dispose();

    private static byte[] Canonical(string text) => Encoding.UTF8.GetBytes(CanonicalText.Of(text));
}
