using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Leases;

/// <summary>The rounds of a worker that shares its shards with others: it beats, sees who owns what, and takes its share.</summary>
/// <remarks>I/O runs beside the worker's loop; whatever it changes here is changed on the loop.</remarks>
internal sealed class LeaseRounds
{
    // What is wanted for the first time is not left until the next beat, and does not make beats by the dozen either.
    private static readonly TimeSpan BeatsApart = TimeSpan.FromMilliseconds(200);

    private readonly ILeaseStore store;
    private readonly WorkerId me;
    private readonly Workshop shop;
    private readonly TimeSpan duration;
    private readonly LeaseWatch watch;
    private readonly Agenda.Appointment beat;
    private readonly Agenda.Appointment take;
    private readonly Dictionary<StreamArn, StreamLeases> streams = [];
    private readonly Dictionary<(StreamArn Stream, ShardId Shard), Shard> atOnce = [];
    private HashSet<(StreamArn Stream, ShardId Shard)> taking = [];
    private Dictionary<(StreamArn Stream, ShardId Shard), Lease> unfinished = [];
    private TimeSpan? beaten;
    private bool isBeating;

    public LeaseRounds(ILeaseStore store, WorkerId me, Workshop shop)
    {
        (this.store, this.me, this.shop, duration) = (store, me, shop, shop.Options.LeaseDuration);
        watch = new LeaseWatch(duration);
        beat = shop.Agenda.Make(Beat);
        take = shop.Agenda.Make(TakeAtOnce);
    }

    /// <summary>Why leases cannot be had, though waiting may not mend it; null where they can.</summary>
    public AwsException? Refusal { get; private set; }

    /// <summary>Whether the others still count on this worker: they wait for so long from its last beat on.</summary>
    public bool IsSure => beaten is { } last && shop.Now - last < duration;

    public void Open(StreamLeases leases) => streams.Add(leases.Stream, leases);

    /// <summary>Gives up what is held of a stream. What is still on its way of it is given up when it arrives.</summary>
    public void Close(StreamLeases leases)
    {
        if (streams.Remove(leases.Stream))
        {
            Release(leases.Held);
        }
    }

    public bool IsElsewhere(StreamArn stream, ShardId shard) =>
        unfinished.TryGetValue((stream, shard), out var lease) && lease.Owner is { } owner && owner != me && watch.IsAlive(owner);

    /// <summary>Calls for a shard that could not be read before.</summary>
    public void Call(StreamArn stream, Shard shard, bool isAtOnce)
    {
        if (isAtOnce)
        {
            atOnce[(stream, shard.Id)] = shard;
            take.NoLaterThan(shop.Now);
        }
        else
        {
            beat.NoLaterThan(beaten is { } last && last + BeatsApart > shop.Now ? last + BeatsApart : shop.Now);
        }
    }

    /// <summary>Gives up all leases, so that others need not wait.</summary>
    public async Task LeaveAsync(CancellationToken ct)
    {
        if (beaten is not null)
        {
            await store.LeaveAsync(me, ct);
        }
    }

    private void Beat()
    {
        if (isBeating)
        {
            return;
        }

        isBeating = true;
        shop.Start(new Work("leases: beating", BeatAsync(shop.Now))
        {
            Release = () => isBeating = false,
            Postpone = BeatSoon,
            Refuse = Refuse,
        });
    }

    private async Task<Action> BeatAsync(TimeSpan asked)
    {
        var now = await store.BeatAsync(me, shop.Stop);
        return () => Note(now, asked);
    }

    private void Note(LeaseTable table, TimeSpan asked)
    {
        Refusal = null;
        var before = unfinished.Keys.ToLookup(key => key.Stream, key => key.Shard);
        var after = table.Leases.ToLookup(lease => lease.Stream);
        unfinished = table.Leases.ToDictionary(lease => (lease.Stream, lease.Shard));
        beaten = asked;
        beat.At(asked + (duration / 3));
        foreach (var leases in streams.Values.ToList())
        {
            leases.Note(before[leases.Stream].ToHashSet(), after[leases.Stream].ToDictionary(lease => lease.Shard), me, asked);
        }

        var wanted = streams.Values.SelectMany(leases => leases.Wanted.Select(shard => Wish(leases.Stream, shard))).ToList();
        watch.Note(table, wanted, asked, shop.Now);
        Take(LeasePlan.ToTake(me, table, wanted, IsHeld, watch));
        Bury(table);
    }

    private bool IsHeld(LeaseWish wish) => taking.Contains((wish.Stream, wish.Shard)) || streams[wish.Stream].Holds(wish.Shard);

    private void TakeAtOnce()
    {
        // Who has not beaten yet is not known to the others.
        if (beaten is null || taking.Count > 0)
        {
            return;
        }

        var called = atOnce.Where(one => streams.TryGetValue(one.Key.Stream, out var leases) && !leases.Holds(one.Key.Shard) && !IsElsewhere(one.Key.Stream, one.Key.Shard));
        var wishes = called.Select(one => Wish(one.Key.Stream, one.Value)).ToList();
        atOnce.Clear();
        Take(wishes);
    }

    private LeaseWish Wish(StreamArn stream, Shard shard) => new(stream, shard.Id, shard.Parent, unfinished.GetValueOrDefault((stream, shard.Id))?.Epoch ?? 0);

    private void Take(IReadOnlyList<LeaseWish> wishes)
    {
        // Nothing is taken any more by a worker that is about to leave.
        if (wishes.Count == 0 || shop.Stop.IsCancellationRequested)
        {
            return;
        }

        if (taking.Count > 0)
        {
            // The next round sees what this one would have taken.
            beat.NoLaterThan(shop.Now + BeatsApart);
            return;
        }

        taking = [.. wishes.Select(wish => (wish.Stream, wish.Shard))];
        shop.Start(new Work("leases: taking shards", TakeAsync(wishes))
        {
            Release = () =>
            {
                taking = [];
                take.NoLaterThan(shop.Now);
            },
            Postpone = BeatSoon,
            Refuse = Refuse,
        });
    }

    private async Task<Action> TakeAsync(IReadOnlyList<LeaseWish> wishes)
    {
        var taken = await store.TakeAsync(me, wishes, shop.Abandon);
        return () =>
        {
            foreach (var rows in taken.GroupBy(one => one.Stream, one => one.Row))
            {
                if (streams.TryGetValue(rows.Key, out var leases))
                {
                    leases.Take([.. rows], shop.Now);
                }
                else
                {
                    Release([.. rows.Select(row => new Lease(rows.Key, row.Shard, row.Epoch, me))]);
                }
            }
        };
    }

    // What is not given up now is given up by leaving, or by being silent.
    private void Release(IReadOnlyList<Lease> leases)
    {
        if (leases.Count > 0)
        {
            Start("leases: giving shards up", store.ReleaseAsync(me, leases, shop.Abandon));
        }
    }

    // Those that died with nothing in hand would count among the workers of every one that comes later.
    private void Bury(LeaseTable table)
    {
        foreach (var dead in watch.Buried(table).Take(1))
        {
            Start("leases: forgetting a worker", store.LeaveAsync(dead, shop.Stop));
        }
    }

    private void Start(string what, Task act) => shop.Start(new Work(what, ThenNothingAsync(act)) { Postpone = () => { }, Refuse = _ => { } });

    private static async Task<Action> ThenNothingAsync(Task act)
    {
        await act;
        return () => { };
    }

    private void BeatSoon() => beat.NoLaterThan(shop.Now + (duration / 10));

    private void Refuse(AwsException e)
    {
        Refusal = e;
        BeatSoon();
    }
}
