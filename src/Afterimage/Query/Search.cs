using System.Runtime.CompilerServices;
using Afterimage.Entries;
using Afterimage.Trail;

namespace Afterimage.Query;

/// <summary>Searches a trail with filters that the trail knows and those that only the entry itself can answer.</summary>
public static class Search
{
    /// <summary>Entries that fit everything, newest first; the caller takes as many as it wants.</summary>
    public static async IAsyncEnumerable<FoundEntry> RunAsync(ITrail trail, SearchFilter filter, ChangedFilter? changed, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var found in trail.SearchAsync(filter, ct))
        {
            if (changed is null || changed.Fits(found.Entry))
            {
                yield return found;
            }
        }
    }

    /// <summary>Whether an entry fits a filter; what follows a trail live asks this.</summary>
    public static bool Fits(SearchFilter filter, ChangedFilter? changed, AuditEntry entry) =>
        (filter.Table is null || entry.Table == filter.Table)
        && (filter.Service is null || entry.Service == filter.Service)
        && (filter.Entity is null || entry.Entity == filter.Entity)
        && (filter.Tenant is null || entry.Tenant == filter.Tenant)
        && (filter.Action is null || entry.Action == filter.Action)
        && (filter.Actor is null || entry.Actor.Id == filter.Actor)
        && (!filter.Unattributed || entry is { Kind: EntryKind.Change, Actor.Source: ActorSource.Unknown })
        && (filter.Since is null || entry.Time >= filter.Since)
        && (filter.Until is null || entry.Time < filter.Until)
        && (filter.Key is null || (entry.Keys is { } keys && filter.Key.All(key => keys.TryGetValue(key.Key, out var value) && value.Equals(key.Value))))
        && (changed is null || changed.Fits(entry));
}
