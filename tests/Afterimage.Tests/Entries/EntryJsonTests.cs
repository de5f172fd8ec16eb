using System.Text;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;
using static Afterimage.Tests.Support.Items;

namespace Afterimage.Tests.Entries;

public sealed class EntryJsonTests
{
    [Fact]
    public void An_entry_is_one_line_with_every_field_in_its_place() =>
        EntryJson.ToText(Shipped).ShouldBe(string.Concat(ShippedText.Split('\n').Select(line => line.Trim())));

    [Fact]
    public void A_read_entry_is_the_one_that_was_written()
    {
        var entry = Read(EntryJson.ToText(Shipped));
        entry.Id.ShouldBe(Shipped.Id);
        entry.Time.ShouldBe(Shipped.Time);
        entry.Keys.ShouldBe(Shipped.Keys);
        entry.OldImage.ShouldBe(Shipped.OldImage);
        entry.NewImage.ShouldBe(Shipped.NewImage);
        entry.Changes.ShouldBe(Shipped.Changes);
        entry.Actor.ShouldBe(Shipped.Actor);
        entry.Stream.ShouldBe(Shipped.Stream);
        (entry with { Keys = null, OldImage = null, NewImage = null, Changes = null })
            .ShouldBe(Shipped with { Keys = null, OldImage = null, NewImage = null, Changes = null });
    }

    [Fact]
    public void Every_entry_reads_back_to_the_same_text() => Property.Holds(tries: 500, (items, size) =>
    {
        var old = items.Below(4) == 0 ? null : items.Item(size);
        var @new = old is not null && items.Below(4) == 0 ? null : items.Item(size);
        var entry = SampleEntries.Of(old, @new, "123456789012345678901", index: long.MaxValue) with
        {
            Service = items.Text(),
            Entity = items.Below(2) == 0 ? null : items.Text(),
            Tenant = items.Below(2) == 0 ? null : items.Text(),
            Actor = new Actor(ActorSource.Attribute, items.Text(), items.Text(), items.Text(), items.Text()),
        };

        var text = EntryJson.ToText(entry);
        text.ShouldNotContain('\n');
        var back = Read(text);
        EntryJson.ToText(back).ShouldBe(text);
        back.OldImage.ShouldBe(old);
        back.NewImage.ShouldBe(@new);
        back.Changes.ShouldBe(entry.Changes);
        back.Actor.ShouldBe(entry.Actor);
    });

    [Fact]
    public void An_unreadable_record_keeps_its_bytes_and_the_reason()
    {
        byte[] raw = [0, 0xff, (byte)'{'];
        var entry = SampleEntries.Of(null, null, "1", 0) with
        {
            Action = null,
            Keys = null,
            Changes = null,
            SequenceNumber = null,
            Unreadable = new Unreadable(raw, "no \"dynamodb\""),
        };

        var text = EntryJson.ToText(entry);
        text.ShouldEndWith(""" "index":0,"unreadable":{"raw":"AP97","reason":"no \"dynamodb\""}} """.Trim());
        var back = Read(text);
        back.Unreadable!.Raw.ToArray().ShouldBe(raw);
        EntryJson.ToText(back).ShouldBe(text);
        text.ShouldContain("\"action\":null");
        text.ShouldContain("\"keys\":null");
        text.ShouldContain("\"changes\":null");
    }

    [Fact]
    public void A_gap_says_what_lies_around_it_and_why()
    {
        var gap = new EntryGap("5", null, GapCause.ShardGone, GapCertainty.Certain, null);
        var entry = SampleEntries.Modify("""{"id": {"S": "a"}}""", """{"id": {"S": "a"}}""") with
        {
            Id = EntryId.OfGap(SampleEntries.Arn, "shardId-1", new SequenceNumber("05"), GapCause.ShardGone),
            Kind = EntryKind.Gap,
            Gap = gap,
        };

        var text = EntryJson.ToText(entry);

        text.ShouldContain("\"gap\":{\"last\":\"5\",\"next\":null,\"cause\":\"shardGone\",\"certainty\":\"certain\",\"previous\":null}}");
        EntryJson.Read(Encoding.UTF8.GetBytes(text)).Gap.ShouldBe(gap);
        entry.Id.ShouldBe(EntryId.OfGap(SampleEntries.Arn, "shardId-1", new SequenceNumber("5"), GapCause.ShardGone));
    }

