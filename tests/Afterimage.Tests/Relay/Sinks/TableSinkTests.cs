using System.Text.Json;
using Afterimage.Entries;
using Afterimage.Relay;
using Afterimage.Relay.Sinks;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Relay.Sinks;

public sealed class TableSinkTests : IDisposable
{
    private const string Events = """{"Table":{"KeySchema":[{"AttributeName":"EventId","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"EventId","AttributeType":"S"}]}}""";

    private readonly SinkRig rig = new();

    [Fact]
    public async Task A_table_of_events_gets_an_item_under_the_entrys_id()
    {
        var entry = Modified() with { Actor = new Actor(ActorSource.Stamp, "alice") };
        rig.Aws.Answers(200, Events).Answers(200, "{}");

        (await SinkRig.SendAsync(rig.Open("table:Audit"), [Outgoing.Of(entry)])).ShouldBe([Delivery.Done]);

        rig.Operations.ShouldBe(["DescribeTable", "PutItem"]);
        rig.Sent(1).GetProperty("ConditionExpression").GetString().ShouldBe("attribute_not_exists(#key)");
        var item = Item(1);
        item["EventId"].Text.ShouldBe(entry.Id.Value);
        item["EventTimestamp"].Text.ShouldBe("2026-11-21T20:11:12Z");
        item["EventName"].Text.ShouldBe("MODIFY");
        item["Actor"].Text.ShouldBe("alice");
        item["OldImage"].Members.ShouldBe(entry.OldImage);
        item["NewImage"].Members.ShouldBe(entry.NewImage);
    }

    [Theory]
    [InlineData("S", "2026-11-21T20:11:12Z#0000000000000000000049600000000000000005#")]
    [InlineData("N", "1795291872.000000049600000000000000005")]
    public async Task A_table_of_items_keeps_an_items_changes_beside_each_other(string type, string beginning)
    {
        var entry = Modified();
        rig.Aws.Answers(200, ItemTable("id", "S", type)).Answers(200, "{}");

        (await SinkRig.SendAsync(rig.Open("table:Audit"), [Outgoing.Of(entry)])).ShouldBe([Delivery.Done]);

        var item = Item(1);
        item["id"].Text.ShouldBe("1");
        item["timestamp"].Kind.ToString().ShouldBe(type);
        item["timestamp"].Text.ShouldStartWith(beginning);
        item["FullJSON"].Text.ShouldBe(EntryJson.ToText(entry));
        item["OldData"].Members.ShouldBe(entry.OldImage);
        item["NewData"].Members.ShouldBe(entry.NewImage);
        item["Diff"].Items[0].Members["path"].Text.ShouldBe("/a");
        item["Diff"].Items[0].Members["old"].Text.ShouldBe("1");
    }

    [Theory]
    [InlineData("S")]
    [InlineData("N")]
    public void Two_changes_of_one_item_in_one_second_have_two_keys_in_their_order(string type)
    {
        var layout = TableLayout.Of(new TableKey("id", "S"), new TableKey("timestamp", type))!;
        string Sort(string sequence) => layout.ItemOf(Outgoing.Of(SampleEntries.Of(Old(), New(), sequence, 1))).Item!["timestamp"].Text;

        var sorts = ((string[])["100000000000000000999", "100000000000000001000", "1000000000000000010000"]).Select(Sort).ToList();

        sorts.Distinct().Count().ShouldBe(3);
        (type == "S" ? sorts.Order(StringComparer.Ordinal) : sorts.OrderBy(text => decimal.Parse(text[..28], System.Globalization.CultureInfo.InvariantCulture)).ThenBy(text => text, StringComparer.Ordinal)).ShouldBe(sorts);
        sorts.ShouldAllBe(text => type == "S" || text.Count(char.IsAsciiDigit) <= 38);
    }

    [Fact]
    public async Task A_repeat_changes_nothing_and_has_arrived()
    {
        rig.Aws.Answers(200, Events).Answers(400, """{"__type":"ConditionalCheckFailedException","message":"The conditional request failed"}""");

        (await SinkRig.SendAsync(rig.Open("table:Audit"), Outgoing.Some(1))).ShouldBe([Delivery.Done]);
    }

    [Fact]
    public async Task Another_entry_at_the_same_number_is_never_overwritten()
    {
        rig.Aws.Answers(200, ItemTable("id", "S", "N")).Answers(400, """{"__type":"ConditionalCheckFailedException"}""");

        (await SinkRig.SendAsync(rig.Open("table:Audit"), Outgoing.Some(1))).Single().Outcome.ShouldBe(DeliveryOutcome.Refused);

        rig.Sent(1).GetProperty("ConditionExpression").GetString().ShouldBe("attribute_not_exists(#key) OR EventId = :id");
    }

