using Afterimage.Entries;
using Afterimage.Trail;

namespace Afterimage.Query;

/// <summary>How many of a table's newest changes name nobody, and which services made those.</summary>
/// <param name="Since">From when on changes were looked at.</param>
/// <param name="IsWhole">Whether that is as far back as was asked for; if not, there were too many.</param>
/// <param name="Changes">How many changes were looked at.</param>
/// <param name="HasWriters">Whether any of them was made by a writer that says who it is.</param>
/// <param name="Unnamed">How many name no actor, by the service that their stamp names; null is no service. The most come first.</param>
public sealed record ActorShare(DateTimeOffset Since, bool IsWhole, long Changes, bool HasWriters, IReadOnlyList<(string? Service, long Changes)> Unnamed)
{
    /// <summary>How many changes name no actor.</summary>
    public long WithoutActor => Unnamed.Sum(service => service.Changes);

    /// <summary>Looks at a table's newest changes.</summary>
    /// <param name="trail">The trail.</param>
    /// <param name="table">The table.</param>
    /// <param name="since">No further back than this.</param>
    /// <param name="entriesMax">And at no more entries than this.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<ActorShare> OfAsync(ITrail trail, string table, DateTimeOffset since, int entriesMax, CancellationToken ct)
    {
        var (entries, changes, hasWriters, from) = (0, 0L, false, since);
        var unnamed = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var (entry, _) in trail.SearchAsync(new SearchFilter { Table = table, Since = since }, ct))
        {
            if (entries++ == entriesMax)
            {
                return Share(isWhole: false);
            }

            from = entry.Time;
            if (entry.Kind == EntryKind.Change)
            {
                changes++;
                hasWriters |= entry.Actor.Source is ActorSource.Stamp or ActorSource.DeleteMark or ActorSource.Attribute;

                // What was replicated is to be asked for where it was written.
                if (entry.Actor is { Id: null, Source: not ActorSource.Replication })
                {
                    var service = entry.Actor.Service ?? string.Empty;
                    unnamed[service] = unnamed.GetValueOrDefault(service) + 1;
                }
            }
        }

        from = since;
        return Share(isWhole: true);

        ActorShare Share(bool isWhole) => new(
            from,
            isWhole,
            changes,
            hasWriters,
            [.. unnamed.OrderByDescending(service => service.Value).ThenBy(service => service.Key, StringComparer.Ordinal).Select(service => (service.Key.Length == 0 ? null : service.Key, service.Value))]);
    }
}