    [Fact]
    public void A_lifecycle_entry_says_what_became_of_the_stream()
    {
        var lifecycle = new EntryLifecycle(LifecycleEvent.Begin, StartFrom.Latest);
        var entry = SampleEntries.Modify("""{"id": {"S": "a"}}""", """{"id": {"S": "a"}}""") with { Kind = EntryKind.Lifecycle, Lifecycle = lifecycle };

        var text = EntryJson.ToText(entry);

        text.ShouldContain("\"lifecycle\":{\"event\":\"begin\",\"from\":\"LATEST\"}}");
        EntryJson.Read(Encoding.UTF8.GetBytes(text)).Lifecycle.ShouldBe(lifecycle);
    }

    [Fact]
    public void A_delete_by_time_to_live_keeps_what_DynamoDB_says_of_it()
    {
        var entry = SampleEntries.Of(Item("""{"id":{"S":"x"}}"""), null, "1", 0);
        entry = entry with
        {
            Actor = new Actor(ActorSource.TimeToLive),
            Stream = entry.Stream with { UserIdentity = new UserIdentity("Service", "dynamodb.amazonaws.com"), SizeBytes = null },
        };

        var text = EntryJson.ToText(entry);
        text.ShouldContain(""" "sizeBytes":null,"view":"NEW_AND_OLD_IMAGES","userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"}} """.Trim());
        text.ShouldContain("\"source\":\"ttl\"");
        Read(text).Stream.ShouldBe(entry.Stream);
    }

    [Fact]
    public void Redacted_values_read_back_as_redacted()
    {
        var entry = Redaction.Apply(Shipped, [AttributePath.Parse("/status")]);
        var back = Read(EntryJson.ToText(entry));
        back.NewImage!["status"].ShouldBe(AttributeValue.Redacted);
        back.Changes.ShouldBe(entry.Changes);
    }

    [Fact]
    public void Times_are_seconds_in_UTC()
    {
        var entry = Shipped with { Time = new DateTimeOffset(2026, 11, 21, 21, 11, 12, 987, TimeSpan.FromHours(1)) };
        EntryJson.ToText(entry).ShouldBe(EntryJson.ToText(Shipped));
        entry.Time.ShouldBe(Shipped.Time);
    }

