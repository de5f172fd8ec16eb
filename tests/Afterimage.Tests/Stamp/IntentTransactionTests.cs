using Afterimage.Stamp;
using Afterimage.Trail.DynamoDb;
using Afterimage.Trail.DynamoDb.Table;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Tests.Stamp;

/// <summary>The one transaction of an audited change, and what is refused before it is sent.</summary>
public sealed class IntentTransactionTests
{
    private static readonly AuditedPlace Place = new("Orders", "arn:aws:dynamodb:us-east-1:123456789012:table/Orders", ["id"], "trail");
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly StampValue Stamp = new(new Author("alice"), "2026-11-22T12:00:00.000Z", "NbXQf3kzq0m1pVvYw8sT2A", "hash", false) { InTransaction = true };

    [Fact]
    public void Writer_and_reader_agree_on_where_intents_lie()
    {
        foreach (var first in "ABCXYZabcxyz0189-_")
        {
            var intent = IntentForm.Intent("Orders", $"{first}bXQf3kzq0m1pVvYw8sT2A/REMOVE");
            var read = Layout.IntentOf("Orders", $"{first}bXQf3kzq0m1pVvYw8sT2A/REMOVE");

            (intent["pk"].S, intent["sk"].S).ShouldBe((read.Partition, read.Sort));
            Layout.IntentsOf("Orders").ShouldContain(read.Partition);
            var part = IntentForm.Part("Orders", read.Sort, 12);
            new ItemKey(part["pk"].S, part["sk"].S).ShouldBe(Layout.IntentPartOf("Orders", read.Sort, 12));
        }
    }

    [Fact]
    public void An_item_is_written_if_it_is_still_what_was_read()
    {
        var put = IntentTransaction.Of(Place, Change(Item(("total", "1"), ("_audit", "x"))), Noon).TransactItems[0].Put;

        put.ConditionExpression.ShouldBe("attribute_exists(#p) AND #a0 = :a0 AND #a1 = :a1");
        put.ExpressionAttributeNames.ShouldBe(new Dictionary<string, string> { ["#p"] = "id", ["#a0"] = "_audit", ["#a1"] = "total" }, ignoreOrder: true);
        put.ExpressionAttributeValues[":a1"].S.ShouldBe("1");
    }

    [Fact]
    public void An_item_that_was_not_there_is_written_if_it_is_still_not_there()
    {
        var items = IntentTransaction.Of(Place, Change(null), Noon).TransactItems;

        items[0].Put.ConditionExpression.ShouldBe("attribute_not_exists(#p)");
        items[1].Put.Item["action"].S.ShouldBe("INSERT");
        items[2].Update.ConditionExpression.ShouldBe("attribute_not_exists(#n)");
    }

    [Fact]
    public void Of_many_attributes_no_more_are_compared_than_an_expression_takes()
    {
        var wide = Item([.. Enumerable.Range(0, 500).Select(at => ($"attribute{at}", "x"))]);

        var put = IntentTransaction.Of(Place, Change(wide), Noon).TransactItems[0].Put;

        put.ExpressionAttributeValues.Count.ShouldBe(100);
        put.ConditionExpression.Length.ShouldBeLessThan(4_096);
    }

    [Fact]
    public void An_item_that_would_be_too_large_is_refused() =>
        IntentTransaction.Problem(Change(null, Item(("text", new string('x', 410_000)))))!.ShouldContain("410007 bytes with its stamp, and DynamoDB takes 409600");

    [Fact]
    public void Two_images_that_fit_lie_in_the_intent_itself()
    {
        var items = IntentTransaction.Of(Place, Change(Item(("text", new string('x', 200_000))), Item(("text", new string('y', 200_000)))), Noon).TransactItems;

        items.Count.ShouldBe(3);
        items[1].Put.Item.Keys.ShouldBe(["pk", "sk", "v", "table", "number", "action", "time", "keys", "before", "after"]);
        items[1].Put.Item["v"].N.ShouldBe("1");
    }

