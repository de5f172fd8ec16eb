using Afterimage.Streams.Leases;
using Afterimage.Streams.Records;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Streams.Leases;

/// <summary>Workers that come, beat, take and die, over one set of shards.</summary>
internal sealed class LeaseCrowd(Random random, int shards)
{
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private readonly LeaseRows rows = new();
    private readonly List<Member> members = [];
    private TimeSpan now;
    private int joined;

    /// <summary>A worker that lacks shards gets one a round; before that the dead have to be known for dead.</summary>
    public int RoundsMax => shards + 12;

    /// <summary>How many shards were taken so far.</summary>
    public int Taken { get; private set; }

    public int Unowned => shards - Leases.Count(lease => members.Exists(member => member.Id == lease.Owner));

    public int Spread => members.Max(Load) - members.Min(Load);

    private IReadOnlyList<Lease> Leases
    {
        get
        {
            var table = rows.Beat(new WorkerId("a look"));
            rows.Leave(new WorkerId("a look"));
            return table.Leases;
        }
    }

    public void SomethingHappens()
    {
        var what = members.Count == 0 ? 0 : random.Next(8);
        if (what == 0 && members.Count < 6)
        {
            members.Add(new Member(new WorkerId($"{random.Next(1_000)}-{++joined}")));
        }
        else if (what == 1 && members.Count > 1)
        {
            members.RemoveAt(random.Next(members.Count));
        }
        else if (what == 2 && members.Count > 1)
        {
            rows.Leave(members[0].Id);
            members.RemoveAt(0);
        }
    }

    /// <summary>Every worker beats and takes, in any order; some decide by what they saw before others took something.</summary>
    public void Round()
    {
        now += Duration / 3;
        foreach (var group in members.OrderBy(_ => random.Next()).Chunk(1 + random.Next(3)).ToList())
        {
            var plans = group.Select(member => (member.Id, Wishes: member.Plan(rows.Beat(member.Id), shards, now))).ToList();
            foreach (var (id, wishes) in plans)
            {
                Taken += rows.Take(id, wishes).Count;
            }
        }
    }

    /// <summary>How many rounds it takes until all is shared out.</summary>
    public int Settle()
    {
        var rounds = 0;
        while ((Unowned > 0 || Spread > 1) && rounds <= RoundsMax)
        {
            Round();
            rounds++;
        }

        return rounds;
    }

    private int Load(Member member) => Leases.Count(lease => lease.Owner == member.Id);

    private sealed class Member(WorkerId id)
    {
        private readonly LeaseWatch watch = new(Duration);

        public WorkerId Id { get; } = id;

        public IReadOnlyList<LeaseWish> Plan(LeaseTable table, int shards, TimeSpan now)
        {
            var leases = table.Leases.ToDictionary(lease => lease.Shard);
            var wanted = Enumerable.Range(1, shards).Select(n => new ShardId($"shard-{n}"))
                .Select(shard => new LeaseWish(FakeStream.Arn, shard, null, leases.GetValueOrDefault(shard)?.Epoch ?? 0)).ToList();
            watch.Note(table, wanted, now, now);
            return LeasePlan.ToTake(Id, table, wanted, wish => leases.GetValueOrDefault(wish.Shard)?.Owner == Id, watch);
        }
    }
}