    [Theory]
    [InlineData("\"kind\":\"change\"", "\"kind\":\"CHANGE\"", "none of change")]
    [InlineData("\"kind\":\"change\"", "\"kind\":null", "not a string")]
    [InlineData("\"kind\":\"change\",", "", "lacks 'kind'")]
    [InlineData("\"tenant\":null,", "", "lacks 'tenant'")]
    [InlineData("\"kind\":", "\"more\":1,\"kind\":", "unknown field 'more'")]
    [InlineData("\"kind\":", "\"table\":\"Orders\",\"kind\":", "Duplicate")]
    [InlineData("\"table\":\"Orders\"", "\"table\":7", "not a string")]
    [InlineData("\"id\":\"", "\"id\":\"A", "not the id")]
    [InlineData("\"MODIFY\"", "\"modify\"", "none of INSERT, MODIFY, REMOVE")]
    [InlineData("20:11:12Z", "20:11:12.5Z", "not a time")]
    [InlineData("20:11:12Z", "20:11:12+00:00", "not a time")]
    [InlineData("\"index\":41", "\"index\":41.5", "whole number")]
    [InlineData("\"index\":41", "\"index\":\"41\"", "whole number")]
    [InlineData("\"source\":\"attribute\"", "\"source\":\"guess\"", "none of unknown, ttl, attribute")]
    [InlineData("\"op\":\"replace\"", "\"op\":\"move\"", "none of add, remove, replace")]
    [InlineData("\"op\":\"replace\"", "\"op\":\"add\"", "unknown field 'old'")]
    [InlineData("\"old\":{\"S\":\"PENDING\"},", "", "lacks 'old'")]
    [InlineData("\"old\":{\"S\":\"PENDING\"}", "\"old\":null", "its type as the only name")]
    [InlineData("\"path\":\"/status\"", "\"path\":\"status\"", "begins with a slash")]
    [InlineData("{\"N\":\"123\"}", "{\"N\":123}", "Expected a string")]
    [InlineData("\"keys\":{", "\"keys\":[{", "")]
    [InlineData("\"index\":41}", "\"index\":41,\"unreadable\":null}", "not an object")]
    [InlineData("\"index\":41}", "\"index\":41,\"unreadable\":{\"raw\":\"?\",\"reason\":\"\"}}", "not base64")]
    [InlineData("\"index\":41}", "\"index\":41} {}", "")]
    [InlineData("alice", "\\ud800", "")]
    public void What_is_not_exactly_an_entry_is_refused(string part, string wrong, string reason)
    {
        var text = EntryJson.ToText(Shipped);
        text.ShouldContain(part);
        var at = text.IndexOf(part, StringComparison.Ordinal);
        Should.Throw<FormatException>(() => Read(text[..at] + wrong + text[(at + part.Length)..])).Message.ShouldContain(reason);
    }

    private const string ShippedText = """
        {"id":"q58ack99jxj6fmmjhwevhr8qp4",
        "kind":"change",
        "table":"Orders","service":"orders-api","entity":"Order","tenant":null,
        "action":"MODIFY",
        "time":"2026-11-21T20:11:12Z",
        "keys":{"order_id":{"N":"123"}},
        "oldImage":{"order_id":{"N":"123"},"status":{"S":"PENDING"}},
        "newImage":{"note":{"S":"<b>&'é"},"order_id":{"N":"123"},"status":{"S":"SHIPPED"}},
        "changes":[{"op":"add","path":"/note","value":{"S":"<b>&'é"}},
        {"op":"replace","path":"/status","old":{"S":"PENDING"},"value":{"S":"SHIPPED"}}],
        "actor":{"id":"alice@example.com","service":"orders-api","reason":"refund 77","request":"4bf9","source":"attribute"},
        "stream":{"arn":"arn:aws:dynamodb:us-west-2:123456789012:table/Orders/stream/2026-11-21T20:00:00.000",
        "eventId":"5e1b","eventVersion":"1.1","region":"us-west-2","sizeBytes":112,"view":"NEW_AND_OLD_IMAGES","userIdentity":null},
        "shardId":"shardId-00000001","sequenceNumber":"49600000000000000005","index":41}
        """;

    private static AuditEntry Shipped
    {
        get
        {
            var keys = Item("""{"order_id":{"N":"123"}}""");
            var entry = SampleEntries.Modify(
                """{"order_id":{"N":"123"},"status":{"S":"PENDING"}}""",
                """{"order_id":{"N":"123"},"status":{"S":"SHIPPED"},"note":{"S":"<b>&'é"}}""");
            return entry with
            {
                Id = EntryId.OfChange(SampleEntries.Arn, keys, "49600000000000000005"),
                Keys = keys,
                Service = "orders-api",
                Entity = "Order",
                Actor = new Actor(ActorSource.Attribute, "alice@example.com", "orders-api", "refund 77", "4bf9"),
            };
        }
    }

    private static AuditEntry Read(string text) => EntryJson.Read(Encoding.UTF8.GetBytes(text));
}