    [Fact]
    public void Two_images_that_do_not_fit_lie_in_parts_that_the_intent_names()
    {
        var items = IntentTransaction.Of(Place, Change(Noise(1, 395_000), Noise(2, 395_000)), Noon).TransactItems;

        items.Count.ShouldBe(6);
        items[1].Put.Item.Keys.ShouldBe(["pk", "sk", "v", "table", "number", "action", "time", "keys", "length", "parts", "hash"]);
        (items[1].Put.Item["v"].N, items[1].Put.Item["parts"].N).ShouldBe(("2", "3"));
        items.Skip(3).ShouldAllBe(part => part.Put.TableName == "trail" && ItemSize.Of(part.Put.Item) < 300_000);
    }

    [Fact]
    public void It_is_the_intents_own_size_that_decides()
    {
        var room = ItemSize.Max - ItemSize.Of(IntentOf(0));

        IntentOf(room)["v"].N.ShouldBe("1");
        IntentOf(room + 1)["v"].N.ShouldBe("2");

        static Dictionary<string, AttributeValue> IntentOf(long bytes) => IntentTransaction.Of(Place, Change(null, Item(("text", new string('x', (int)bytes)))), Noon).TransactItems[1].Put.Item;
    }

    [Fact]
    public void Images_that_are_mostly_alike_take_hardly_more_than_one() =>
        IntentTransaction.Of(Place, Change(Noise(1, 395_000), new(Noise(1, 395_000)) { ["total"] = new("2") }), Noon).TransactItems.Count.ShouldBe(5);

    [Fact]
    public void More_than_a_transaction_takes_is_refused() =>
        Should.Throw<AuditedWriteException>(() => IntentTransaction.Of(Place, Change(Noise(1, 2_100_000), Noise(2, 2_100_000)), Noon)).Message.ShouldContain("DynamoDB takes 4194304 in a transaction. Make it smaller");

    [Theory]
    [InlineData("0", 2)]
    [InlineData("-12.50e3", 4)]
    [InlineData("12345678901234567890123456789012345678", 21)]
    public void A_number_counts_as_its_digits_do(string number, int bytes) => ItemSize.Of(new Dictionary<string, AttributeValue> { ["n"] = new() { N = number } }).ShouldBe(1 + bytes);

    [Fact]
    public void An_item_that_nests_too_deep_for_an_intent_lies_in_parts_and_one_that_nests_too_deep_for_any_table_is_refused()
    {
        var value = new AttributeValue("core");
        for (var level = 0; level < 32; level++)
        {
            value = new AttributeValue { M = new() { ["in"] = value } };
        }

        IntentTransaction.Problem(Change(null, new() { ["id"] = new("1"), ["deep"] = value }))!.ShouldContain("nests 33 levels deep, and DynamoDB takes 32");
        var deepest = Change(null, new() { ["id"] = new("1"), ["deep"] = value.M["in"] });
        IntentTransaction.Problem(deepest).ShouldBeNull();
        IntentTransaction.Of(Place, deepest, Noon).TransactItems[1].Put.Item["v"].N.ShouldBe("2");
    }

    [Fact]
    public void What_a_caller_changes_in_a_copy_is_not_what_was_read()
    {
        var read = new Dictionary<string, AttributeValue> { ["map"] = new() { M = new() { ["list"] = new() { L = [new("a")] } } }, ["set"] = new() { SS = ["a"] } };

        var copy = ItemCopy.Of(read);
        copy["map"].M["list"].L[0].S = "b";
        copy["set"].SS.Add("b");

        read["map"].M["list"].L[0].S.ShouldBe("a");
        read["set"].SS.ShouldBe(["a"]);
    }

    private static AuditedChange Change(Dictionary<string, AttributeValue>? before, Dictionary<string, AttributeValue>? after = null) =>
        new(new() { ["id"] = new("1") }, new ReadItem(before, before is null ? 0 : 4, before is null ? null : "last"), after ?? Item(("total", "2")), Stamp);

    private static Dictionary<string, AttributeValue> Noise(int seed, int size)
    {
        var noise = new byte[size];
        new Random(seed).NextBytes(noise);
        return new() { ["id"] = new("1"), ["noise"] = new() { B = new MemoryStream(noise) } };
    }

    private static Dictionary<string, AttributeValue> Item(params IReadOnlyList<(string Name, string Text)> attributes)
    {
        var item = new Dictionary<string, AttributeValue> { ["id"] = new("1") };
        foreach (var (name, text) in attributes)
        {
            item[name] = new(text);
        }

        return item;
    }
}
