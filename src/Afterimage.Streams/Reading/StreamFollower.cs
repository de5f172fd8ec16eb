using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Reading;

/// <summary>One stream: which of its shards are known, which are being read, and when each is due. </summary>
/// <remarks>I/O runs beside the worker's loop; whatever it changes here is changed by <see cref="Work.Settle"/>, on the loop.</remarks>
internal sealed class StreamFollower(StreamArn stream, IStreamsApi api, IShardJournal journal, WorkerOptions options, TimeProvider time, Random random)
{
    private static readonly TimeSpan RelistFirst = TimeSpan.FromSeconds(1);

    // A shard that has ended may have no child yet, but not for long.
    private static readonly TimeSpan ChildAwaited = TimeSpan.FromSeconds(30);

    private readonly Discovery discovery = new(api);
    private readonly Dictionary<ShardId, Shard> listed = [];
    private readonly Dictionary<ShardId, ShardProgress> progress = [];
    private readonly Dictionary<ShardId, ActiveShard> active = [];
    private readonly Queue<ShardId> ended = new();
    private readonly Dictionary<ShardId, DateTimeOffset> childless = [];
    private HashSet<ShardId> vanishedBefore = [];
    private Pacing listingPacing = Pacing.Start;
    private TimeSpan relistIn = RelistFirst;
    private long news;
    private long? newsWhenListed;
    private bool isLoaded;

    public StreamArn Stream { get; } = stream;

    /// <summary>Shards that may be read and are not being read at this moment.</summary>
    public IEnumerable<ActiveShard> Idle => active.Values.Where(shard => !shard.IsBusy);

