using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Trail;
using Afterimage.Trail.Bodies;

namespace Afterimage.Capture;

/// <summary>Entries of a batch that the trail got by its intake, from a Lambda function or a transaction: the shard only says that it has seen them.</summary>
internal sealed class MetEntries(StreamArn stream, ShardId shard, TableRules rules)
{
    private readonly HashSet<EntryId> met = [];
    private readonly List<EntryId> differing = [];

    /// <summary>Those whose values differ from what the trail holds.</summary>
    public IReadOnlyList<EntryId> Differing => differing;

    /// <summary>Whether an entry is one of them.</summary>
    public bool Contains(EntryId id) => met.Contains(id);

    /// <summary>Takes those of an append that was not kept for their sake.</summary>
    /// <returns>True: there are more of them than before.</returns>
    /// <exception cref="InvariantViolationException">There are none.</exception>
    public async Task<bool> TakeAsync(ITrail trail, TrailAppend append, CancellationToken ct)
    {
        var held = await trail.FindIntakeAsync(stream, [.. append.Entries], ct);
        if (held.Count == 0)
        {
            throw new InvariantViolationException($"The trail says that it has entries of shard {shard} of {stream} by its intake, and has none of them.");
        }

        var text = new EntryText(stream, shard, rules);
        for (var at = 0; at < append.Leaves.Count; at++)
        {
            if (append.Leaves[at] is { Entry: { } entry } leaf && held.TryGetValue(entry.Id, out var other) && met.Add(entry.Id)
                && !SameChange.Is(other, EntryJson.Read(text.Json(append.Before.Size + at, leaf.Text, entry.Body))))
            {
                differing.Add(entry.Id);
            }
        }

        return true;
    }
}
