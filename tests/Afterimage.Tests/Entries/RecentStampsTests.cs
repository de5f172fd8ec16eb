using Afterimage.Entries;

namespace Afterimage.Tests.Entries;

/// <summary>The uses of stamps that were seen lately.</summary>
public sealed class RecentStampsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_use_is_known_for_half_an_hour_and_not_for_longer()
    {
        var recent = new RecentStamps<string>();
        recent.Find(Use("n"), Noon).ShouldBeNull();
        recent.Add(Use("n"), Noon, "first");

        recent.Find(Use("n"), Noon.AddMinutes(30)).ShouldBe("first");
        recent.Find(Use("n"), Noon.AddMinutes(31)).ShouldBeNull();
    }

    [Fact]
    public void A_write_and_the_removal_of_what_was_written_are_two_uses()
    {
        var recent = new RecentStamps<string>();
        recent.Find(Use("n"), Noon);
        recent.Add(Use("n"), Noon, "write");

        recent.Find(Use("n") with { Removes = true }, Noon).ShouldBeNull();
    }

    [Fact]
    public void Whether_a_stamp_may_be_older_than_what_was_seen_goes_by_its_own_time()
    {
        var recent = new RecentStamps<string>();
        recent.Find(Use("n"), Noon);

        recent.MayBeOlder(Use("m", Noon.AddMinutes(29))).ShouldBeTrue();
        recent.MayBeOlder(Use("m", Noon.AddMinutes(30))).ShouldBeFalse();
    }

    private static StampUse Use(string nonce, DateTimeOffset? time = null) =>
        new(new WriterStamp(new Actor(ActorSource.Stamp, "alice"), time ?? Noon, nonce, "hash", Deletes: true), Removes: false);
}
