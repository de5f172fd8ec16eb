using Afterimage.Streams.Leases;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Reading;

/// <summary>One stream: what its listings show, what is kept of it, and what follows from both.</summary>
/// <remarks>I/O runs beside the worker's loop; whatever it changes here is changed by <see cref="Work.Result"/>, on the loop.</remarks>
internal sealed partial class StreamFollower
{
    private static readonly TimeSpan RelistFirst = TimeSpan.FromSeconds(1);

    // A shard that ended may have no child yet, but not for long.
    private static readonly TimeSpan ChildAwaited = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ReckonWithin = TimeSpan.FromMilliseconds(10);

    private readonly Workshop shop;
    private readonly FollowedStream what;
    private readonly Discovery discovery;
    private readonly StreamState state;
    private readonly ShardTurns turns;
    private readonly StreamLeases leases;
    private readonly Dictionary<ShardId, TimeSpan> childless = [];
    private readonly LostShards losing;
    private readonly OthersReading others = new();
    private HashSet<ShardId> lost = [];
    private readonly Agenda.Appointment listing;
    private readonly Agenda.Appointment reckoning;
    private readonly Agenda.Appointment reloading;
    private Pacing listingPacing = Pacing.Start;
    private TimeSpan relistIn = RelistFirst;
    private bool isListing;
    private bool isListingDueAgain;
    private bool isReckoning;
    private bool isBeginning;
    private long? newsWhenListed;

    public StreamFollower(FollowedStream what, Workshop shop)
    {
        this.what = what;
        this.shop = shop;
        discovery = new Discovery(what.Access.Api, what.Stream, what.Access.Describes.TakeAsync);
        state = new StreamState(what.Stream);
        leases = new StreamLeases(what.Stream, shop.Leases) { Got = Got, Lost = shard => _ = turns!.TryDrop(shard), OthersMoved = ReloadNow, Sure = () => turns!.GoOnAfterBeat() };
        turns = new ShardTurns(what.Access.Api, state, leases, shop) { Ended = ReckonSoon, Lost = ReloadNow, Missed = () => ListWithin(RelistFirst), Refused = Refuse };
        losing = new LostShards(state, turns, leases, shop) { Kept = ReckonSoon, Waiting = () => ListWithin(RelistFirst), Refused = Refuse };
        listing = shop.Agenda.Make(StartListing);
        reckoning = shop.Agenda.Make(Reckon);
        reloading = shop.Agenda.Make(Reload);
        shop.Lookout.Follow(Stream);
        listing.At(shop.Now);
    }

    public StreamArn Stream => what.Stream;

    /// <summary>Up to when each quiet shard is taken for read.</summary>
    public IReadOnlyDictionary<ShardId, DateTimeOffset> ReadThrough => turns.ReadThrough;

    /// <summary>Whether everything there is has been read, and a listing made since shows no other shard.</summary>
    public bool IsDrained(TimeSpan drainAfter)
    {
        if (IsOver)
        {
            return true;
        }

        var isAwaiting = childless.Values.Any(since => shop.Now - since < ChildAwaited);
        if (!state.IsBegun || isListing || isReckoning || isAwaiting || lost.Count > 0 || state.Census.HasDoubts || !turns.AreQuiet(drainAfter))
        {
            return false;
        }

        // Each is looked at, since each look counts.
        var unread = state.Readable.Where(shard => !turns.Contains(shard.Id) && !IsReadElsewhere(shard.Id)).ToList();
        if (unread.Count > 0)
        {
            reloading.NoLaterThan(shop.Now + RelistFirst);
            return false;
        }

        if (newsWhenListed == state.News)
        {
            return true;
        }

        listing.NoLaterThan(shop.Now);
        return false;
    }

    private bool IsReadElsewhere(ShardId shard) => leases.IsElsewhere(shard) && others.IsThrough(shard, state.ReadThroughOf(shard));

    private void ListWithin(TimeSpan time) => listing.NoLaterThan(shop.Now + time);

    private void StartListing()
    {
        if (isLeft || IsOver)
        {
            return;
        }

        if (isListing)
        {
            // What asked for it may have come too late for the one that is under way.
            isListingDueAgain = true;
            return;
        }

        isListing = true;
        listingSince = discovery.IsBrokenOff ? listingSince : shop.Now;
        shop.Start(new Work($"{Stream.Table}: listing its shards", ListAsync(state.Expected, state.News))
        {
            Release = EndListing,
            Postpone = PostponeListing,
            Refuse = RefuseListing,
        });
    }

    private void EndListing()
    {
        isListing = false;
        if (isListingDueAgain)
        {
            isListingDueAgain = false;
            ListWithin(TimeSpan.Zero);
        }
    }

    private async Task<Action> ListAsync(IReadOnlySet<ShardId> expected, long newsBefore)
    {
        // Rows first: a shard that is finished after they were read cannot be taken for lost by a listing that no longer shows it.
        var known = await shop.Journal.ReadAsync(Stream, shop.Stop);
        var toExpect = expected.Concat(StreamState.Unfinished(known.Shards, known.Beginning)).ToHashSet();
        var listed = await discovery.ListAsync(toExpect, shop.Stop);
        return () =>
        {
            state.Load(known);
            Note(listed, newsBefore);
        };
    }

