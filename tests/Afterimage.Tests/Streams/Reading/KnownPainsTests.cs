using Afterimage.Streams.Aws;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Streams.Reading;

/// <summary>What users of other readers suffer from and no other test here is about (docs/pains.md).</summary>
public sealed class KnownPainsTests : IProgress<WorkerNotice>
{
    private readonly LeapingTime time = new();
    private readonly FakeStream stream = new();
    private readonly ListJournal journal = new();
    private readonly List<WorkerNotice> notices = [];

    void IProgress<WorkerNotice>.Report(WorkerNotice value) => notices.Add(value);

    [Fact]
    public async Task Pain_3_a_listing_that_breaks_off_at_every_second_call_goes_on_where_it_broke_off_and_is_no_silence()
    {
        AddShards(684);
        var calls = 0;
        stream.Before = call =>
        {
            if (call == "DescribeStream" && ++calls % 2 == 0)
            {
                throw new ThrottledException("LimitExceededException", "too many calls", 400, null);
            }
        };

        await DrainAsync();

        journal.Kept.Count.ShouldBe(684);
        notices.ShouldContain(notice => notice is WorkerNotice.Failing);
        notices.ShouldContain(notice => notice is WorkerNotice.Recovered);
    }

    [Fact]
    public async Task Pain_6_two_who_read_one_stream_keep_their_positions_apart()
    {
        stream.AddShard("a", sequences: ["1", "2", "3"]);
        var other = new ListJournal();

        await DrainAsync();
        stream.Write("a", "4");
        await Worker(TimeSpan.FromSeconds(2), other).RunAsync(stream.AsSource(time), TestContext.Current.CancellationToken, CancellationToken.None);
        await DrainAsync();

        journal.Kept.ShouldBe(["1", "2", "3", "4"]);
        other.Kept.ShouldBe(["1", "2", "3", "4"]);
    }

    [Fact]
    public async Task Pain_8_a_listing_of_1200_shards_takes_twelve_calls()
    {
        AddShards(1_200);
        var calls = 0;
        stream.Before = call => calls += call == "DescribeStream" ? 1 : 0;

        await DrainAsync();

        journal.Kept.Count.ShouldBe(1_200);
        calls.ShouldBe(stream.Listings);
        calls.ShouldBeLessThanOrEqualTo(5 * 12);
    }

    [Fact]
    public async Task Pain_12_one_worker_follows_as_many_shards_as_there_are()
    {
        AddShards(1_000);
        var rest = Enumerable.Range(2_001, 1_000).ToDictionary(number => $"shard-{number - 2_000}", number => $"{number}");
        journal.Before = batch =>
        {
            // Each shard gets another record while it is read: none is left aside.
            if (rest.Remove(batch.Shard.Value, out var another))
            {
                stream.Write(batch.Shard.Value, another);
            }

            return Task.CompletedTask;
        };

        await DrainAsync();

        journal.Kept.Distinct().Count().ShouldBe(2_000);
    }

    [Fact]
    public async Task Pain_13_an_idle_shard_is_read_every_five_seconds_and_as_seldom_as_one_likes()
    {
        stream.AddShard("a");

        (await ReadsOfAnIdleHourAsync(PacingOptions.Default)).ShouldBeInRange(700, 725);
        (await ReadsOfAnIdleHourAsync(PacingOptions.Default with { IdlePoll = TimeSpan.FromMinutes(1) })).ShouldBeInRange(55, 61);
    }

    [Fact]
    public async Task Pain_17_how_far_a_shard_lags_behind_is_known_while_it_is_silent_and_grows_while_it_cannot_be_read()
    {
        stream.AddShard("a");
        using var memory = new MemoryJournal((_, _) => Task.CompletedTask);

        await FollowAsync(memory, PacingOptions.Default, TimeSpan.FromMinutes(5), _ => { });
        (await LagAsync(memory)).ShouldBeLessThan(TimeSpan.FromSeconds(15));

        await FollowAsync(memory, PacingOptions.Default, TimeSpan.FromMinutes(10), call =>
        {
            if (call == "GetRecords")
            {
                throw new EndpointUnreachableException(new Uri("http://127.0.0.1:1"), "refused");
            }
        });
        (await LagAsync(memory)).ShouldBeGreaterThan(TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task Pain_21_what_is_written_while_a_reader_that_started_at_the_newest_is_down_is_read()
    {
        stream.AddShard("a");
        var latest = new FixedStreams(new FollowedStream(FakeStream.Arn, null, StartFrom.Latest, new StreamsAccess(stream, time)));

        await Worker(TimeSpan.FromSeconds(2), journal).RunAsync(latest, TestContext.Current.CancellationToken, CancellationToken.None);
        journal.Kept.ShouldBeEmpty();
        stream.Write("a", "1");
        stream.Close("a");
        stream.AddShard("b", "a", isClosed: false, "2");
        await Worker(TimeSpan.FromSeconds(2), journal).RunAsync(latest, TestContext.Current.CancellationToken, CancellationToken.None);

        journal.Kept.ShouldBe(["1", "2"]);
    }

    // The second hour: the first ten minutes of silence are read more often.
    private async Task<int> ReadsOfAnIdleHourAsync(PacingOptions pacing)
    {
        var (begin, reads) = (time.GetUtcNow() + TimeSpan.FromHours(1), 0);
        await FollowAsync(journal, pacing, TimeSpan.FromHours(2), call => reads += call == "GetRecords" && time.GetUtcNow() >= begin ? 1 : 0);
        return reads;
    }

    private void AddShards(int count)
    {
        for (var shard = 1; shard <= count; shard++)
        {
            stream.AddShard($"shard-{shard}", sequences: [$"{shard}"]);
        }
    }

    private Task DrainAsync() => Worker(TimeSpan.FromSeconds(2), journal).RunAsync(stream.AsSource(time), TestContext.Current.CancellationToken, CancellationToken.None);

    private async Task FollowAsync(IShardJournal to, PacingOptions pacing, TimeSpan howLong, Action<string> before)
    {
        using var stop = new CancellationTokenSource();
        var until = time.GetUtcNow() + howLong;
        stream.Before = call =>
        {
            if (time.GetUtcNow() > until)
            {
                stop.Cancel();
            }

            before(call);
        };
        await new StreamsWorker(to, new WorkerOptions { Pacing = pacing }, this, time, new Random(1)).RunAsync(stream.AsSource(time), stop.Token, CancellationToken.None);
    }

    private async Task<TimeSpan> LagAsync(MemoryJournal memory) =>
        time.GetUtcNow() - (await memory.ReadAsync(FakeStream.Arn, TestContext.Current.CancellationToken)).Shards.Single().ReadThrough.ShouldNotBeNull();

    private StreamsWorker Worker(TimeSpan? drainAfter, IShardJournal to) => new(to, new WorkerOptions { DrainAfter = drainAfter }, this, time, new Random(1));
}
