using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Tests.Simulation;

/// <summary>DynamoDB Streams as one process sees it: the truth of the tables, through the weather.</summary>
internal sealed class SimApi(SimWorld world, SimProcess process, Random random) : IStreamsApi
{
    private const int EmptyPagesInRow = 2;

    private static readonly TimeSpan IteratorLife = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, Place> places = [];
    private readonly Dictionary<SimStream, List<HashSet<SimShard>>> omitted = [];
    private long iterators;

    /// <summary>How often a shard was opened.</summary>
    public int Opened { get; private set; }

    public Task<StreamDescription> DescribeStreamAsync(StreamArn stream, ShardId? after, ShardId? childrenOf, CancellationToken ct) => AnswerAsync($"DescribeStream {stream.Table} {stream.Label} after {after} children of {childrenOf}", () =>
    {
        var truth = Find(stream);
        var left = Omitted(truth, isNew: after is null && childrenOf is null);
        var listed = truth.Shards.Where(shard => !shard.IsGone && shard.ListedFrom <= world.Loop.Now && !left.Contains(shard));
        if (childrenOf is { } parent && world.Weather.KnowsShardFilter)
        {
            listed = listed.Where(shard => shard.Parent?.Id == parent);
        }

        var past = after is { } last ? truth.Shards.FindIndex(shard => shard.Id == last) : -1;
        var rest = listed.Where(shard => shard.Place > past).ToList();
        if (after is { } same && rest.Count > 0 && random.NextDouble() < world.Weather.EmptyPages / 4)
        {
            return Describe(truth, [], same);
        }

        var page = rest.Take(world.Weather.ListingPage).ToList();
        return Describe(truth, page, page.Count < rest.Count ? page[^1].Id : null);
    }, ct);

    public Task<string> GetShardIteratorAsync(StreamArn stream, ShardId shard, SequenceNumber? after, CancellationToken ct) => AnswerAsync($"GetShardIterator {stream.Table} {shard} after {SimWords.Short(after)}", () =>
    {
        var truth = FindShard(stream, shard);
        Opened++;
        var at = truth.Trimmed;
        if (after is { } kept)
        {
            at = truth.Changes.FindIndex(change => change.Sequence == kept) + 1;
            if (at <= truth.Trimmed)
            {
                throw new TrimmedDataException($"{kept} of {shard} lies before the horizon", 400, null);
            }
        }

        return Iterator(new Place(truth, at, world.Loop.Now, 0));
    }, ct);

    public Task<RecordsPage> GetRecordsAsync(string iterator, CancellationToken ct) => AnswerAsync($"GetRecords {iterator}", () =>
    {
        var place = places[iterator];
        var shard = FindShard(place.Shard.Stream.Arn, place.Shard.Id);
        world.Trail.Leases.WhenRead(shard.Stream.Arn, shard.Id, process, world.IsEverSlow);
        if (world.Loop.Now - place.MadeAt > IteratorLife || random.NextDouble() < world.Weather.Expiries)
        {
            // Whatever ends its life before the time, it does not come back.
            places[iterator] = place with { MadeAt = DateTimeOffset.MinValue };
            throw new ExpiredIteratorException("older than 15 minutes", 400, null);
        }

        if (place.At < shard.Trimmed || (world.Weather.DeniesTheHorizon && shard.IsAllTrimmed))
        {
            throw new TrimmedDataException("the iterator points before the horizon", 400, null);
        }

        if (place.EmptyPages < EmptyPagesInRow && random.NextDouble() < world.Weather.EmptyPages)
        {
            return new RecordsPage([], Iterator(place with { MadeAt = world.Loop.Now, EmptyPages = place.EmptyPages + 1 }));
        }

        var from = random.NextDouble() < world.Weather.Repeats ? Math.Max(shard.Trimmed, place.At - random.Next(1, 4)) : place.At;
        var page = shard.Changes.Skip(from).Take(place.At - from + world.Weather.RecordsPage).ToList();
        var next = from + page.Count;
        var isRead = next == shard.Changes.Count && shard.ClosedAt is not null;
        return new RecordsPage([.. page.Select(change => change.Record)], isRead ? null : Iterator(new Place(shard, next, world.Loop.Now, 0)));
    }, ct);

    public Task<StreamsPage> ListStreamsAsync(string? table, StreamArn? after, CancellationToken ct) => AnswerAsync($"ListStreams {table}", () =>
    {
        var all = world.Tables.Where(one => table is null || one.Name == table).SelectMany(one => one.Streams).Where(stream => !stream.IsGone)
            .Select(stream => stream.Arn).SkipWhile(arn => after is not null && arn != after).Skip(after is null ? 0 : 1).ToList();
        var page = all.Take(world.Weather.ListingPage).ToList();
        return new StreamsPage(page, page.Count < all.Count ? page[^1] : null);
    }, ct);

    private Task<T> AnswerAsync<T>(FormattableString call, Func<T> effect, CancellationToken ct) => SimCall.MakeAsync(world, process, call, random, () =>
    {
        var weather = world.Weather;
        SimFaults.Throw(weather, random);
        return effect();
    }, ct);

    private StreamDescription Describe(SimStream stream, IEnumerable<SimShard> shards, ShardId? last)
    {
        var status = stream.DisabledAt is null ? "ENABLED" : "DISABLED";
        var shown = shards.Select(shard => new Shard(
            shard.Id, shard.Parent?.Id, random.Next(8) == 0 ? null : shard.Starting, shard.ShownClosedFrom <= world.Loop.Now ? shard.Ending : null));
        return new StreamDescription(stream.Arn, status, "KEYS_ONLY", [.. shown], last);
    }

    private string Iterator(Place place)
    {
        var name = $"{place.Shard.Id}#{++iterators}";
        places.Add(name, place);
        return name;
    }

    private SimStream Find(StreamArn arn)
    {
        world.Tables.Find(table => table.Name == arn.Table)?.ThrowIfDenied();
        return world.FindStream(arn) is { IsGone: false } stream && !IsFalselyNotFound()
            ? stream
            : throw new ResourceNotFoundException($"no stream {arn}", 400, null);
    }

    private SimShard FindShard(StreamArn arn, ShardId id) => Find(arn).Shards.Find(shard => shard.Id == id) is { IsGone: false } shard
        ? shard
        : throw new ResourceNotFoundException($"no shard {id}", 400, null);

    private bool IsFalselyNotFound()
    {
        var isFalse = world.MaySayNotFound() && random.NextDouble() < world.Weather.FalseNotFounds;
        if (isFalse)
        {
            world.SaidNotFound();
        }

        return isFalse;
    }

    // A shard that is there is never left out of two listings in a row: three, since a listing may have begun in vain.
    private HashSet<SimShard> Omitted(SimStream stream, bool isNew)
    {
        var listings = omitted.TryGetValue(stream, out var known) ? known : omitted[stream] = [[]];
        if (isNew)
        {
            var lately = listings.TakeLast(3).SelectMany(one => one).ToHashSet();
            listings.Add([.. stream.Shards.Where(shard => !lately.Contains(shard) && random.NextDouble() < world.Weather.Omissions)]);
        }

        return listings[^1];
    }

    private sealed record Place(SimShard Shard, int At, DateTimeOffset MadeAt, int EmptyPages);
}