    private void Note(Listing listed, long newsBefore)
    {
        Refusal = null;
        denials = 0;
        listingPacing = Pacing.Start;
        newsWhenListed = newsBefore;
        state.Note(listed);
        shop.Lookout.NoteListing(Stream);
        turns.GoOn();
        Reckon();

        // What is awaited is looked for soon, then ever later: a shard that has just ended may have no child for a moment.
        var isAwaited = childless.Count > 0 || (state.IsEnabled && turns.Count == 0);
        ListWithin(state.Census.HasDoubts ? RelistFirst : isAwaited ? relistIn : shop.Options.SweepEvery);
        relistIn = isAwaited && relistIn < shop.Options.SweepEvery ? relistIn * 2 : relistIn;
        WatchForEnd();
    }

    private void PostponeListing()
    {
        (listingPacing, var pause) = listingPacing.AfterFailure(shop.Random);
        ListWithin(pause);

        // What a listing has shown before it broke off is there all the same.
        state.Census.Add(discovery.Found);
        Reckon();
    }

    // Many shards may end at once: what follows is reckoned for all of them together.
    private void ReckonSoon()
    {
        isReckoning = true;
        reckoning.NoLaterThan(shop.Now + ReckonWithin);
    }

    /// <summary>Does what follows from all that is known now.</summary>
    private void Reckon()
    {
        isReckoning = false;
        if (isLeft || IsOver)
        {
            return;
        }

        if (isGone)
        {
            LoseRest();
            return;
        }

        if (!state.IsBegun)
        {
            Begin();
            return;
        }

        var losses = state.Losses(IsBeingRead, shop.UtcNow, losing.Count > 0);
        lost = losing.Keep(losses);
        AwaitChildren();
        var readable = state.Readable;
        leases.Want(readable.Concat(losses.Select(Wanted)));

        // Until it is known what was lost, nobody can tell whether the child of an unseen shard may go first.
        var startable = readable.Where(shard => !lost.Contains(shard.Id) && (lost.Count == 0 || state.KnowsParentOf(shard)));
        turns.Start(startable.Where(shard => leases.Holds(shard.Id, state.EpochOf(shard.Id))));
        shop.Lookout.Count(Stream, state.Count(turns.Contains, leases.IsElsewhere));
    }

    private bool IsBeingRead(ShardId shard) => turns.Contains(shard) || leases.IsElsewhere(shard);

    private static Shard Wanted(Loss loss) => new(loss.Before.Shard, loss.Before.Parent, null, null);

    private void Got(IReadOnlyList<ShardProgress> rows)
    {
        foreach (var row in rows)
        {
            state.Take(row);
        }

        ReckonSoon();
    }

    private void ReloadNow() => reloading.NoLaterThan(shop.Now);

    private void Reload() => shop.Start(new Work($"{Stream.Table}: seeing how far others are", ReloadAsync())
    {
        // The next listing reads the rows as well.
        Postpone = () => ListWithin(RelistFirst),
        Refuse = _ => ListWithin(RelistFirst),
    });

    private async Task<Action> ReloadAsync()
    {
        var known = await shop.Journal.ReadAsync(Stream, shop.Stop);
        return () =>
        {
            state.Load(known);
            ReckonSoon();
        };
    }

    private void AwaitChildren()
    {
        var without = state.Childless.ToHashSet();
        foreach (var parent in childless.Keys.Where(parent => !without.Contains(parent)).ToList())
        {
            childless.Remove(parent);
        }

        foreach (var parent in without.Where(parent => childless.TryAdd(parent, shop.Now)))
        {
            relistIn = RelistFirst;
            ListWithin(RelistFirst);
            shop.Start(new Work($"{Stream.Table}: listing its shards", FindChildrenAsync(parent))
            {
                // The next full listing finds them as well: a failure needs no second try of its own.
                Postpone = () => { },
                Refuse = _ => { },
            });
        }
    }

    private void Begin()
    {
        if (isBeginning || !state.IsLoaded || Lineage.Begins(state.Census) is not { } begins)
        {
            return;
        }

        isBeginning = true;
        var wanted = new StreamBeginning(Stream, what.Previous, shop.UtcNow, what.From, [.. state.Census.Listed.Select(shard => shard.Id)], begins);
        shop.Start(new Work($"{Stream.Table}: beginning its stream", BeginAsync(wanted))
        {
            Release = () => isBeginning = false,
            Postpone = () => ListWithin(RelistFirst),
            Refuse = Refuse,
        });
    }

    private async Task<Action> BeginAsync(StreamBeginning wanted)
    {
        var counts = await shop.Journal.BeginAsync(wanted, shop.Abandon);
        return () =>
        {
            state.Begin(counts);
            Reckon();
        };
    }

    private async Task<Action> FindChildrenAsync(ShardId ended)
    {
        var children = await discovery.ChildrenAsync(ended, shop.Stop);
        return () =>
        {
            state.Census.Add(children);
            ReckonSoon();
        };
    }
}