    [Fact]
    public async Task An_entry_without_the_tables_key_is_refused_with_what_to_do()
    {
        rig.Aws.Answers(200, ItemTable("order_id", "S", "S"));

        var delivery = (await SinkRig.SendAsync(rig.Open("table:Audit"), Outgoing.Some(1))).Single();

        delivery.Outcome.ShouldBe(DeliveryOutcome.Refused);
        delivery.Reason!.ShouldContain("order_id (S) is no key attribute of this entry");
    }

    [Fact]
    public async Task A_table_of_another_kind_is_down_with_the_layouts_there_are()
    {
        rig.Aws.Answers(200, """{"Table":{"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}]}}""");

        var error = await SinkRig.FailAsync(rig.Open("table:Audit"));

        error.IsDown.ShouldBeTrue();
        error.Hint.ShouldContain("EventId (S)");
    }

    [Fact]
    public async Task One_item_that_is_refused_does_not_stop_the_others()
    {
        rig.Aws.Answers(200, Events).Answers(400, """{"__type":"ValidationException","message":"Item size has exceeded the maximum allowed size"}""").Answers(200, "{}");

        var deliveries = await SinkRig.SendAsync(rig.Open("table:Audit"), Outgoing.Some(3));

        deliveries.Count(one => one.Outcome == DeliveryOutcome.Refused).ShouldBe(1);
        deliveries.Count(one => one == Delivery.Done).ShouldBe(2);
    }

    [Fact]
    public void What_is_redacted_or_nests_too_deep_still_makes_an_item()
    {
        var layout = TableLayout.Of(new TableKey("EventId", "S"), null)!;
        var deep = AttributeValue.String("bottom");
        for (var level = 0; level < 32; level++)
        {
            deep = AttributeValue.List([deep]);
        }

        AttributeMap With(AttributeValue value) => new([.. New(), new("x", value)]);
        var redacted = layout.ItemOf(Outgoing.Of(SampleEntries.Of(null, With(AttributeValue.Redacted), "5", 1))).Item!;
        var nested = layout.ItemOf(Outgoing.Of(SampleEntries.Of(null, With(deep), "5", 1))).Item!;

        redacted["NewImage"].Members["x"].Members["redacted"].Text.ShouldBe("true");
        nested.ContainsKey("NewImage").ShouldBeFalse();
        nested["Entry"].Text.ShouldContain("bottom");
    }

    [Theory]
    [InlineData("EventId", null)]
    [InlineData("id", "timestamp")]
    public void The_largest_entry_that_is_sent_makes_an_item_of_less_than_400_KB(string partition, string? sort)
    {
        var layout = TableLayout.Of(new TableKey(partition, "S"), sort is null ? null : new TableKey(sort, "S"))!;
        foreach (var length in (int[])[40_000, 55_000, 59_000, 100_000, 180_000, 189_000, 300_000])
        {
            var entry = SampleEntries.Modify(
                $$$"""{"id":{"S":"1"},"t":{"S":"{{{new string('a', length)}}}"}}""", $$$"""{"id":{"S":"1"},"t":{"S":"{{{new string('b', length)}}}"}}""");

            var item = layout.ItemOf(Outgoing.Of(entry, TableSink.Takes.EntryBytesMax)).Item!;

            // JSON text is longer than what DynamoDB counts.
            DynamoDbJson.ToUtf8(AttributeValue.Map(item)).Length.ShouldBeLessThan(409_600 * 11 / 10, $"{length}");
            item.Sum(member => member.Key.Length + Size(member.Value)).ShouldBeLessThan(409_600, $"{length}");
        }
    }

    public void Dispose() => rig.Dispose();

    // Developer guide, item sizes and formats.
    private static int Size(AttributeValue value) => value.Kind switch
    {
        AttributeKind.L => 3 + value.Items.Sum(item => 1 + Size(item)),
        AttributeKind.M => 3 + value.Members.Sum(member => 1 + member.Key.Length + Size(member.Value)),
        _ => System.Text.Encoding.UTF8.GetByteCount(value.Text),
    };

    private static AttributeMap Old() => Items.Item("""{"id":{"S":"1"},"a":{"N":"1"}}""");

    private static AttributeMap New() => Items.Item("""{"id":{"S":"1"},"a":{"N":"2"}}""");

    private static AuditEntry Modified() => SampleEntries.Of(Old(), New(), "49600000000000000005", 41);

    private static string ItemTable(string partition, string type, string sort) =>
        $$$"""{"Table":{"KeySchema":[{"AttributeName":"{{{partition}}}","KeyType":"HASH"},{"AttributeName":"timestamp","KeyType":"RANGE"}],"AttributeDefinitions":[{"AttributeName":"{{{partition}}}","AttributeType":"{{{type}}}"},{"AttributeName":"timestamp","AttributeType":"{{{sort}}}"}]}}""";

    private AttributeMap Item(int at) => DynamoDbJson.ReadMap(JsonSerializer.SerializeToUtf8Bytes(rig.Sent(at).GetProperty("Item")));
}