    /// <summary>When the shards are to be listed next.</summary>
    public DateTimeOffset ListingDue { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Whether a listing is under way.</summary>
    public bool IsListing { get; private set; }

    /// <summary>Up to when each quiet shard is taken for read.</summary>
    public IReadOnlyDictionary<ShardId, DateTimeOffset> ReadThrough => active.Values
        .Where(shard => shard.Reader.ReadThrough is not null)
        .ToDictionary(shard => shard.Reader.Progress.Shard, shard => shard.Reader.ReadThrough!.Value);

    /// <summary>Whether everything there is has been read, and a listing made since shows no other shard.</summary>
    public bool IsDrained(TimeSpan drainAfter)
    {
        var now = time.GetUtcNow();
        if (newsWhenListed is null || IsListing || ended.Count > 0 || active.Values.Any(shard => shard.IsBusy || !shard.Pacing.IsQuiet(now, drainAfter)))
        {
            return false;
        }

        if (newsWhenListed == news)
        {
            return !IsChildAwaited(now);
        }

        ListingDue = now;
        return false;
    }

    /// <summary>Begins to list the shards.</summary>
    /// <remarks>Settling it throws <see cref="LostChangesException"/> where a shard vanished with changes in it that were not read.</remarks>
    public Work StartListing(CancellationToken ct)
    {
        IsListing = true;
        return new Work($"{Stream.Table}: listing its shards", ListAsync(ct), () => IsListing = false, PostponeListing);
    }

    /// <summary>Begins to look for the children of shards that have ended; the service may be able to list them alone.</summary>
    public IEnumerable<Work> StartFindingChildren(CancellationToken ct)
    {
        while (ended.TryDequeue(out var parent))
        {
            // The next full listing finds them as well: a failure needs no second try of its own.
            yield return new Work($"{Stream.Table}: listing its shards", FindChildrenAsync(parent, ct), () => { }, () => { });
        }
    }

    /// <summary>Begins to read one page of a shard.</summary>
    public Work StartRead(ActiveShard shard, CancellationToken stop, CancellationToken abandon)
    {
        shard.IsBusy = true;
        return new Work($"{Stream.Table}: reading its changes", ReadAsync(shard, stop, abandon), () => shard.IsBusy = false, () => PostponeRead(shard));
    }

    private async Task<Action> ListAsync(CancellationToken ct)
    {
        var newsBefore = news;
        var known = isLoaded ? [] : await journal.ReadAsync(Stream, ct);
        var listing = await discovery.ListAsync(Stream, ct);
        return () =>
        {
            foreach (var row in known)
            {
                progress[row.Shard] = row;
            }

            isLoaded = true;
            Note(listing, newsBefore);
        };
    }

    private async Task<Action> ReadAsync(ActiveShard shard, CancellationToken stop, CancellationToken abandon)
    {
        var result = await shard.Reader.ReadAsync(stop, abandon);
        return () => Settle(shard, result);
    }

    private async Task<Action> FindChildrenAsync(ShardId ended, CancellationToken ct)
    {
        var children = await discovery.ChildrenAsync(Stream, ended, ct);
        return () =>
        {
            foreach (var child in children)
            {
                listed[child.Id] = child;
            }

            StartReadable();
        };
    }

    private void Settle(ActiveShard shard, ReadResult result)
    {
        var now = time.GetUtcNow();
        (shard.Pacing, var pause) = result == ReadResult.Empty
            ? shard.Pacing.AfterEmpty(now, options.Pacing)
            : Pacing.AfterRecords(fullPage: result != ReadResult.Records);
        shard.Due = now + pause;
        news += result == ReadResult.Empty ? 0 : 1;
        progress[shard.Reader.Progress.Shard] = shard.Reader.Progress;
        if (result == ReadResult.Ended)
        {
            active.Remove(shard.Reader.Progress.Shard);
            ended.Enqueue(shard.Reader.Progress.Shard);
            relistIn = RelistFirst;
            ListingDue = Earlier(ListingDue, now + RelistFirst);
            StartReadable();
        }
    }

    private void PostponeRead(ActiveShard shard)
    {
        (shard.Pacing, var pause) = shard.Pacing.AfterFailure(random);
        shard.Due = time.GetUtcNow() + pause;
    }

    private void PostponeListing()
    {
        (listingPacing, var pause) = listingPacing.AfterFailure(random);
        ListingDue = time.GetUtcNow() + pause;
    }

    private void Note(Listing listing, long newsBefore)
    {
        listed.Clear();
        foreach (var shard in listing.Shards)
        {
            listed[shard.Id] = shard;
        }

        // A listing can be partial for a moment; what is missing from two in a row is gone.
        var vanished = Lineage.Vanished(listed.Values, progress);
        if (vanished.FirstOrDefault(lost => vanishedBefore.Contains(lost.Shard)) is { } lost)
        {
            throw new LostChangesException(Stream, lost);
        }

        vanishedBefore = [.. vanished.Select(shard => shard.Shard)];
        NoteChildless(listing.Status);
        newsWhenListed = newsBefore;
        listingPacing = Pacing.Start;
        StartReadable();

        // A shard that has just ended may have no child for a moment yet: its successor is looked for sooner, then ever later.
        var awaited = (IsEnabled(listing.Status) && active.Count == 0) || IsChildAwaited(time.GetUtcNow());
        var pause = awaited || vanished.Count > 0 ? relistIn : options.SweepEvery;
        relistIn = awaited ? TimeSpan.FromTicks(Math.Min(relistIn.Ticks * 2, options.SweepEvery.Ticks)) : RelistFirst;
        ListingDue = time.GetUtcNow() + pause;
    }

    // While a stream is on, a shard that has ended is continued by another, which may be listed some moments late.
    private void NoteChildless(string status)
    {
        var parents = listed.Values.Select(shard => shard.Parent).ToHashSet();
        var without = IsEnabled(status)
            ? listed.Keys.Where(id => progress.TryGetValue(id, out var known) && known.Finished && !parents.Contains(id)).ToHashSet()
            : [];
        foreach (var id in childless.Keys.Where(id => !without.Contains(id)).ToList())
        {
            childless.Remove(id);
        }

        foreach (var id in without)
        {
            childless.TryAdd(id, time.GetUtcNow());
        }
    }

    private bool IsChildAwaited(DateTimeOffset now) => childless.Values.Any(since => now - since < ChildAwaited);

    private static bool IsEnabled(string status) => status is "ENABLED" or "ENABLING";

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private void StartReadable()
    {
        foreach (var shard in Lineage.Readable(listed.Values, progress).Where(shard => !active.ContainsKey(shard.Id)))
        {
            var start = (progress.GetValueOrDefault(shard.Id) ?? ShardProgress.None(shard)) with { Parent = shard.Parent };
            active.Add(shard.Id, new ActiveShard(new ShardReader(Stream, start, api, journal, time)));
            news++;
        }
    }
}

/// <summary>Something under way: I/O whose result is an action, to be run on the worker's loop.</summary>
/// <param name="What">What it is, for people.</param>
/// <param name="Settle">Gives the action.</param>
/// <param name="Release">Runs on the loop when the I/O is over, however it ended.</param>
/// <param name="Postpone">Runs on the loop when it failed and is to be tried later.</param>
internal sealed record Work(string What, Task<Action> Settle, Action Release, Action Postpone);

/// <summary>A shard that is being read.</summary>
internal sealed class ActiveShard(ShardReader reader)
{
    public ShardReader Reader { get; } = reader;

    public Pacing Pacing { get; set; } = Pacing.Start;

    public DateTimeOffset Due { get; set; } = DateTimeOffset.MinValue;

    public bool IsBusy { get; set; }
}
