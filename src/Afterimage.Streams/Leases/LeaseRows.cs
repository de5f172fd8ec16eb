using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Leases;

/// <summary>The rows of shards with their owners, and the workers, in memory.</summary>
internal sealed class LeaseRows
{
    private readonly Dictionary<(StreamArn Stream, ShardId Shard), ShardProgress> rows = [];
    private readonly Dictionary<(StreamArn Stream, ShardId Shard), WorkerId> owners = [];
    private readonly Dictionary<WorkerId, long> beats = [];

    public IEnumerable<(StreamArn Stream, ShardProgress Row)> All => rows.Select(row => (row.Key.Stream, row.Value));

    public ShardProgress? Find(StreamArn stream, ShardId shard) => rows.GetValueOrDefault((stream, shard));

    public void Put(StreamArn stream, ShardProgress row) => rows[(stream, row.Shard)] = row;

    /// <summary>Notes up to when shards were read. One without a row gets one, at its beginning.</summary>
    public void NoteReadThrough(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough)
    {
        foreach (var (shard, moment) in readThrough)
        {
            var row = Find(stream, shard) ?? new ShardProgress(shard, null, null, 0, false);
            Put(stream, row with { ReadThrough = row.ReadThrough > moment ? row.ReadThrough : moment });
        }
    }

    public LeaseTable Beat(WorkerId me)
    {
        beats[me] = beats.GetValueOrDefault(me) + 1;
        return new LeaseTable(
            beats.ToDictionary(),
            [.. rows.Where(row => !row.Value.Finished).Select(row => new Lease(row.Key.Stream, row.Key.Shard, row.Value.Epoch, OwnerOf(row.Key)))]);
    }

    public IReadOnlyList<LeasedShard> Take(WorkerId me, IReadOnlyList<LeaseWish> wanted)
    {
        var taken = new List<LeasedShard>();
        foreach (var wish in wanted)
        {
            var row = Find(wish.Stream, wish.Shard) ?? new ShardProgress(wish.Shard, wish.Parent, null, 0, false);
            var isMine = OwnerOf((wish.Stream, wish.Shard)) == me && row.Epoch == wish.EpochSeen + 1;
            if (row.Finished || (!isMine && row.Epoch != wish.EpochSeen))
            {
                continue;
            }

            row = row with { Epoch = wish.EpochSeen + 1 };
            Put(wish.Stream, row);
            owners[(wish.Stream, wish.Shard)] = me;
            taken.Add(new LeasedShard(wish.Stream, row));
        }

        return taken;
    }

    public void Release(WorkerId me, IReadOnlyList<Lease> leases)
    {
        foreach (var lease in leases.Where(one => OwnerOf((one.Stream, one.Shard)) == me && Find(one.Stream, one.Shard)!.Epoch == one.Epoch))
        {
            owners.Remove((lease.Stream, lease.Shard));
        }
    }

    public void Leave(WorkerId who)
    {
        beats.Remove(who);
        foreach (var (key, _) in owners.Where(owned => owned.Value == who).ToList())
        {
            owners.Remove(key);
        }
    }

    private WorkerId? OwnerOf((StreamArn Stream, ShardId Shard) key) => owners.TryGetValue(key, out var owner) ? owner : null;
}
