using Afterimage.Stamp;
using Afterimage.Trail.DynamoDb;
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
    public void Two_images_that_do_not_fit_into_one_record_are_refused() =>
        IntentTransaction.Problem(Change(Item(("text", new string('x', 205_000))), Item(("text", new string('y', 205_000)))))!.ShouldContain("do not fit into one record");

    [Fact]
    public void An_item_that_nests_as_deep_as_items_may_is_refused()
    {
        var value = new AttributeValue("core");
        for (var level = 0; level < 32; level++)
        {
            value = new AttributeValue { M = new() { ["in"] = value } };
        }

        IntentTransaction.Problem(Change(null, new() { ["id"] = new("1"), ["deep"] = value }))!.ShouldContain("32 levels deep");
        IntentTransaction.Problem(Change(null, new() { ["id"] = new("1"), ["deep"] = value.M["in"] })).ShouldBeNull();
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
