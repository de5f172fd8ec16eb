using Afterimage.Entries;
using Afterimage.Trail;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>What readers were ever told of entries: it never changes, but for the place of one that waited for it.</summary>
internal sealed class SeenEntries
{
    private readonly Dictionary<EntryId, AuditEntry> seen = [];

    /// <summary>How many gaps were seen.</summary>
    public int Gaps => seen.Values.Count(entry => entry.Kind == EntryKind.Gap);

    /// <summary>The ids of all that were seen.</summary>
    public IReadOnlyCollection<EntryId> Ids => seen.Keys;

    /// <summary>Takes what a reader was told.</summary>
    public void Take(AuditEntry entry)
    {
        // Of two that were read at once the older one may come last.
        if (seen.TryGetValue(entry.Id, out var before) && (before.Index == TrailIntake.Waiting || entry.Index == TrailIntake.Waiting))
        {
            EntryJson.ToText(entry with { Index = before.Index }).ShouldBe(EntryJson.ToText(before));
        }
        else if (before is not null)
        {
            EntryJson.ToText(entry).ShouldBe(EntryJson.ToText(before));
        }

        if (before is null || entry.Index != TrailIntake.Waiting)
        {
            seen[entry.Id] = entry;
        }
    }
}
