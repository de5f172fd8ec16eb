using System.Buffers;

namespace Afterimage.Proof;

/// <summary>
/// The texts of a shard's leaves. Each method writes one and returns its hash for the tree; the text is what is kept, to be hashed again as it
/// stands. Nothing of the machine or the moment of writing goes in, so that a record read again gives the same leaf.
/// </summary>
internal static class LeafText
{
    /// <summary>The format that these leaves are of. Another one only begins with another shard.</summary>
    public const int Encoding = 1;

    private const int IntegerMax = 20;
    private const int FixedMax = 96;

    /// <summary>Writes the leaf of a change.</summary>
    /// <param name="into">The text's place.</param>
    /// <param name="at">When the change was made, as delivered: seconds since 1970.</param>
    /// <param name="eid">The entry's id.</param>
    /// <param name="index">The leaf's place in the shard's tree.</param>
    /// <param name="item">The hash over what the entry discloses.</param>
    /// <param name="op">INSERT, MODIFY or REMOVE.</param>
    /// <param name="seq">The sequence number, the same text as the entry's salts were made from.</param>
    /// <param name="isMark">Whether the change only marks the item as one that is about to be deleted.</param>
    /// <exception cref="FormatException">The time lies before 1970 or beyond what JSON keeps, or the sequence number is not made of digits.</exception>
    public static Sha256Hash WriteEntry(
        IBufferWriter<byte> into, long at, ReadOnlySpan<byte> eid, long index, in Sha256Hash item, ReadOnlySpan<byte> op, ReadOnlySpan<byte> seq, bool isMark = false)
    {
        if (at is < 0 or > TreeState.SizeMax)
        {
            throw new FormatException($"{at} is no number of seconds that a leaf can hold.");
        }

        if (seq.IsEmpty)
        {
            throw new FormatException("A change has a sequence number.");
        }

        CheckDigits(seq);
        var leaf = new LeafWriter(into, FixedMax + (2 * IntegerMax) + eid.Length + Sha256Hash.Base64Length + op.Length + seq.Length);
        leaf.Text("{\"at\":"u8);
        leaf.Integer(at);
        leaf.Text(",\"eid\":"u8);
        leaf.Quoted(eid);
        leaf.Text(",\"i\":"u8);
        leaf.Integer(index);
        leaf.Text(",\"item\":"u8);
        leaf.Hash(item);
        leaf.Text(",\"op\":"u8);
        leaf.Quoted(op);
        leaf.Text(",\"seq\":"u8);
        leaf.Quoted(seq);
        leaf.Text(isMark ? ",\"t\":\"mark\"}"u8 : ",\"t\":\"entry\"}"u8);
        return leaf.Finish();
    }

    /// <summary>Writes the leaf of a record that could not be read.</summary>
    /// <param name="into">The text's place.</param>
    /// <param name="eid">The entry's id.</param>
    /// <param name="index">The leaf's place in the shard's tree.</param>
    /// <param name="seq">The sequence number, if one could be found in the record; else empty.</param>
    /// <param name="record">The hash of every byte of the record.</param>
    /// <exception cref="FormatException">The sequence number is not made of digits.</exception>
    public static Sha256Hash WriteRaw(IBufferWriter<byte> into, ReadOnlySpan<byte> eid, long index, ReadOnlySpan<byte> seq, in Sha256Hash record)
    {
        CheckDigits(seq);
        var leaf = new LeafWriter(into, FixedMax + IntegerMax + eid.Length + seq.Length + Sha256Hash.Base64Length);
        leaf.Text("{\"eid\":"u8);
        leaf.Quoted(eid);
        leaf.Text(",\"i\":"u8);
        leaf.Integer(index);
        leaf.Text(",\"seq\":"u8);
        leaf.QuotedOrNull(seq);
        leaf.Text(",\"sha256\":"u8);
        leaf.Hash(record);
        leaf.Text(",\"t\":\"raw\"}"u8);
        return leaf.Finish();
    }

    /// <summary>Writes the leaf of a change whose entry another shard holds.</summary>
    /// <param name="into">The text's place.</param>
    /// <param name="eid">The entry's id.</param>
    /// <param name="index">The leaf's place in the shard's tree.</param>
    /// <param name="seq">The sequence number; empty where it could not be read.</param>
    /// <exception cref="FormatException">The sequence number is not made of digits.</exception>
    public static Sha256Hash WriteSeen(IBufferWriter<byte> into, ReadOnlySpan<byte> eid, long index, ReadOnlySpan<byte> seq)
    {
        CheckDigits(seq);
        var leaf = new LeafWriter(into, FixedMax + IntegerMax + eid.Length + seq.Length);
        leaf.Text("{\"eid\":"u8);
        leaf.Quoted(eid);
        leaf.Text(",\"i\":"u8);
        leaf.Integer(index);
        leaf.Text(",\"seq\":"u8);
        leaf.QuotedOrNull(seq);
        leaf.Text(",\"t\":\"seen\"}"u8);
        return leaf.Finish();
    }

