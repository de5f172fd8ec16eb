using Afterimage.Streams.Leases;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Tests.Simulation;

/// <summary>The leases as they truly are, and what must hold of them at every moment.</summary>
internal sealed class SimLeases(LeaseRows rows, SimLoop loop)
{
    // The calls of a turn that had begun; where calls can be slow, three of the slowest.
    private static readonly TimeSpan TurnMax = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SlowTurnMax = TimeSpan.FromMinutes(4);

    private readonly Dictionary<WorkerId, SimProcess> workers = [];
    private readonly Dictionary<(StreamArn Stream, ShardId Shard), (long Epoch, SimProcess By, DateTimeOffset At)> holders = [];
    private readonly HashSet<(StreamArn Stream, ShardId Shard, long Epoch, SimProcess By)> taken = [];

    public LeaseTable Beat(WorkerId me, SimProcess by)
    {
        workers[me] = by;
        return rows.Beat(me);
    }

    public IReadOnlyList<LeasedShard> Take(WorkerId me, SimProcess by, IReadOnlyList<LeaseWish> wanted)
    {
        var got = rows.Take(me, wanted);
        foreach (var (stream, row) in got.Where(one => taken.Add((one.Stream, one.Row.Shard, one.Row.Epoch, by))))
        {
            holders[(stream, row.Shard)] = (row.Epoch, by, loop.Now);
        }

        return got;
    }

    public bool Release(WorkerId me, IReadOnlyList<Lease> leases)
    {
        rows.Release(me, leases);
        return true;
    }

    public bool Leave(WorkerId who)
    {
        rows.Leave(who);
        return true;
    }

    /// <summary>Something is kept: by whoever took the shard last, and nobody else.</summary>
    public void WhenKept(StreamArn stream, ShardProgress before, SimProcess by) => SimFailure.Unless(
        taken.Contains((stream, before.Shard, before.Epoch, by)) && holders[(stream, before.Shard)].By == by,
        $"{by.Name} kept something of {before.Shard} under the lease of another: epoch {before.Epoch}");

    /// <summary>A shard is asked for records. Who has lost it may not know for as long as others wait for its beats, and no longer.</summary>
    public void WhenRead(StreamArn stream, ShardId shard, SimProcess by, bool isSlow)
    {
        var isTaken = holders.TryGetValue((stream, shard), out var holder);
        SimFailure.Unless(isTaken, $"{by.Name} reads {shard}, which nobody has taken.");
        var since = holder.At > by.AwakeSince ? holder.At : by.AwakeSince;
        SimFailure.Unless(
            holder.By == by || loop.Now - since <= by.LeaseDuration + (isSlow ? SlowTurnMax : TurnMax),
            $"{by.Name} still reads {shard}, which {holder.By.Name} took at {holder.At:HH:mm:ss}");
    }

    /// <summary>Whether everybody who is there has as much as any other, or one less.</summary>
    public bool AreShared(IReadOnlyCollection<SimProcess> processes)
    {
        var owned = rows.Beat(new WorkerId("a look at it")).Leases.Where(lease => lease.Owner is not null).CountBy(lease => lease.Owner!.Value).ToDictionary(one => workers[one.Key], one => one.Value);
        rows.Leave(new WorkerId("a look at it"));
        return processes.Max(one => owned.GetValueOrDefault(one)) <= processes.Min(one => owned.GetValueOrDefault(one)) + 1;
    }
}
