using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Tests.Streams.Shards;

/// <summary>One gap for each shard that was lost, and none where nothing could be.</summary>
public sealed class LossesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    private static readonly StreamArn Stream = new("arn:aws:dynamodb:us-east-1:123456789012:table/Orders/stream/2026-11-01T00:00:00.000");

    private readonly Census census = new();
    private readonly Dictionary<ShardId, ShardProgress> rows = [];

    [Fact]
    public void A_shard_that_is_missing_from_one_listing_is_not_lost()
    {
        Row("begun", last: "5");
        List();

        Losses().OfSeen(Now).ShouldBeEmpty();
    }

    [Fact]
    public void A_shard_that_is_gone_is_one_gap_after_the_last_record_that_was_kept()
    {
        Row("begun", last: "5");
        List();
        List();

        var gap = Losses().OfSeen(Now).ShouldHaveSingleItem().Gap!;
        (gap.Shard.Value, gap.Last?.Text, gap.Next, gap.Cause, gap.Certainty).ShouldBe(("begun", "5", null, GapCause.ShardGone, GapCertainty.Possible));
    }

    [Fact]
    public void A_gap_is_certain_where_the_shard_was_seen_to_end_with_a_number_that_was_not_read()
    {
        Row("begun", last: "5");
        List(new Shard(Id("begun"), null, Sequence("1"), Sequence("9")));
        List();
        List();

        Losses().OfSeen(Now).Single().Gap!.Certainty.ShouldBe(GapCertainty.Certain);
    }

    [Fact]
    public void A_shard_that_was_read_to_its_last_number_is_finished_without_a_gap()
    {
        Row("begun", last: "9");
        List(new Shard(Id("begun"), null, Sequence("1"), Sequence("9")));
        List();
        List();

        Losses().OfSeen(Now).Single().Gap.ShouldBeNull();
    }

    [Fact]
    public void A_shard_that_ends_in_a_gap_gets_no_second_one()
    {
        rows[Id("begun")] = new ShardProgress(Id("begun"), null, Sequence("5"), 2, false) { GapFoundAt = Now };
        List();
        List();

        Losses().OfSeen(Now).Single().Gap.ShouldBeNull();
    }

    [Fact]
    public void A_parent_that_came_and_went_unseen_is_a_gap_unless_the_stream_was_begun_within_a_day()
    {
        List(Child("child", "unseen"));
        List(Child("child", "unseen"));

        Losses(begun: Now.AddHours(-30)).OfUnseen(_ => false, Now).Single().Gap!.Shard.Value.ShouldBe("unseen");
        Losses(begun: Now.AddHours(-20)).OfUnseen(_ => false, Now).ShouldBeEmpty();
    }

    [Fact]
    public void The_unseen_parent_of_a_grandchild_makes_no_gap_where_that_of_its_lost_ancestor_explains_it()
    {
        rows[Id("lost")] = new ShardProgress(Id("lost"), null, Sequence("5"), 2, true) { GapFoundAt = Now };
        List(Child("grandchild", "unseen"));
        List(Child("grandchild", "unseen"));

        Losses(begun: Now.AddHours(-30)).OfUnseen(_ => false, Now).ShouldBeEmpty();
    }

    [Fact]
    public void A_shard_whose_parent_was_read_less_than_a_day_ago_has_its_head_still()
    {
        Row("parent", last: "5", readThrough: Now.AddHours(-2));

        Losses(begun: Now.AddHours(-90)).ReadThrough(ShardProgress.None(Child("child", "parent")), Now).ShouldBe(Now.AddHours(-2));
    }

    [Fact]
    public void What_was_there_at_the_beginning_and_was_not_read_at_once_may_have_lost_its_head_since()
    {
        var (shard, begun) = (ShardProgress.None(Child("old", "unknown") with { Parent = null }), Now.AddHours(-2));

        Losses(begun, Id("old")).ReadThrough(shard, begun.AddMinutes(5)).ShouldBe(begun);
        Losses(begun, Id("old")).ReadThrough(shard, Now).ShouldBe(begun.AddHours(-24));
        Row("parent", last: "5");
        Losses(begun).ReadThrough(ShardProgress.None(Child("new", "parent")), Now).ShouldBe(begun);
    }

    // The simulator found one that the first listing had left out, and that was read a day later.
    [Fact]
    public void A_shard_without_a_parent_was_there_at_the_beginning_though_it_was_not_listed()
    {
        var (shard, begun) = (ShardProgress.None(Child("old", "unknown") with { Parent = null }), Now.AddHours(-2));

        Losses(begun).ReadThrough(shard, Now).ShouldBe(begun.AddHours(-24));
    }

    // Found by the simulator, too: the parent was gone already, so that the shard was a day old at least.
    [Fact]
    public void A_shard_whose_parent_was_gone_unseen_was_there_at_the_beginning_though_it_was_not_listed()
    {
        var begun = Now.AddHours(-17);

        Losses(begun).ReadThrough(ShardProgress.None(Child("old", "gone")), Now).ShouldBe(begun.AddHours(-24));
        Row("lost", last: "5");
        rows[Id("lost")] = rows[Id("lost")] with { Finished = true, GapFoundAt = Now.AddHours(-3) };
        Losses(begun).ReadThrough(ShardProgress.None(Child("old", "gone")), Now).ShouldBe(Now.AddHours(-3));
    }

    [Fact]
    public void Of_a_stream_that_is_gone_what_follows_a_lost_shard_is_in_its_gap_before_and_after_that_is_kept()
    {
        Row("parent", last: "5");
        List(Child("child", "parent"), Child("grandchild", "child"));

        Losses().OfStream([], Now).Single().Before.Shard.Value.ShouldBe("parent");
        rows[Id("parent")] = rows[Id("parent")] with { Finished = true, GapFoundAt = Now };
        Losses().OfStream([], Now).ShouldBeEmpty();
    }

    // Found by the simulator: the worker that had taken it died before it noted anything.
    [Fact]
    public void Of_a_stream_that_is_gone_a_shard_that_was_taken_and_never_read_is_a_gap()
    {
        Row("parent", last: "5");
        rows[Id("parent")] = rows[Id("parent")] with { Finished = true };

        Losses().OfStream([Id("parent"), Id("taken")], Now).ShouldHaveSingleItem().Gap!.Shard.ShouldBe(Id("taken"));
    }

    private Losses Losses(DateTimeOffset? begun = null, params ShardId[] listed) =>
        new(Stream, census, rows, begun is { } at ? new StreamBeginning(Stream, null, at, StartFrom.TrimHorizon, listed, []) : null);

    private void Row(string id, string last, DateTimeOffset? readThrough = null) =>
        rows[Id(id)] = new ShardProgress(Id(id), null, Sequence(last), 1, false) { ReadThrough = readThrough };

    private void List(params Shard[] listed) => census.Note(listed, census.Expected(rows.Values.Where(row => !row.Finished).Select(row => row.Shard)));

    private static Shard Child(string id, string parent) => new(Id(id), Id(parent), null, null);

    private static ShardId Id(string id) => new(id);

    private static SequenceNumber Sequence(string text) => new(text);
}
