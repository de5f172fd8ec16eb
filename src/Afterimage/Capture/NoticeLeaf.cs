using System.Buffers;
using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail;
using Afterimage.Trail.Bodies;

namespace Afterimage.Capture;

/// <summary>Leaves of entries that no record stands behind: gaps, and what became of a stream.</summary>
/// <param name="stream">The stream.</param>
/// <param name="shard">The shard that they are kept in.</param>
internal sealed class NoticeLeaf(StreamArn stream, ShardId shard)
{
    /// <summary>The leaf of a gap in what a stream held, in this place.</summary>
    public TrailLeaf Gap(ShardGap gap, long index) => Gap(
        new EntryGap(gap.Last?.Text, gap.Next?.Text, gap.Cause, gap.Certainty, Previous: null),
        EntryId.OfGap(stream.Value, shard.Value, gap.Last, gap.Cause),
        gap.FoundAt,
        index);

    /// <summary>The leaf that says how the reading of the stream begins: with the table's first, or after another one.</summary>
    public TrailLeaf Beginning(StreamBeginning beginning, long index) => beginning.Previous is { } previous
        ? Gap(
            new EntryGap(null, null, GapCause.ReEnabled, GapCertainty.Possible, previous.Value),
            EntryId.OfGap(stream.Value, shard.Value, null, GapCause.ReEnabled),
            beginning.At,
            index)
        : Lifecycle(new EntryLifecycle(LifecycleEvent.Begin, beginning.From), beginning.At, index);

    private static TrailLeaf Gap(EntryGap gap, EntryId id, DateTimeOffset foundAt, long index)
    {
        var text = new ArrayBufferWriter<byte>();
        var hash = LeafText.WriteGap(text, foundAt.ToUnixTimeSeconds(), Ascii(id.Value), index, new GapText
        {
            Cause = Ascii(EntryWords.Of(gap.Cause)),
            Certainty = Ascii(EntryWords.Of(gap.Certainty)),
            Last = Ascii(gap.Last),
            Next = Ascii(gap.Next),
            Previous = gap.Previous is null ? default : Encoding.UTF8.GetBytes(CanonicalText.Of(gap.Previous)),
        });
        return Leaf(EntryKind.Gap, id, foundAt, text.WrittenMemory, hash);
    }

    private TrailLeaf Lifecycle(EntryLifecycle lifecycle, DateTimeOffset at, long index)
    {
        var id = EntryId.OfLifecycle(stream.Table, stream.Value, lifecycle.Event);
        var text = new ArrayBufferWriter<byte>();
        var hash = LeafText.WriteLifecycle(
            text, at.ToUnixTimeSeconds(), Ascii(id.Value), Ascii(EntryWords.Of(lifecycle.Event)), Ascii(EntryWords.Of(lifecycle.From)), index);
        return Leaf(EntryKind.Lifecycle, id, at, text.WrittenMemory, hash);
    }

    // The leaf says all there is of the entry; times in it are in seconds.
    private static TrailLeaf Leaf(EntryKind kind, EntryId id, DateTimeOffset at, ReadOnlyMemory<byte> text, Sha256Hash hash) =>
        new(text, hash, new CommittedEntry { Id = id, Kind = kind, Time = DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds()), IsAttributed = true, Body = BodyWriter.Notice });

    private static byte[] Ascii(string? text) => Encoding.ASCII.GetBytes(text ?? string.Empty);
}
