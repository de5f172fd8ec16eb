using System.Buffers;

namespace Afterimage.Proof;

/// <summary>The texts of leaves that say what was done to the trail itself.</summary>
internal static class AdminText
{
    private const int FixedMax = 128;

    /// <summary>Writes the first leaf.</summary>
    /// <param name="into">The text's place.</param>
    /// <param name="trail">The trail's name, as canonical text with quotes.</param>
    public static Sha256Hash WriteOpen(IBufferWriter<byte> into, ReadOnlySpan<byte> trail) =>
        LeafText.WriteOpen(into, trail, "null"u8, "\"_admin\""u8, ShardParent.Beginning);

    /// <summary>Writes that entries of a shard are read by these rules from one on.</summary>
    /// <param name="into">The text's place.</param>
    /// <param name="at">When it was noted, in seconds since 1970.</param>
    /// <param name="from">The place of the first such entry in its shard.</param>
    /// <param name="index">The leaf's place.</param>
    /// <param name="rules">The rules as canonical text.</param>
    /// <param name="shard">The shard's name in the log, as canonical text with quotes.</param>
    public static Sha256Hash WriteConfiguration(IBufferWriter<byte> into, long at, long from, long index, ReadOnlySpan<byte> rules, ReadOnlySpan<byte> shard)
    {
        var leaf = new LeafWriter(into, FixedMax + rules.Length + shard.Length);
        leaf.Text("{\"at\":"u8);
        leaf.Integer(at);
        leaf.Text(",\"from\":"u8);
        leaf.Integer(from);
        leaf.Text(",\"i\":"u8);
        leaf.Integer(index);
        leaf.Text(",\"rules\":"u8);
        leaf.Text(rules);
        leaf.Text(",\"shard\":"u8);
        leaf.Text(shard);
        leaf.Text(",\"t\":\"configuration\"}"u8);
        return leaf.Finish();
    }

    /// <summary>Writes that somebody took note of a gap.</summary>
    /// <param name="into">The text's place.</param>
    /// <param name="at">When, in seconds since 1970.</param>
    /// <param name="eid">The gap's id.</param>
    /// <param name="index">The leaf's place.</param>
    /// <param name="reason">What they say about it, as canonical text with quotes.</param>
    public static Sha256Hash WriteAcknowledged(IBufferWriter<byte> into, long at, ReadOnlySpan<byte> eid, long index, ReadOnlySpan<byte> reason)
    {
        var leaf = new LeafWriter(into, FixedMax + eid.Length + reason.Length);
        leaf.Text("{\"at\":"u8);
        leaf.Integer(at);
        leaf.Text(",\"eid\":"u8);
        leaf.Quoted(eid);
        leaf.Text(",\"i\":"u8);
        leaf.Integer(index);
        leaf.Text(",\"reason\":"u8);
        leaf.Text(reason);
        leaf.Text(",\"t\":\"acknowledged\"}"u8);
        return leaf.Finish();
    }
}
