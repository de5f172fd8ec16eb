using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Tests.Capture.Stamps;
using Afterimage.Tests.Support;
using Afterimage.Verifying;

namespace Afterimage.Tests.Verifying;

/// <summary>Whose stamps are kept as their own, and whose as ones that came back, is held to the entries before them.</summary>
public sealed class StampTamperingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly ShardId Shard = new("shard");

    [Theory]
    [InlineData("_audit", true)]
    [InlineData("_audit", false)]
    [InlineData("who", true)]
    [InlineData("who", false)]
    public async Task Stamped_changes_of_all_kinds_in_a_sealed_trail_are_intact(string attribute, bool plain)
    {
        await using var sealedTrail = await SealedTrail.FillAsync(6);
        sealedTrail.Rules = (plain ? TableRules.None : sealedTrail.Rules) with { Stamp = attribute };
        var items = Acted(new Random(6), sealedTrail.Time.Now, attribute);
        items.Changes.Exists(change => change.Told.Kind == EntryKind.Mark).ShouldBeTrue();
        await sealedTrail.WorkAsync(async (trail, recorder) =>
        {
            await sealedTrail.KeepAsync(recorder, SealedTrail.Child, [.. items.Changes.Select(change => new ReadOnlyMemory<byte>(change.Record))]);
            sealedTrail.Time.Now += TimeSpan.FromHours(2);
            await sealedTrail.SealAsync(trail);
        });

        (await sealedTrail.VerifyAsync()).Findings.ShouldBeEmpty();
    }

    [Fact]
    public void A_copy_that_is_kept_as_the_writers_own_change_is_found()
    {
        var items = new StampedItems(new Random(1), Noon);
        items.Write("a", "alice");
        items.PutUnstamped("a");
        for (var copy = 0; copy < 10; copy++)
        {
            items.CopyBack("a");
        }

        Problems(items, cameBack: _ => false).Distinct().ShouldBe(["its stamp is kept as its own, and the item bore it before"]);
    }

    [Fact]
    public void A_change_whose_writer_is_hidden_is_found()
    {
        var items = new StampedItems(new Random(1), Noon);
        items.Write("a", "alice");
        items.Wait(TimeSpan.FromHours(1));
        items.Write("a", "bob");

        Problems(items, cameBack: at => at == 1).ShouldBe(["its stamp is kept as one that came back, and nothing bore it before"]);
    }

    [Fact]
    public void A_mark_that_is_kept_as_a_change_is_found()
    {
        var items = new StampedItems(new Random(1), Noon);
        items.Write("a", "bob");
        items.Mark("a", "alice");
        var leaf = Leaf(items.Changes[1], 1, cameBack: true);
        var mark = Leaf(items.Changes[1], 1, cameBack: false);

        using var check = new LeafCheck(FakeStream.Arn, Shard, TableRules.None);

        check.Check(mark.Text, mark.Entry!.Body, 1).Problem.ShouldBeNull();
        check.Check(mark.Text, leaf.Entry!.Body, 1).Problem!.Check.ShouldBe("DERIVED");
    }

    private static StampedItems Acted(Random random, DateTimeOffset start, string attribute)
    {
        var items = new StampedItems(random, start, attribute: attribute);
        for (var act = 0; act < 40; act++)
        {
            items.DoSomething();
        }

        return items;
    }

    private static List<string> Problems(StampedItems items, Func<int, bool> cameBack)
    {
        using var check = new LeafCheck(FakeStream.Arn, Shard, TableRules.None);
        var order = new StampOrder();
        return [.. items.Changes.Select((change, at) =>
        {
            var leaf = Leaf(change, at, cameBack(at));
            return order.Problem(check.Check(leaf.Text, leaf.Entry!.Body, at));
        }).OfType<string>()];
    }

    private static Afterimage.Trail.TrailLeaf Leaf(StampedChange change, int at, bool cameBack)
    {
        using var committer = new EntryCommitter(FakeStream.Arn, Shard, TableRules.None, new byte[32]);
        return committer.Commit(change.Record, at, default, cameBack ? StampStanding.CameBack : StampStanding.Own);
    }
}
