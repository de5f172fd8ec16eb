using System.Text;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Entries;

public sealed class EntryMakerTests
{
    private static readonly TableRules Named = new()
    {
        Service = "orders-api",
        Actor = AttributePath.Parse("/updatedBy"),
        Entity = AttributePath.Parse("/type"),
        Tenant = AttributePath.Parse("/tenant"),
        Ignore = [AttributePath.Parse("/updatedAt")],
        Redact = [AttributePath.Parse("/card/number")],
    };

    [Fact]
    public void An_entry_is_a_pure_function_of_the_record()
    {
        var record = Record("MODIFY", old: """{"id":{"S":"1"},"n":{"N":"1"}}""", @new: """{"id":{"S":"1"},"n":{"N":"1.0"},"m":{"N":"2"}}""");

        var entry = Make(record, Named);

        EntryJson.ToText(entry).ShouldBe(EntryJson.ToText(Make(record, Named)));
        entry.Id.ShouldBe(EntryId.OfChange(FakeStream.Arn.Value, entry.Keys!, "100"));
        entry.Changes!.Select(change => change.Path).ShouldBe(["/m"]);
        entry.NewImage!["n"].Text.ShouldBe("1.0");
        (entry.Service, entry.Index, entry.SequenceNumber).ShouldBe(("orders-api", 7, "100"));
    }

    [Theory]
    [InlineData("INSERT", null, """{"id":{"S":"1"}}""", true)]
    [InlineData("INSERT", null, null, false)]
    [InlineData("MODIFY", null, """{"id":{"S":"1"}}""", false)]
    [InlineData("MODIFY", """{"id":{"S":"1"}}""", null, false)]
    [InlineData("REMOVE", """{"id":{"S":"1"}}""", null, true)]
    [InlineData("REMOVE", null, null, false)]
    public void What_the_stream_does_not_carry_is_not_known(string name, string? old, string? @new, bool areKnown) =>
        (Make(Record(name, old, @new), Named).Changes is not null).ShouldBe(areKnown);

    [Fact]
    public void Entity_and_tenant_are_read_from_the_item_or_from_what_it_was()
    {
        const string Item = """{"id":{"S":"1"},"type":{"S":"Order"},"tenant":{"N":"7"}}""";

        var removed = Make(Record("REMOVE", old: Item), Named);

        (removed.Entity, removed.Tenant).ShouldBe(("Order", "7"));
    }

    [Fact]
    public void Pain_25_a_delete_by_time_to_live_is_told_from_one_by_a_user()
    {
        const string Item = """{"id":{"S":"1"},"updatedBy":{"S":"alice"}}""";

        var expired = Make(Record("REMOVE", old: Item, identity: """{"type":"Service","principalId":"dynamodb.amazonaws.com"}"""), Named);
        var deleted = Make(Record("REMOVE", old: Item), Named);

        (expired.Actor.Source, expired.Actor.Id).ShouldBe((ActorSource.TimeToLive, "dynamodb.amazonaws.com"));
        deleted.Actor.ShouldBe(Actor.Unknown);
    }

    [Theory]
    [InlineData("""{"id":{"S":"1"},"updatedBy":{"S":"bob"},"updatedAt":{"N":"1"}}""", "alice")]
    [InlineData("""{"id":{"S":"1"},"updatedBy":{"S":"alice"},"updatedAt":{"N":"1"}}""", "alice")]
    [InlineData("""{"id":{"S":"1"},"updatedBy":{"S":"alice"},"updatedAt":{"N":"2"},"x":{"N":"1"}}""", null)]
    public void Pain_of_the_articles_a_name_that_the_change_itself_did_not_write_is_stale_and_names_nobody(string old, string? expected)
    {
        var entry = Make(Record("MODIFY", old, """{"id":{"S":"1"},"updatedBy":{"S":"alice"},"updatedAt":{"N":"2"}}"""), Named);

        entry.Actor.ShouldBe(expected is null ? Actor.Unknown : new Actor(ActorSource.Attribute, expected));
    }

    [Fact]
    public void A_redacted_place_is_in_no_part_of_the_entry()
    {
        var entry = Make(
            Record("MODIFY", """{"id":{"S":"1"},"card":{"M":{"number":{"S":"4111"},"name":{"S":"A"}}}}""", """{"id":{"S":"1"},"card":{"M":{"number":{"S":"4222"},"name":{"S":"A"}}}}"""), Named);

        EntryJson.ToText(entry).ShouldNotContain("4111");
        EntryJson.ToText(entry).ShouldNotContain("4222");
        entry.Changes!.Single().Path.ShouldBe("/card/number");
    }

    [Theory]
    [InlineData("""{"eventID":"1","eventName":"INSERT","dynamodb":{"Keys":{"id":{"S":"1"}},"SequenceNumber":"100","ApproximateCreationDateTime":1,"NewImage":{"id":{"X":"1"}}}}""", "100")]
    [InlineData("""{"eventID":"1","eventName":"INSERT","dynamodb":{"Keys":{"id":{"S":"\ud800"}},"SequenceNumber":"100","ApproximateCreationDateTime":1}}""", "100")]
    [InlineData("""{"eventID":"1","eventName":"UPSERT","dynamodb":{"SequenceNumber":"100"}}""", "100")]
    [InlineData("""{"eventID":"1"}""", null)]
    [InlineData("not json", null)]
    public void Pain_of_the_articles_a_record_that_cannot_be_decoded_is_kept_as_its_bytes(string record, string? sequence)
    {
        var entry = Make(record, Named);

        Encoding.UTF8.GetString(entry.Unreadable!.Raw.Span).ShouldBe(record);
        entry.Unreadable.Reason.ShouldNotBeEmpty();
        entry.SequenceNumber.ShouldBe(sequence);
        EntryJson.ToText(EntryJson.Read(EntryJson.ToUtf8(entry))).ShouldBe(EntryJson.ToText(entry));
    }

    private static AuditEntry Make(string record, TableRules rules) =>
        EntryMaker.Make(Encoding.UTF8.GetBytes(record), FakeStream.Arn, new ShardId("shard"), 7, rules, DateTimeOffset.UnixEpoch);

    private static string Record(string name, string? old = null, string? @new = null, string? identity = null) =>
        $$$"""
        {"eventID":"e","eventName":"{{{name}}}","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1",{{{(identity is null ? string.Empty : $"\"userIdentity\":{identity},")}}}
         "dynamodb":{"ApproximateCreationDateTime":1795302519,"Keys":{"id":{"S":"1"}},{{{(old is null ? string.Empty : $"\"OldImage\":{old},")}}}{{{(@new is null ? string.Empty : $"\"NewImage\":{@new},")}}}
         "SequenceNumber":"100","SizeBytes":10,"StreamViewType":"NEW_AND_OLD_IMAGES"} }
        """;
}
