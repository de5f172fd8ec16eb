using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Tests.Streams.Shards;

public sealed class LineageTests
{
    [Fact]
    public void A_child_shard_waits_until_its_parent_is_finished()
    {
        Shard[] listed = [Listed("parent"), Listed("child", "parent")];

        Readable(listed).ShouldBe(["parent"]);
        Readable(listed, Known("parent", finished: false)).ShouldBe(["parent"]);
        Readable(listed, Known("parent", finished: true)).ShouldBe(["child"]);
    }

    [Fact]
    public void Pain_16_a_child_begins_at_once_where_its_parent_was_trimmed_before_anybody_read_it() => Readable([Listed("child", "trimmed")]).ShouldBe(["child"]);

    [Fact]
    public void A_child_waits_for_a_parent_that_was_begun_even_where_the_listing_has_lost_it() =>
        Readable([Listed("child", "begun")], Known("begun", finished: false)).ShouldBeEmpty();

    [Fact]
    public void A_finished_shard_is_not_read_again() => Readable([Listed("done")], Known("done", finished: true)).ShouldBeEmpty();

    [Fact]
    public void Both_halves_of_a_split_are_read_after_it() =>
        Readable([Listed("whole"), Listed("left", "whole"), Listed("right", "whole")], Known("whole", finished: true)).ShouldBe(["left", "right"]);

    [Fact]
    public void A_child_waits_while_its_unread_parent_is_missing_from_one_listing_only()
    {
        var census = new Census();
        census.Note([Listed("child", "missing")], new HashSet<ShardId>());

        Lineage.Readable(census, new Dictionary<ShardId, ShardProgress>()).ShouldBeEmpty();
    }

    private static IEnumerable<string> Readable(Shard[] listed, params ShardProgress[] known)
    {
        var census = new Census();
        census.Note(listed, new HashSet<ShardId>());
        census.Note(listed, census.Expected([]));
        return Lineage.Readable(census, known.ToDictionary(row => row.Shard)).Select(shard => shard.Id.Value);
    }

    private static Shard Listed(string id, string? parent = null) => new(new ShardId(id), parent is null ? null : new ShardId(parent), null, null);

    private static ShardProgress Known(string id, bool finished) => new(new ShardId(id), null, new SequenceNumber("1"), 1, finished);
}