    /// <summary>Writes a shard's first leaf, which holds it to its trail, its stream and the shard that it continues.</summary>
    /// <param name="into">The text's place.</param>
    /// <param name="trail">The trail's name, as canonical text with quotes.</param>
    /// <param name="stream">The stream, likewise.</param>
    /// <param name="shard">The shard, likewise.</param>
    /// <param name="parent">What comes before the shard.</param>
    public static Sha256Hash WriteOpen(
        IBufferWriter<byte> into, ReadOnlySpan<byte> trail, ReadOnlySpan<byte> stream, ReadOnlySpan<byte> shard, ShardParent parent)
    {
        var leaf = new LeafWriter(
            into, (2 * FixedMax) + (3 * IntegerMax) + trail.Length + stream.Length + shard.Length + parent.Shard.Length + Sha256Hash.Base64Length);
        leaf.Text("{\"enc\":"u8);
        leaf.Integer(Encoding);
        leaf.Text(",\"i\":0,\"parent\":"u8);
        if (parent.State is null)
        {
            leaf.Quoted(parent.IsUnread ? "unread"u8 : "beginning"u8);
        }
        else
        {
            leaf.Text("{\"root\":"u8);
            leaf.Hash(parent.State.Root());
            leaf.Text(",\"shard\":"u8);
            leaf.Text(parent.Shard);
            leaf.Text(",\"size\":"u8);
            leaf.Integer(parent.State.Size);
            leaf.Text("}"u8);
        }

        leaf.Text(",\"shard\":"u8);
        leaf.Text(shard);
        leaf.Text(",\"stream\":"u8);
        leaf.Text(stream);
        leaf.Text(",\"t\":\"open\",\"trail\":"u8);
        leaf.Text(trail);
        leaf.Text("}"u8);
        return leaf.Finish();
    }

    /// <summary>Writes the leaf of a gap.</summary>
    /// <param name="into">The text's place.</param>
    /// <param name="at">When it was found, in seconds since 1970: what is missing was written before. It is fixed once it is kept.</param>
    /// <param name="eid">The entry's id.</param>
    /// <param name="index">The leaf's place in the shard's tree.</param>
    /// <param name="gap">What is missing.</param>
    /// <exception cref="FormatException">A sequence number is not made of digits.</exception>
    public static Sha256Hash WriteGap(IBufferWriter<byte> into, long at, ReadOnlySpan<byte> eid, long index, GapText gap)
    {
        CheckDigits(gap.Last);
        CheckDigits(gap.Next);
        var leaf = new LeafWriter(into, (2 * FixedMax) + (2 * IntegerMax) + eid.Length + gap.Length);
        leaf.Text("{\"at\":"u8);
        leaf.Integer(at);
        leaf.Text(",\"cause\":"u8);
        leaf.Quoted(gap.Cause);
        leaf.Text(",\"certainty\":"u8);
        leaf.Quoted(gap.Certainty);
        leaf.Text(",\"eid\":"u8);
        leaf.Quoted(eid);
        leaf.Text(",\"i\":"u8);
        leaf.Integer(index);
        leaf.Text(",\"last\":"u8);
        leaf.QuotedOrNull(gap.Last);
        leaf.Text(",\"next\":"u8);
        leaf.QuotedOrNull(gap.Next);
        leaf.Text(",\"previous\":"u8);
        leaf.TextOrNull(gap.Previous);
        leaf.Text(",\"t\":\"gap\"}"u8);
        return leaf.Finish();
    }

    /// <summary>Writes the leaf of what became of a table's stream.</summary>
    /// <param name="into">The text's place.</param>
    /// <param name="at">When that was, in seconds since 1970.</param>
    /// <param name="eid">The entry's id.</param>
    /// <param name="what">What became of it.</param>
    /// <param name="from">From where the stream is read.</param>
    /// <param name="index">The leaf's place in the shard's tree.</param>
    public static Sha256Hash WriteLifecycle(
        IBufferWriter<byte> into, long at, ReadOnlySpan<byte> eid, ReadOnlySpan<byte> what, ReadOnlySpan<byte> from, long index)
    {
        var leaf = new LeafWriter(into, FixedMax + (2 * IntegerMax) + eid.Length + what.Length + from.Length);
        leaf.Text("{\"at\":"u8);
        leaf.Integer(at);
        leaf.Text(",\"eid\":"u8);
        leaf.Quoted(eid);
        leaf.Text(",\"event\":"u8);
        leaf.Quoted(what);
        leaf.Text(",\"from\":"u8);
        leaf.Quoted(from);
        leaf.Text(",\"i\":"u8);
        leaf.Integer(index);
        leaf.Text(",\"t\":\"lifecycle\"}"u8);
        return leaf.Finish();
    }

    /// <summary>Writes a shard's last leaf: it was closed and is read to its end.</summary>
    /// <param name="into">The text's place.</param>
    /// <param name="index">The leaf's place in the shard's tree.</param>
    /// <param name="count">How many leaves lie between the first one and this.</param>
    /// <param name="ending">The shard's ending sequence number as DynamoDB told it; empty where it told none.</param>
    /// <exception cref="FormatException">The sequence number is not made of digits.</exception>
    public static Sha256Hash WriteClose(IBufferWriter<byte> into, long index, long count, ReadOnlySpan<byte> ending)
    {
        CheckDigits(ending);
        var leaf = new LeafWriter(into, FixedMax + (2 * IntegerMax) + ending.Length);
        leaf.Text("{\"count\":"u8);
        leaf.Integer(count);
        leaf.Text(",\"ending\":"u8);
        leaf.QuotedOrNull(ending);
        leaf.Text(",\"i\":"u8);
        leaf.Integer(index);
        leaf.Text(",\"t\":\"close\"}"u8);
        return leaf.Finish();
    }

    private static void CheckDigits(ReadOnlySpan<byte> sequence)
    {
        if (sequence.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            throw new FormatException("A sequence number is made of digits.");
        }
    }
}
