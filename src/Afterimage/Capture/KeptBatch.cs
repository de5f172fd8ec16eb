using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Trail;
using Afterimage.Trail.Bodies;

namespace Afterimage.Capture;

/// <summary>Entries that are durable now. They are made only for who asks for them.</summary>
/// <param name="append">What was kept.</param>
public sealed class KeptBatch(TrailAppend append)
{
    /// <summary>The stream they came from.</summary>
    public StreamArn Stream { get; } = append.Stream;

    /// <summary>How many there are.</summary>
    public int Count { get; } = append.Entries.Count();

    /// <summary>How many of them are of records that could not be read.</summary>
    public int Unreadable { get; } = append.Entries.Count(entry => entry is { Kind: EntryKind.Change, Action: null });

    /// <summary>Changes that came by another way before, with other values: the trail holds those.</summary>
    public IReadOnlyList<EntryId> Differing { get; init; } = [];

    /// <summary>Changes whose stamps say that an intent was committed with them, and there was none.</summary>
    public IReadOnlyList<UnannouncedChange> Unannounced { get; init; } = [];

    /// <summary>Each as UTF-8 JSON text, which holds until the next one.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Texts()
    {
        var text = new EntryText(append.Stream, append.Before.Shard, append.Rules);
        for (var at = 0; at < append.Leaves.Count; at++)
        {
            if (append.Leaves[at] is { Entry: { } entry } leaf)
            {
                yield return text.Json(append.Before.Size + at, leaf.Text, entry.Body);
            }
        }
    }

    /// <summary>Each as it would be read from the trail.</summary>
    public IEnumerable<AuditEntry> Entries() => Texts().Select(text => EntryJson.Read(text));
}
