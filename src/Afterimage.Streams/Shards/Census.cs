using Afterimage.Streams.Records;

namespace Afterimage.Streams.Shards;

/// <summary>What the listings of a stream have shown. One listing can leave a shard out for a moment, so that it takes two to call a shard gone.</summary>
internal sealed class Census
{
    private const int AbsencesOfTheGone = 2;

    private readonly Dictionary<ShardId, Shard> known = [];
    private readonly HashSet<ShardId> parents = [];
    private Dictionary<ShardId, int> absences = [];

    /// <summary>Every shard that was listed and is not gone.</summary>
    public IEnumerable<Shard> Listed => known.Values.Where(shard => !IsGone(shard.Id));

    /// <summary>Every shard that was listed, gone or not.</summary>
    public IEnumerable<Shard> Seen => known.Values;

    /// <summary>Whether something was missing from the last listing that the next one may show, or may show to be gone.</summary>
    public bool HasDoubts => absences.Values.Any(times => times < AbsencesOfTheGone);

    /// <summary>What a listing is expected to show. It is asked for before the listing begins: what is learnt meanwhile may rightly be missing from it.</summary>
    public IReadOnlySet<ShardId> Expected(IEnumerable<ShardId> begun) =>
        known.Keys.Concat(known.Values.Where(shard => shard.Parent is not null).Select(shard => shard.Parent!.Value)).Concat(begun).ToHashSet();

    /// <summary>Takes in a complete listing.</summary>
    public void Note(IReadOnlyList<Shard> listing, IReadOnlySet<ShardId> expected)
    {
        Add(listing);
        var there = listing.Select(shard => shard.Id).ToHashSet();
        var parentsOfListed = listing.Where(shard => shard.Parent is not null).Select(shard => shard.Parent!.Value);
        absences = expected.Concat(parentsOfListed).Distinct().Where(id => !there.Contains(id)).ToDictionary(id => id, id => absences.GetValueOrDefault(id) + 1);
    }

    /// <summary>Takes in shards that were found otherwise: they are there, and that says nothing of others.</summary>
    public void Add(IEnumerable<Shard> shards)
    {
        foreach (var shard in shards)
        {
            // An end that was told once is not taken back by a listing that lags behind.
            known[shard.Id] = shard with { Ending = shard.Ending ?? Find(shard.Id)?.Ending };
            absences.Remove(shard.Id);
            if (shard.Parent is { } parent)
            {
                parents.Add(parent);
            }
        }
    }

    /// <summary>Forgets a shard of which nothing more is wanted.</summary>
    public void Forget(ShardId id) => known.Remove(id);

    /// <summary>A shard as it was listed last, gone or not; null where it never was.</summary>
    public Shard? Find(ShardId id) => known.GetValueOrDefault(id);

    public bool IsGone(ShardId id) => absences.GetValueOrDefault(id) >= AbsencesOfTheGone;

    /// <summary>Whether a shard that was asked for is missing and the next listing has to tell whether it is gone.</summary>
    public bool IsDoubted(ShardId id) => !IsGone(id) && (absences.ContainsKey(id) || !known.ContainsKey(id));

    public bool HasChild(ShardId parent) => parents.Contains(parent);
}
