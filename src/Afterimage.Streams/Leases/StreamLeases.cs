using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Leases;

/// <summary>The leases of one stream: what its follower wants, and what it holds. A worker without a store holds everything.</summary>
internal sealed class StreamLeases
{
    private readonly LeaseRounds? rounds;
    private readonly Dictionary<ShardId, (long Epoch, TimeSpan Since)> held = [];
    private readonly HashSet<ShardId> ended = [];
    private Dictionary<ShardId, Shard> wanted = [];

    public StreamLeases(StreamArn stream, LeaseRounds? rounds)
    {
        (Stream, this.rounds) = (stream, rounds);
        rounds?.Open(this);
    }

    public StreamArn Stream { get; }

    /// <summary>Is told of rows that were taken.</summary>
    public required Action<IReadOnlyList<ShardProgress>> Got { get; init; }

    /// <summary>Is told of a shard that is another worker's now.</summary>
    public required Action<ShardId> Lost { get; init; }

    /// <summary>Is told when another worker has begun shards or ended them.</summary>
    public required Action OthersMoved { get; init; }

    /// <summary>Is told when it is known again that what is held is held.</summary>
    public required Action Sure { get; init; }

    /// <summary>Whether it is known that what is held is held: no read begins without.</summary>
    public bool IsSure => rounds?.IsSure ?? true;

    public IReadOnlyList<Lease> Held => [.. held.Select(one => new Lease(Stream, one.Key, one.Value.Epoch, null))];

    public IEnumerable<Shard> Wanted => wanted.Values;

    public bool Holds(ShardId shard, long epoch) => rounds is null || (held.TryGetValue(shard, out var mine) && mine.Epoch == epoch);

    public bool Holds(ShardId shard) => rounds is null || held.ContainsKey(shard);

    public bool IsElsewhere(ShardId shard) => rounds?.IsElsewhere(Stream, shard) ?? false;

    /// <summary>Says which shards could be read now. The children of a shard that was ended here are taken at once, the others in turn.</summary>
    public void Want(IEnumerable<Shard> shards)
    {
        if (rounds is null)
        {
            return;
        }

        var before = wanted;
        wanted = shards.DistinctBy(shard => shard.Id).ToDictionary(shard => shard.Id);
        foreach (var shard in wanted.Values.Where(shard => !before.ContainsKey(shard.Id) && !held.ContainsKey(shard.Id)))
        {
            rounds.Call(Stream, shard, isAtOnce: shard.Parent is { } parent && ended.Contains(parent));
        }
    }

    /// <summary>A shard that was finished here: there is nothing more to hold.</summary>
    public void End(ShardId shard)
    {
        held.Remove(shard);
        ended.Add(shard);
    }

    /// <summary>A commit under this epoch was refused, since the shard has another.</summary>
    public void Lose(ShardId shard, long epoch)
    {
        if (held.TryGetValue(shard, out var mine) && mine.Epoch == epoch)
        {
            held.Remove(shard);
        }
    }

    /// <summary>Gives up all that is held: the stream is followed no more.</summary>
    public void Close() => rounds?.Close(this);

    public void Take(IReadOnlyList<ShardProgress> rows, TimeSpan now)
    {
        var news = rows.Where(row => !held.TryGetValue(row.Shard, out var mine) || mine.Epoch < row.Epoch).ToList();
        foreach (var row in news)
        {
            held[row.Shard] = (row.Epoch, now);
        }

        Got(news);
    }

    /// <summary>Takes in what a beat has told.</summary>
    /// <param name="before">The shards that were unfinished at the beat before.</param>
    /// <param name="leases">Those that are.</param>
    /// <param name="me">This worker.</param>
    /// <param name="asked">When it was asked: what was taken later is not in it.</param>
    public void Note(IReadOnlySet<ShardId> before, IReadOnlyDictionary<ShardId, Lease> leases, WorkerId me, TimeSpan asked)
    {
        foreach (var (shard, mine) in held.Where(one => one.Value.Since < asked).ToList())
        {
            if (!leases.TryGetValue(shard, out var lease) || lease.Owner != me || lease.Epoch != mine.Epoch)
            {
                held.Remove(shard);
                Lost(shard);
            }
        }

        // What others have begun came after something that others have ended.
        if (before.Any(shard => !leases.ContainsKey(shard) && !ended.Contains(shard)) || leases.Keys.Any(shard => !before.Contains(shard) && !held.ContainsKey(shard)))
        {
            OthersMoved();
        }

        Sure();
    }
}
