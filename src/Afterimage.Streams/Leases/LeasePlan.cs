using Afterimage.Streams.Records;

namespace Afterimage.Streams.Leases;

/// <summary>Decides what a worker takes. Every worker decides for itself, by what it sees; where two want the same, the store lets one have it.</summary>
internal static class LeasePlan
{
    /// <summary>How many shards are taken at once: the next round takes more.</summary>
    public const int TakeMax = 1_000;

    /// <summary>
    /// The shards to take now. Those that nobody living owns, up to the fair share; what is left over for long, whatever the share; and where
    /// there was nothing of either, one from whoever has the most, if that is at least two more than this worker has.
    /// </summary>
    /// <param name="me">This worker.</param>
    /// <param name="table">Who owns what.</param>
    /// <param name="wanted">The shards that this worker would read now.</param>
    /// <param name="isHeld">Whether this worker holds a shard of which it has taken the row. One that it owns in the table and does not hold is taken anew.</param>
    /// <param name="watch">Who was seen alive, and since when shards are free.</param>
    public static IReadOnlyList<LeaseWish> ToTake(
        WorkerId me, LeaseTable table, IReadOnlyList<LeaseWish> wanted, Predicate<LeaseWish> isHeld, LeaseWatch watch)
    {
        var living = watch.Living.Where(worker => worker != me).Append(me).OrderBy(worker => worker.Value, StringComparer.Ordinal).ToList();
        var rank = living.IndexOf(me);
        var owners = table.Leases.Where(lease => lease.Owner is { } owner && owner != me && watch.IsAlive(owner))
            .ToDictionary(lease => (lease.Stream, lease.Shard), lease => lease.Owner!.Value);

        var held = wanted.Count(wish => isHeld(wish));
        var free = wanted.Where(wish => !isHeld(wish) && !owners.ContainsKey(Key(wish))).ToList();
        var all = owners.Keys.Union(wanted.Select(Key)).Count();
        var share = (all + living.Count - 1) / living.Count;

        var taken = Turned(free, rank, living.Count).Take(Math.Max(0, share - held)).Union(free.Where(wish => watch.IsLeftOver(wish))).Take(TakeMax).ToList();
        return taken.Count > 0 || held >= share ? taken : Steal(wanted, owners, held, rank);
    }

    private static IReadOnlyList<LeaseWish> Steal(
        IReadOnlyList<LeaseWish> wanted, Dictionary<(StreamArn Stream, ShardId Shard), WorkerId> owners, int held, int rank)
    {
        var rich = owners.Values.CountBy(owner => owner).Where(one => one.Value >= held + 2)
            .OrderByDescending(one => one.Value).ThenBy(one => one.Key.Value, StringComparer.Ordinal).Select(one => one.Key);
        return rich.Select(From).FirstOrDefault(theirs => theirs.Count > 0) is { } spoils ? [spoils[rank % spoils.Count]] : [];

        List<LeaseWish> From(WorkerId owner) => [.. wanted.Where(wish => owners.TryGetValue(Key(wish), out var who) && who == owner)];
    }

    // Each worker begins at another place, so that few of them want the same.
    private static IEnumerable<LeaseWish> Turned(List<LeaseWish> wishes, int rank, int of)
    {
        var from = wishes.Count * rank / of;
        return wishes.Skip(from).Concat(wishes.Take(from));
    }

    private static (StreamArn Stream, ShardId Shard) Key(LeaseWish wish) => (wish.Stream, wish.Shard);
}
