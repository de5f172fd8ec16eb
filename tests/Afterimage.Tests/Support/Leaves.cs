using System.Buffers;
using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail;
using Afterimage.Trail.Bodies;

namespace Afterimage.Tests.Support;

/// <summary>Entries of any content as a trail is given them: their JSON stands for itself, and their leaf for it.</summary>
internal static class Leaves
{
    public static TrailLeaf Of(AuditEntry entry)
    {
        var json = EntryJson.ToUtf8(entry);
        var body = new BodyWriter();
        body.WriteJson(json);
        var text = new ArrayBufferWriter<byte>();
        var seq = Encoding.ASCII.GetBytes(entry.SequenceNumber ?? string.Empty);
        var hash = LeafText.WriteRaw(text, Encoding.ASCII.GetBytes(entry.Id.Value), entry.Index, seq, Sha256Hash.Of(json));
        return new TrailLeaf(text.WrittenMemory, hash, new CommittedEntry
        {
            Id = entry.Id,
            Kind = entry.Kind,
            Time = entry.Time,
            Action = entry.Action,
            Entity = entry.Entity,
            Tenant = entry.Tenant,
            Actor = entry.Actor.Id,
            IsAttributed = entry.Actor.Source != ActorSource.Unknown,
            Keys = entry.Keys is null ? default : Encoding.UTF8.GetBytes(CanonicalText.Of(entry.Keys)),
            SequenceNumber = entry.SequenceNumber is { } number ? new SequenceNumber(number) : null,
            Body = body.Written.ToArray(),
        });
    }

    /// <summary>A tree that went on behind so many leaves, of which nobody asks what they were.</summary>
    public static TreeState Tree(long before, IEnumerable<TrailLeaf> leaves) =>
        TreeState.Empty.Append(new Sha256Hash[before]).Append([.. leaves.Select(leaf => leaf.Hash)]);

    /// <summary>An append of these entries, whose places must follow from where the shard stands.</summary>
    public static TrailAppend Append(StreamArn stream, ShardProgress before, ShardProgress after, params IReadOnlyList<AuditEntry> entries)
    {
        List<TrailLeaf> leaves = [.. entries.Select(Of)];
        var rules = TableRules.None with { Service = entries.Count > 0 ? entries[0].Service : null };
        return new TrailAppend(stream, before, after, leaves, Tree(before.Size, leaves), rules);
    }
}
