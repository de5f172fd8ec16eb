using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Streams.Reading;

/// <summary>What is read, and in which order.</summary>
public sealed class StreamsWorkerTests
{
    private readonly WorkerRig rig = new();

    [Fact]
    public async Task Every_record_of_every_shard_is_kept_in_order()
    {
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["1", "2", "3", "4", "5", "6", "7"]);
        stream.AddShard("b", sequences: ["11", "12"]);

        await rig.DrainAsync(stream);

        rig.Journal.Kept.Where(sequence => sequence.Length == 1).ShouldBe(["1", "2", "3", "4", "5", "6", "7"]);
        rig.Journal.Kept.Where(sequence => sequence.Length == 2).ShouldBe(["11", "12"]);
    }

    [Fact]
    public async Task Pain_16_parents_are_read_before_their_children()
    {
        var stream = new FakeStream();
        stream.AddShard("grandchild", "child", isClosed: false, "5");
        stream.AddShard("child", "parent", isClosed: true, "3", "4");
        stream.AddShard("parent", null, isClosed: true, "1", "2");

        await rig.DrainAsync(stream);

        rig.Journal.Kept.ShouldBe(["1", "2", "3", "4", "5"]);
        stream.ReadOrder.ShouldBe(["parent", "child", "grandchild"]);
    }

    [Fact]
    public async Task Pain_2_the_child_of_a_shard_that_rolls_while_it_is_read_is_followed()
    {
        var stream = new FakeStream();
        stream.AddShard("parent", sequences: ["1"]);
        rig.Journal.Before = _ =>
        {
            rig.Journal.Before = _ => Task.CompletedTask;
            stream.Close("parent");
            stream.AddShard("child", "parent", sequences: ["2"]);
            return Task.CompletedTask;
        };

        await rig.DrainAsync(stream);

        rig.Journal.Kept.ShouldBe(["1", "2"]);
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
        rig.Journal.Before = batch => batch.Shard.Value == "child" ? stop.CancelAsync() : Task.CompletedTask;

        await rig.FollowAsync(stream, stop.Token);

        rig.Journal.Kept.ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task Pain_9_records_in_the_last_response_of_a_shard_are_kept()
    {
        var stream = new FakeStream();
        stream.AddShard("a", null, isClosed: true, "1", "2");

        await rig.DrainAsync(stream);

        rig.Journal.Kept.ShouldBe(["1", "2"]);
        rig.Journal.Rows.Single().Finished.ShouldBeTrue();
    }

    [Fact]
    public async Task Pain_10_an_empty_page_is_not_taken_for_the_end_of_a_shard()
    {
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["1", "-", "-", "2", "-", "3"]);

        await rig.DrainAsync(stream);

        rig.Journal.Kept.ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task Pain_15_all_pages_of_the_listing_are_followed()
    {
        var stream = new FakeStream { ListingPage = 100 };
        for (var shard = 0; shard < 250; shard++)
        {
            stream.AddShard($"shard-{shard:000}", sequences: [$"{shard + 1}"]);
        }

        await rig.DrainAsync(stream);

        rig.Journal.Kept.Count.ShouldBe(250);
    }

    [Fact]
    public async Task A_backlog_is_read_five_pages_a_second_once_what_was_saved_up_is_used()
    {
        var stream = new FakeStream { PageSize = 1_000 };
        stream.AddShard("a", null, isClosed: true, [.. Enumerable.Range(1, 70_000).Select(number => $"{number}")]);
        var reads = new List<DateTimeOffset>();
        stream.Before = call => reads.AddRange(call == "GetRecords" ? [rig.Now] : []);

        await rig.DrainAsync(stream);

        reads.Count.ShouldBe(70);
        (reads[49] - reads[0]).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        (reads[^1] - reads[49]).ShouldBe(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_service_that_does_not_know_the_filter_for_children_is_followed_all_the_same()
    {
        var stream = new FakeStream { KnowsShardFilter = false };
        stream.AddShard("parent", null, isClosed: true, "1");
        stream.AddShard("child", "parent", isClosed: false, "2");
        stream.AddShard("other", sequences: ["11"]);

        await rig.DrainAsync(stream);

        rig.Journal.Kept.Order().ShouldBe(["1", "11", "2"]);
    }

    [Fact]
    public async Task A_restart_goes_on_after_the_last_record_that_was_kept()
    {
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["8", "9", "10", "11"]);
        rig.Journal.Put(new ShardProgress(new ShardId("a"), null, new SequenceNumber("9"), 2, false));

        await rig.DrainAsync(stream);

        rig.Journal.Kept.ShouldBe(["10", "11"]);
    }

    [Fact]
    public async Task A_drain_waits_for_the_child_of_a_shard_that_ended_though_it_is_listed_late()
    {
        var stream = new FakeStream();
        stream.AddShard("a", null, isClosed: true, "1");
        var described = 0;
        stream.Before = call =>
        {
            if (call == "DescribeStream" && ++described == 6)
            {
                stream.AddShard("b", "a", isClosed: false, "2");
            }
        };

        await rig.DrainAsync(stream);

        rig.Journal.Kept.ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task A_shard_that_was_there_when_the_stream_was_begun_at_its_newest_passes_over_what_is_older()
    {
        var stream = new FakeStream();
        stream.AddShard("old", sequences: ["1", "2"]);
        rig.Journal.Beginnings.Add(new StreamBeginning(FakeStream.Arn, null, DateTimeOffset.FromUnixTimeSeconds(1_795_302_519 + 120), StartFrom.Latest, [new ShardId("old")], []));
        stream.AddShard("new", sequences: ["11"]);

        await rig.DrainAsync(stream);

        rig.Journal.Kept.ShouldBe(["11"]);
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

        await rig.DrainAsync(stream);

        rig.Journal.Kept.ShouldBe(["1", "11"]);
    }
}
