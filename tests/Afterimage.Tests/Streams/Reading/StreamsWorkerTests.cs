using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Streams.Reading;

public sealed class StreamsWorkerTests
{
    private readonly ListJournal journal = new();
    private readonly List<WorkerNotice> notices = [];
    private readonly LeapingTime time = new();

    [Fact]
    public async Task Every_record_of_every_shard_is_kept_in_order()
    {
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["1", "2", "3", "4", "5", "6", "7"]);
        stream.AddShard("b", sequences: ["11", "12"]);

        await DrainAsync(stream);

        journal.Kept.Where(sequence => sequence.Length == 1).ShouldBe(["1", "2", "3", "4", "5", "6", "7"]);
        journal.Kept.Where(sequence => sequence.Length == 2).ShouldBe(["11", "12"]);
    }

    [Fact]
    public async Task Pain_16_parents_are_read_before_their_children()
    {
        var stream = new FakeStream();
        stream.AddShard("grandchild", "child", isClosed: false, "5");
        stream.AddShard("child", "parent", isClosed: true, "3", "4");
        stream.AddShard("parent", null, isClosed: true, "1", "2");

        await DrainAsync(stream);

        journal.Kept.ShouldBe(["1", "2", "3", "4", "5"]);
        stream.ReadOrder.ShouldBe(["parent", "child", "grandchild"]);
    }

    [Fact]
    public async Task Pain_2_the_child_of_a_shard_that_rolls_while_it_is_read_is_followed()
    {
        var stream = new FakeStream();
        stream.AddShard("parent", sequences: ["1"]);
        journal.Before = _ =>
        {
            journal.Before = _ => Task.CompletedTask;
            stream.Close("parent");
            stream.AddShard("child", "parent", sequences: ["2"]);
            return Task.CompletedTask;
        };

        await DrainAsync(stream);

        journal.Kept.ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task Pain_1_a_shard_that_ended_before_it_had_a_child_is_not_the_end_of_the_stream()
    {
        using var stop = new CancellationTokenSource();
        var stream = new FakeStream();
        stream.AddShard("parent", null, isClosed: true, "1");
        var listings = 0;
        stream.Before = call =>
        {
            if (call == "DescribeStream" && ++listings == 9)
            {
                stream.AddShard("child", "parent", isClosed: false, "2");
            }
        };
        journal.Before = batch => batch.Shard.Value == "child" ? stop.CancelAsync() : Task.CompletedTask;

        await FollowAsync(stream, stop.Token);

        journal.Kept.ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task Pain_14_a_closed_shard_that_was_read_in_part_is_not_finished()
    {
        using var stop = new CancellationTokenSource();
        var stream = new FakeStream();
        stream.AddShard("a", null, isClosed: true, "1", "2", "3", "4", "5");
        journal.Before = _ => stop.CancelAsync();

        await FollowAsync(stream, stop.Token);
        (await journal.ReadAsync(FakeStream.Arn, TestContext.Current.CancellationToken)).Single().Finished.ShouldBeFalse();

        journal.Before = _ => Task.CompletedTask;
        await DrainAsync(stream);
        journal.Kept.ShouldBe(["1", "2", "3", "4", "5"]);
    }

    [Fact]
    public async Task Pain_9_records_in_the_last_response_of_a_shard_are_kept()
    {
        var stream = new FakeStream();
        stream.AddShard("a", null, isClosed: true, "1", "2");

        await DrainAsync(stream);

        journal.Kept.ShouldBe(["1", "2"]);
        (await journal.ReadAsync(FakeStream.Arn, TestContext.Current.CancellationToken)).Single().Finished.ShouldBeTrue();
    }

    [Fact]
    public async Task Pain_10_an_empty_page_is_not_taken_for_the_end_of_a_shard()
    {
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["1", "-", "-", "2", "-", "3"]);

        await DrainAsync(stream);

        journal.Kept.ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task Pain_15_all_pages_of_the_listing_are_followed()
    {
        var stream = new FakeStream { ListingPage = 100 };
        for (var shard = 0; shard < 250; shard++)
        {
            stream.AddShard($"shard-{shard:000}", sequences: [$"{shard + 1}"]);
        }

        await DrainAsync(stream);

        journal.Kept.Count.ShouldBe(250);
    }

    [Fact]
    public async Task A_service_that_does_not_know_the_filter_for_children_is_followed_all_the_same()
    {
        var stream = new FakeStream { KnowsShardFilter = false };
        stream.AddShard("parent", null, isClosed: true, "1");
        stream.AddShard("child", "parent", isClosed: false, "2");
        stream.AddShard("other", sequences: ["11"]);

        await DrainAsync(stream);

        journal.Kept.Order().ShouldBe(["1", "11", "2"]);
    }

    [Fact]
    public async Task A_restart_goes_on_after_the_last_record_that_was_kept()
    {
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["8", "9", "10", "11"]);
        journal.Put(new ShardProgress(new ShardId("a"), null, new SequenceNumber("9"), 2, false));

        await DrainAsync(stream);

        journal.Kept.ShouldBe(["10", "11"]);
    }

    [Fact]
    public async Task Pain_4_an_expired_iterator_is_replaced_by_one_after_the_last_record_that_was_kept()
    {
        var stream = new FakeStream { PageSize = 1 };
        stream.AddShard("a", sequences: ["1", "2", "3"]);
        var calls = 0;
        stream.Before = call =>
        {
            if (call == "GetRecords" && ++calls == 2)
            {
                throw new ExpiredIteratorException("older than 15 minutes", 400, null);
            }
        };

        await DrainAsync(stream);

        journal.Kept.ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task Pain_5_the_position_is_not_moved_past_a_batch_that_could_not_be_kept()
    {
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["1", "2"]);
        journal.Before = _ => throw new AfterimageException("The disk is full.", "Make room.");

        await Should.ThrowAsync<AfterimageException>(() => DrainAsync(stream));
        (await journal.ReadAsync(FakeStream.Arn, TestContext.Current.CancellationToken)).ShouldBeEmpty();

        journal.Before = _ => Task.CompletedTask;
        await DrainAsync(stream);
        journal.Kept.ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task Pain_7_a_position_older_than_the_horizon_is_an_error_and_never_passed_over_in_silence()
    {
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["1"]);
        stream.Before = call =>
        {
            if (call == "GetShardIterator")
            {
                throw new TrimmedDataException("trimmed", 400, null);
            }
        };
        journal.Put(new ShardProgress(new ShardId("a"), null, new SequenceNumber("1"), 1, false));

        var lost = await Should.ThrowAsync<LostChangesException>(() => DrainAsync(stream));

        lost.Message.ShouldContain("after sequence number 1");
    }

    [Fact]
    public async Task A_shard_that_vanished_from_one_listing_is_looked_for_in_a_second()
    {
        var stream = new FakeStream();
        stream.AddShard("here", sequences: ["1"]);
        journal.Put(new ShardProgress(new ShardId("gone"), null, new SequenceNumber("1"), 1, false));

        await Should.ThrowAsync<LostChangesException>(() => FollowAsync(stream, TestContext.Current.CancellationToken));

        stream.Listings.ShouldBe(2);
    }

    [Fact]
    public async Task Pain_18_an_endpoint_that_is_down_is_waited_for_and_said_once()
    {
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["1"]);
        var failures = 0;
        stream.Before = call =>
        {
            if (failures++ < 10)
            {
                throw new EndpointUnreachableException(new Uri("http://127.0.0.1:1"), "connection refused");
            }
        };

        await DrainAsync(stream);

        journal.Kept.ShouldBe(["1"]);
        notices.Count(notice => notice is WorkerNotice.Failing).ShouldBe(1);
        notices.Count(notice => notice is WorkerNotice.Recovered).ShouldBe(1);
    }

    [Fact]
    public async Task An_error_that_waiting_does_not_mend_ends_the_run()
    {
        var stream = new FakeStream { Before = _ => throw new AccessDeniedException("AccessDeniedException", "not allowed", 400, null) };
        stream.AddShard("a", sequences: ["1"]);

        await Should.ThrowAsync<AccessDeniedException>(() => DrainAsync(stream));
    }

    [Fact]
    public async Task A_stop_finishes_the_batch_in_hand()
    {
        using var stop = new CancellationTokenSource();
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["1", "2", "3", "4"]);
        journal.Before = _ => stop.CancelAsync();

        await FollowAsync(stream, stop.Token);

        journal.Kept.ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task Pain_20_what_another_worker_has_kept_meanwhile_is_not_kept_twice()
    {
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["1", "2", "3", "4", "5"]);
        journal.Before = _ =>
        {
            journal.Before = _ => Task.CompletedTask;
            journal.Put(new ShardProgress(new ShardId("a"), null, new SequenceNumber("2"), 2, false));
            return Task.CompletedTask;
        };

        await DrainAsync(stream);

        journal.Kept.ShouldBe(["3", "4", "5"]);
    }

    [Fact]
    public async Task A_drain_ends_only_when_a_listing_made_after_the_last_record_shows_no_other_shard()
    {
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["1"]);
        var reads = 0;
        stream.Before = call =>
        {
            // A shard that appears while the first one is already quiet.
            if (call == "GetRecords" && ++reads == 4)
            {
                stream.AddShard("late", sequences: ["11"]);
            }
        };

        await DrainAsync(stream);

        journal.Kept.ShouldBe(["1", "11"]);
    }

    private Task DrainAsync(FakeStream stream) =>
        Worker(stream, TimeSpan.FromSeconds(2)).RunAsync([FakeStream.Arn], TestContext.Current.CancellationToken, CancellationToken.None);

    private Task FollowAsync(FakeStream stream, CancellationToken stop) => Worker(stream, drainAfter: null).RunAsync([FakeStream.Arn], stop, CancellationToken.None);

    private StreamsWorker Worker(FakeStream stream, TimeSpan? drainAfter) =>
        new(stream, journal, new WorkerOptions { DrainAfter = drainAfter }, new Notices(notices), time, new Random(1));

    private sealed class Notices(List<WorkerNotice> list) : IProgress<WorkerNotice>
    {
        public void Report(WorkerNotice value) => list.Add(value);
    }
}
