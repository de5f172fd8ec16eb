using System.Buffers;
using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;

namespace Afterimage.Trail;

/// <summary>Leaves that stand for no entry of their shard.</summary>
internal static class LeafOf
{
    /// <summary>The first leaf of a shard.</summary>
    /// <param name="trail">The trail's name.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="parent">The shard that it continues, read to its end; null where there is none, or none that was read.</param>
    /// <param name="isUnread">Whether it continues one that was not read.</param>
    public static TrailLeaf Open(string trail, StreamArn stream, ShardId shard, TrailShard? parent, bool isUnread)
    {
        var text = new ArrayBufferWriter<byte>();
        var before = parent is not null ? ShardParent.Read(Canonical(parent.Progress.Shard.Value), parent.Tree)
            : isUnread ? ShardParent.Unread : ShardParent.Beginning;
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

    /// <summary>The leaf of a change, in this place, whose entry came by the intake.</summary>
    public static TrailLeaf Seen(CommittedEntry entry, long index)
    {
        var text = new ArrayBufferWriter<byte>();
        var hash = LeafText.WriteSeen(text, Encoding.ASCII.GetBytes(entry.Id.Value), index, Encoding.ASCII.GetBytes(entry.SequenceNumber?.Text ?? string.Empty));
        return new TrailLeaf(text.WrittenMemory, hash, null);
    }

    private static byte[] Canonical(string text) => Encoding.UTF8.GetBytes(CanonicalText.Of(text));
}
