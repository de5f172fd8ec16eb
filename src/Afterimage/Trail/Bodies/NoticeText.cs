using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;

namespace Afterimage.Trail.Bodies;

/// <summary>Entries that no record stands behind, made of their leaves alone: everything they say is hashed.</summary>
internal static class NoticeText
{
    /// <summary>The entry of a leaf.</summary>
    /// <exception cref="FormatException">It is not the leaf of a gap, nor of what became of a stream.</exception>
    public static AuditEntry Entry(ShardLeaf leaf, StreamArn stream, ShardId shard, TableRules rules)
    {
        var entry = new AuditEntry
        {
            Id = Entries.EntryId.TryParse(leaf.EntryId, out var id) ? id : throw new FormatException($"'{leaf.EntryId}' is not the id of an entry."),
            Kind = EntryWords.ReadKind(leaf.Kind),
            Table = stream.Table,
            Service = rules.Service,
            Time = DateTimeOffset.FromUnixTimeSeconds(leaf.At),
            Actor = Actor.Unknown,
            Stream = new StreamOrigin(stream.Value, null, null, null, null, null, null),
            ShardId = shard.Value,
            Index = leaf.Index,
        };
        return entry.Kind switch
        {
            EntryKind.Gap => entry with { Gap = Gap(leaf) },
            EntryKind.Lifecycle => entry with { Lifecycle = new EntryLifecycle(EntryWords.ReadEvent(leaf.Lifecycle.Event!), EntryWords.ReadStart(leaf.Lifecycle.From!)) },
            _ => throw new FormatException($"A leaf of kind '{leaf.Kind}' has a body."),
        };
    }

    private static EntryGap Gap(ShardLeaf leaf) => new(
        leaf.Bounds.Last, leaf.Bounds.Next, EntryWords.ReadCause(leaf.Missing.Cause!), EntryWords.ReadCertainty(leaf.Missing.Certainty!), leaf.Bounds.Previous);
}
