using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Streams.Reading;

/// <summary>What happens when something stands in the way of reading.</summary>
public sealed class StreamsWorkerTroubleTests
{
    private readonly WorkerRig rig = new();

    [Fact]
    public async Task Pain_14_a_closed_shard_that_was_read_in_part_is_not_finished()
    {
        using var stop = new CancellationTokenSource();
        var stream = new FakeStream();
        stream.AddShard("a", null, isClosed: true, "1", "2", "3", "4", "5");
        rig.Journal.Before = _ => stop.CancelAsync();

        await rig.FollowAsync(stream, stop.Token);
        rig.Journal.Rows.Single().Finished.ShouldBeFalse();

        rig.Journal.Before = _ => Task.CompletedTask;
        await rig.DrainAsync(stream);
        rig.Journal.Kept.ShouldBe(["1", "2", "3", "4", "5"]);
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

        await rig.DrainAsync(stream);

        rig.Journal.Kept.ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task Pain_5_the_position_is_not_moved_past_a_batch_that_could_not_be_kept()
    {
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["1", "2"]);
        rig.Journal.Before = _ => throw new AfterimageException("The disk is full.", "Make room.");

        await Should.ThrowAsync<AfterimageException>(() => rig.DrainAsync(stream));
        rig.Journal.Rows.ShouldBeEmpty();

        rig.Journal.Before = _ => Task.CompletedTask;
        await rig.DrainAsync(stream);
        rig.Journal.Kept.ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task Pain_7_a_position_older_than_the_horizon_becomes_a_gap_and_reading_goes_on_from_the_horizon()
    {
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["5", "6"]);
        stream.BeforeIterator = after => _ = after is null ? string.Empty : throw new TrimmedDataException("trimmed", 400, null);
        rig.Journal.Put(new ShardProgress(new ShardId("a"), null, new SequenceNumber("1"), 1, false));

        await rig.DrainAsync(stream);

        var gap = rig.Journal.Gaps.Single();
        (gap.Last?.Text, gap.Next?.Text, gap.Cause).ShouldBe(("1", "5", GapCause.Trimmed));
        rig.Journal.Kept.ShouldBe(["5", "6"]);
    }

    [Fact]
    public async Task A_shard_that_vanished_from_one_listing_is_looked_for_in_a_second_and_then_kept_as_a_gap()
    {
        var stream = new FakeStream();
        stream.AddShard("here", sequences: ["1"]);
        rig.Journal.Put(new ShardProgress(new ShardId("gone"), null, new SequenceNumber("1"), 1, false));
        var listings = new List<int>();
        rig.Journal.OnGap = _ => listings.Add(stream.Listings);

        await rig.DrainAsync(stream);

        listings.ShouldBe([2]);
        rig.Journal.Gaps.Single().ShouldSatisfyAllConditions(
            gap => gap.Shard.Value.ShouldBe("gone"),
            gap => gap.Cause.ShouldBe(GapCause.ShardGone),
            gap => gap.Certainty.ShouldBe(GapCertainty.Possible));
        rig.Journal.Rows.Single(row => row.Shard.Value == "gone").Finished.ShouldBeTrue();
        rig.Journal.Kept.ShouldBe(["1"]);
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

        await rig.DrainAsync(stream);

        rig.Journal.Kept.ShouldBe(["1"]);
        rig.Notices.Count(notice => notice is WorkerNotice.Failing).ShouldBe(1);
        rig.Notices.Count(notice => notice is WorkerNotice.Recovered).ShouldBe(1);
    }

    [Fact]
    public async Task An_error_that_waiting_does_not_mend_ends_the_run()
    {
        var stream = new FakeStream { Before = _ => throw new AccessDeniedException("AccessDeniedException", "not allowed", 400, null) };
        stream.AddShard("a", sequences: ["1"]);

        await Should.ThrowAsync<AccessDeniedException>(() => rig.DrainAsync(stream));
    }

    [Fact]
    public async Task A_stop_finishes_the_batch_in_hand()
    {
        using var stop = new CancellationTokenSource();
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["1", "2", "3", "4"]);
        rig.Journal.Before = _ => stop.CancelAsync();

        await rig.FollowAsync(stream, stop.Token);

        rig.Journal.Kept.ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task Pain_20_what_another_worker_has_kept_meanwhile_is_not_kept_twice()
    {
        var stream = new FakeStream();
        stream.AddShard("a", sequences: ["1", "2", "3", "4", "5"]);
        rig.Journal.Before = _ =>
        {
            rig.Journal.Before = _ => Task.CompletedTask;
            rig.Journal.Put(new ShardProgress(new ShardId("a"), null, new SequenceNumber("2"), 2, false));
            return Task.CompletedTask;
        };

        await rig.DrainAsync(stream);

        rig.Journal.Kept.ShouldBe(["3", "4", "5"]);
    }
}
