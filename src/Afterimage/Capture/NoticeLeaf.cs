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
/// <param name="rules">What is configured for the table.</param>
internal sealed class NoticeLeaf(StreamArn stream, ShardId shard, TableRules rules)
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

    private TrailLeaf Gap(EntryGap gap, EntryId id, DateTimeOffset foundAt, long index)
    {
        var entry = Entry(EntryKind.Gap, id, foundAt, index) with { Gap = gap };
        var text = new ArrayBufferWriter<byte>();
        var hash = LeafText.WriteGap(text, entry.Time.ToUnixTimeSeconds(), Ascii(id.Value), index, new GapText
        {
            Cause = Ascii(EntryWords.Of(gap.Cause)),
            Certainty = Ascii(EntryWords.Of(gap.Certainty)),
            Last = Ascii(gap.Last),
            Next = Ascii(gap.Next),
            Previous = gap.Previous is null ? default : Encoding.UTF8.GetBytes(CanonicalText.Of(gap.Previous)),
        });
        return Leaf(text.WrittenMemory, hash, entry);
    }

    private TrailLeaf Lifecycle(EntryLifecycle lifecycle, DateTimeOffset at, long index)
    {
        var entry = Entry(EntryKind.Lifecycle, EntryId.OfLifecycle(stream.Table, stream.Value, lifecycle.Event), at, index) with { Lifecycle = lifecycle };
        var text = new ArrayBufferWriter<byte>();
        var hash = LeafText.WriteLifecycle(
            text, entry.Time.ToUnixTimeSeconds(), Ascii(entry.Id.Value), Ascii(EntryWords.Of(lifecycle.Event)), Ascii(EntryWords.Of(lifecycle.From)), index);
        return Leaf(text.WrittenMemory, hash, entry);
    }

    private AuditEntry Entry(EntryKind kind, EntryId id, DateTimeOffset time, long index) => new()
    {
        Id = id,
        Kind = kind,
        Table = stream.Table,
        Service = rules.Service,
        Time = time,
        Actor = Actor.Unknown,
        Stream = new StreamOrigin(stream.Value, null, null, null, null, null, null),
        ShardId = shard.Value,
        Index = index,
    };

    private static TrailLeaf Leaf(ReadOnlyMemory<byte> text, Sha256Hash hash, AuditEntry entry)
    {
        var body = new BodyWriter();
        body.WriteJson(EntryJson.ToUtf8(entry));
        return new TrailLeaf(text, hash, new CommittedEntry { Id = entry.Id, Kind = entry.Kind, Time = entry.Time, IsAttributed = true, Body = body.Written.ToArray() });
    }

    private static byte[] Ascii(string? text) => Encoding.ASCII.GetBytes(text ?? string.Empty);
}
