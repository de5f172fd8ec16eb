using System.Globalization;
using System.Text;
using Afterimage.Entries;
using Afterimage.Entries.Raw;
using Afterimage.Streams.Records;
using Afterimage.Tests.Support;
using Afterimage.Tests.Verifying;

namespace Afterimage.Tests.Entries;

/// <summary>Changes that global tables of version 2017.11.29 made: DynamoDB itself wrote them, in one region what was written in another.</summary>
public sealed class ReplicationTests
{
    private const long At = 1_795_302_519;

    [Fact]
    public void What_comes_from_another_region_was_replicated()
    {
        Source("INSERT", null, Item(1, "eu-west-1", At)).ShouldBe(ActorSource.Replication);
        Source("MODIFY", Item(1, "us-east-1", At - 50), Item(2, "eu-west-1", At - 3)).ShouldBe(ActorSource.Replication);
        Source("MODIFY", Item(1, "eu-west-1", At - 50), Item(2, "eu-west-1", At - 3)).ShouldBe(ActorSource.Replication);
    }

    [Fact]
    public void What_DynamoDB_notes_of_a_write_in_this_region_is_no_write_of_an_application()
    {
        Source("MODIFY", Item(1), Item(1, "us-east-1", At)).ShouldBe(ActorSource.Replication);
        Source("MODIFY", Item(2, "eu-west-1", At - 50), Item(2, "us-east-1", At)).ShouldBe(ActorSource.Replication);
    }

    [Fact]
    public void An_update_in_this_region_leaves_the_other_region_standing_and_is_unknown() =>
        Source("MODIFY", Item(1, "eu-west-1", At - 50), Item(2, "eu-west-1", At - 50)).ShouldBe(ActorSource.Unknown);

    [Fact]
    public void A_copy_of_what_was_replicated_before_is_unknown() => Source("INSERT", null, Item(1, "eu-west-1", At - 2_000)).ShouldBe(ActorSource.Unknown);

    [Fact]
    public void What_was_written_in_this_region_and_what_has_no_time_is_unknown()
    {
        Source("INSERT", null, Item(1, "us-east-1", At)).ShouldBe(ActorSource.Unknown);
        Source("MODIFY", Item(1, "us-east-1", At - 50), Item(2, "us-east-1", At)).ShouldBe(ActorSource.Unknown);
        Source("INSERT", null, """{"id":{"S":"a"},"aws:rep:updateregion":{"S":"eu-west-1"}}""").ShouldBe(ActorSource.Unknown);
    }

    [Fact]
    public void Without_the_image_before_nobody_can_tell() => Source("MODIFY", null, Item(1, "eu-west-1", At)).ShouldBe(ActorSource.Unknown);

    [Fact]
    public void Who_names_themselves_in_another_region_is_named_here_and_not_by_what_DynamoDB_notes()
    {
        var rules = new TableRules { Actor = AttributePath.Parse("/n"), Ignore = [AttributePath.Parse("/aws:rep:updatetime")] };

        Source("MODIFY", Item("alice"), Item("bob", "eu-west-1", At), rules).ShouldBe(ActorSource.Attribute);
        Source("MODIFY", Item("bob"), Item("bob", "us-east-1", At), rules).ShouldBe(ActorSource.Replication);
        Source("MODIFY", Item("bob", "eu-west-1", At - 50), Item("bob"), rules).ShouldBe(ActorSource.Unknown);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("/n", "")]
    [InlineData("", "/n")]
    [InlineData("", "/aws:rep:updatetime")]
    public async Task A_sealed_trail_of_replicated_changes_is_intact(string actor, string redact)
    {
        await using var trail = await SealedTrail.FillAsync(7);
        trail.Rules = new TableRules { Actor = actor.Length == 0 ? null : AttributePath.Parse(actor), Redact = redact.Length == 0 ? [] : [AttributePath.Parse(redact)] };
        var now = trail.Time.Now.ToUnixTimeSeconds();
        await trail.WorkAsync(async (opened, recorder) =>
        {
            await trail.KeepAsync(recorder, SealedTrail.Child,
            [
                Record("INSERT", null, Item(1, "eu-west-1", now), 900, now),
                Record("MODIFY", Item(1, "eu-west-1", now), Item(2, "eu-west-1", now), 901, now),
                Record("MODIFY", Item(2, "eu-west-1", now), Item(2, "us-east-1", now + 1), 902, now),
                Record("MODIFY", Item(2, "us-east-1", now + 1), Item(3, "us-east-1", now + 2), 903, now),
            ]);
            await trail.SealAsync(opened);
        });

        (await trail.VerifyAsync()).Findings.ShouldBeEmpty();
    }

    private static ActorSource Source(string action, string? before, string? after, TableRules? rules = null)
    {
        var (record, known) = (Record(action, before, after, 5, At), rules ?? TableRules.None);
        var entry = EntryMaker.Make(record, FakeStream.Arn, new ShardId("shard"), 0, known, default);
        entry.Unreadable.ShouldBeNull();
        var ofBytes = new EntryWriter(FakeStream.Arn, new ShardId("shard"), known);
        ofBytes.Write(record, 0, default);
        Encoding.UTF8.GetString(ofBytes.Json.Span).ShouldBe(EntryJson.ToText(entry));
        return EntryJson.Read(ofBytes.Json).Actor.Source;
    }

    private static string Item(object n, string? region = null, long time = 0) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"id":{"S":"a"},"line":{"N":"1"},"n":{"S":"{{{n}}}"}{{{(region is null ? string.Empty : $$$""","aws:rep:deleting":{"BOOL":false},"aws:rep:updateregion":{"S":"{{{region}}}"},"aws:rep:updatetime":{"N":"{{{time}}}.314001"}""")}}}}""");

    private static ReadOnlyMemory<byte> Record(string action, string? before, string? after, long sequence, long at) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$$"""
        {"eventID":"e{{{sequence}}}","eventName":"{{{action}}}","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":{{{at}}},"Keys":{"id":{"S":"a"},"line":{"N":"1"}}{{{(before is null ? string.Empty : $",\"OldImage\":{before}")}}}{{{(after is null ? string.Empty : $",\"NewImage\":{after}")}}},"SequenceNumber":"{{{sequence}}}","SizeBytes":99,"StreamViewType":"NEW_AND_OLD_IMAGES"}}
        """));
}
