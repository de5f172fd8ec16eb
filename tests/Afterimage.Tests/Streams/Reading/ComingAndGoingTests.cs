using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Streams.Reading;

/// <summary>Streams that come, end, are gone, or are no longer wanted, while one worker runs.</summary>
public sealed class ComingAndGoingTests : IDisposable
{
    private readonly WorkerRig rig = new();
    private readonly ListSource source = new();
    private readonly FakeStream old = new();
    private readonly FakeStream fresh = new();
    private readonly CancellationTokenSource stop = new();

    public void Dispose() => stop.Dispose();

    [Fact]
    public async Task Pain_11_a_re_enabled_stream_is_begun_once_the_one_before_is_read_to_its_end()
    {
        old.AddShard("a", sequences: ["1"]);
        fresh.AddShard("b", sequences: ["2"]);
        Follow(old);
        source.OnLook = look =>
        {
            if (look == 3)
            {
                old.Write("a", "1001");
                Follow(fresh);
            }
            else if (look == 6)
            {
                rig.Journal.Kept.ShouldBe(["1", "1001"]);
                old.Close("a");
                old.Status = "DISABLED";
            }
        };

        await FollowUntilAsync("2");

        rig.Journal.Kept.ShouldBe(["1", "1001", "2"]);
        rig.Journal.Beginnings.Select(beginning => beginning.Previous).ShouldBe([null, source.Streams[0].Stream]);
        rig.Journal.Gaps.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_child_that_is_listed_late_keeps_the_stream_that_follows_waiting()
    {
        old.AddShard("a", null, isClosed: true, "1");
        old.Status = "DISABLED";
        fresh.AddShard("b", sequences: ["3"]);
        Follow(old);
        Follow(fresh);
        old.Before = call =>
        {
            if (call == "DescribeStream" && old.Listings == 2)
            {
                old.Before = _ => { };
                old.AddShard("child", "a", isClosed: true, "2");
            }
        };

        await FollowUntilAsync("3");

        rig.Journal.Kept.ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task A_stream_that_is_over_is_asked_nothing_any_more()
    {
        old.AddShard("a", null, isClosed: true, "1");
        old.Status = "DISABLED";
        Follow(old);
        var listings = 0;
        source.OnLook = look =>
        {
            listings = look == 10 ? old.Listings : listings;
            if (look == 20)
            {
                stop.Cancel();
            }
        };

        await rig.FollowAsync(source, stop.Token);

        old.Listings.ShouldBe(listings);
    }

    [Fact]
    public async Task A_stream_that_is_no_longer_named_keeps_the_page_in_hand_and_is_read_no_more()
    {
        old.AddShard("a", sequences: ["1", "2", "3", "4"]);
        Follow(old);
        var isFirst = true;
        rig.Journal.Before = async _ =>
        {
            if (isFirst)
            {
                isFirst = false;
                var looks = source.Looks;
                source.Streams.Clear();
                await WaitAsync(() => source.Looks > looks + 1);
            }
        };
        source.OnLook = look => _ = look == 30 ? stop.CancelAsync() : Task.CompletedTask;

        await rig.FollowAsync(source, stop.Token);

        rig.Journal.Kept.ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task A_stream_that_is_named_again_is_read_on_from_where_it_was_left()
    {
        old.AddShard("a", sequences: ["1"]);
        Follow(old);
        var again = source.Streams[0];
        source.OnLook = look =>
        {
            if (look == 3)
            {
                source.Streams.Clear();
                old.Write("a", "2");
            }
            else if (look == 6)
            {
                source.Streams.Add(again);
            }
        };

        await FollowUntilAsync("2");

        rig.Journal.Kept.ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task Pain_4_a_shard_of_a_deleted_stream_is_not_retried_for_ever_but_kept_as_one_gap_and_the_next_stream_begins()
    {
        fresh.AddShard("b", sequences: ["2"]);
        Follow(old);
        Follow(fresh);
        old.AddShard("a", sequences: ["1"]);
        old.AddShard("child", "a");
        source.IsGone = true;
        source.OnLook = look => old.Before = look == 3 ? Denied : old.Before;

        await FollowUntilAsync("2");

        var gap = rig.Journal.Gaps.Single();
        (gap.Shard.Value, gap.Cause, gap.Certainty).ShouldBe(("a", GapCause.StreamGone, GapCertainty.Possible));
        rig.Journal.Beginnings[^1].Previous.ShouldBe(source.Streams[0].Stream);
        rig.Notices.OfType<WorkerNotice.Noted>().Single().What.ShouldContain("is gone");
    }

    [Fact]
    public async Task A_stream_that_was_gone_before_anybody_read_it_leaves_its_place_to_the_one_before_it()
    {
        var between = new FakeStream { Before = Denied };
        old.AddShard("a", null, isClosed: true, "1");
        old.Status = "DISABLED";
        fresh.AddShard("b", sequences: ["2"]);
        source.IsGone = true;
        Follow(old);
        Follow(between);
        Follow(fresh);

        await FollowUntilAsync("2");

        rig.Journal.Beginnings.Select(beginning => beginning.Previous).ShouldBe([null, source.Streams[0].Stream]);
        rig.Journal.Gaps.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_denied_stream_that_is_not_gone_is_said_and_tried_again_and_never_a_gap()
    {
        old.AddShard("a", sequences: ["1"]);
        Follow(old);
        source.OnLook = look =>
        {
            old.Before = look is >= 3 and < 8 ? Denied : _ => { };
            if (look == 8)
            {
                old.Write("a", "2");
            }
        };

        await FollowUntilAsync("2");

        rig.Journal.Gaps.ShouldBeEmpty();
        rig.Notices.OfType<WorkerNotice.Failing>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task One_stream_among_many_without_permission_is_said_and_the_others_go_on()
    {
        old.AddShard("a", sequences: ["1"]);
        old.Before = _ => throw new AccessDeniedException("AccessDeniedException", "not allowed", 400, null);
        fresh.AddShard("b", sequences: ["2"]);
        source.Streams.Add(rig.Stream(1, old));
        source.Streams.Add(rig.Stream(2, fresh));
        rig.Journal.Before = _ =>
        {
            old.Before = _ => { };
            return Task.CompletedTask;
        };

        await FollowUntilAsync("1");

        rig.Journal.Kept.ShouldBe(["2", "1"]);
        rig.Notices.OfType<WorkerNotice.Failing>().Count().ShouldBe(1);
        rig.Notices.OfType<WorkerNotice.Recovered>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_permission_that_is_lost_after_something_was_read_does_not_end_the_run()
    {
        old.AddShard("a", sequences: ["1"]);
        Follow(old);
        source.OnLook = look =>
        {
            old.Before = look is >= 3 and < 8 ? _ => throw new AccessDeniedException("AccessDeniedException", "not allowed", 400, null) : _ => { };
            if (look == 8)
            {
                old.Write("a", "2");
            }
        };

        await FollowUntilAsync("2");

        rig.Journal.Kept.ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task A_source_that_fails_is_asked_again_and_what_it_named_is_followed_on()
    {
        old.AddShard("a", sequences: ["1"]);
        Follow(old);
        source.OnLook = look =>
        {
            if (look == 1)
            {
                throw new EndpointUnreachableException(new Uri("http://127.0.0.1:1"), "connection refused");
            }

            if (look is > 2 and < 5)
            {
                throw new AccessDeniedException("AccessDeniedException", "not allowed", 400, null);
            }

            if (look == 5)
            {
                old.Write("a", "2");
            }
        };

        await FollowUntilAsync("2");

        rig.Journal.Kept.ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task A_source_that_never_says_anything_and_is_refused_ends_the_run()
    {
        source.OnLook = _ => throw new AccessDeniedException("AccessDeniedException", "not allowed", 400, null);

        await Should.ThrowAsync<AccessDeniedException>(() => rig.FollowAsync(source, stop.Token));
    }

    private static void Denied(string call) => throw new ResourceNotFoundException($"no stream, says {call}", 400, null);

    private static async Task WaitAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }

    // Each follows the one before it.
    private void Follow(FakeStream stream) => source.Streams.Add(rig.Stream(source.Streams.Count + 1, stream, source.Streams.LastOrDefault()));

    private async Task FollowUntilAsync(string sequence)
    {
        var before = rig.Journal.Before;
        rig.Journal.Before = async batch =>
        {
            await before(batch);
            if (batch.Records.Any(raw => StreamRecord.Read(raw).SequenceNumber.Text == sequence))
            {
                await stop.CancelAsync();
            }
        };
        await rig.FollowAsync(source, stop.Token);
    }
}
