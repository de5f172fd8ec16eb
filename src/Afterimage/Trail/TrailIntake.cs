using System.Buffers;
using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;

namespace Afterimage.Trail;

/// <summary>Entries that come without a shard's lease.</summary>
/// <param name="Stream">The stream that the changes are of.</param>
/// <param name="Leaves">Their leaves, each made for <see cref="NoPlace"/>.</param>
/// <param name="Rules">What was configured for the table.</param>
public sealed record TrailIntake(StreamArn Stream, IReadOnlyList<TrailLeaf> Leaves, TableRules Rules)
{
    /// <summary>The place that leaves are made for which have none yet: they are made again when they get it.</summary>
    public const long NoPlace = 0;

    /// <summary>What an entry says of its place before it has one.</summary>
    public const long Waiting = -1;

    /// <summary>A leaf in the place that it got.</summary>
    /// <exception cref="FormatException">It is not the leaf of a change, or of a record that could not be read.</exception>
    internal static TrailLeaf Placed(TrailLeaf leaf, long place)
    {
        var header = ShardLeaf.Read(leaf.Text.Span);
        var (text, eid, seq) = (new ArrayBufferWriter<byte>(), Encoding.ASCII.GetBytes(header.EntryId ?? string.Empty), Encoding.ASCII.GetBytes(header.Seq ?? string.Empty));
        var hash = header.Kind switch
        {
            "entry" or "mark" => LeafText.WriteEntry(
                text, header.At, eid, place, header.Item!.Value, Encoding.ASCII.GetBytes(header.Op!), seq, isMark: header.Kind == "mark"),
            "raw" => LeafText.WriteRaw(text, eid, place, seq, header.Sha256!.Value),
            _ => throw new FormatException($"A leaf of kind '{header.Kind}' is not one that comes without a shard."),
        };
        return new TrailLeaf(text.WrittenMemory, hash, leaf.Entry);
    }
}

/// <summary>What became of an entry that came without a shard's lease.</summary>
public enum IntakeOutcome
{
    /// <summary>The trail has it now.</summary>
    Kept,

    /// <summary>The trail had it before, with the same values.</summary>
    Held,

    /// <summary>The trail had an entry of this id before, with other values. That one stays: somebody must find out which of them is true.</summary>
    Differs,
}
