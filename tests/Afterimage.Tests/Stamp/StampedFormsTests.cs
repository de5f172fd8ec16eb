using System.Text.Json;
using Afterimage.Stamp;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Tests.Stamp;

public sealed class StampedFormsTests
{
    private static readonly AttributeValue Value = new("the stamp");

    [Fact]
    public void A_put_is_stamped_in_a_copy()
    {
        var given = new PutItemRequest("Orders", new() { ["id"] = new("1"), ["_audit"] = new("an old one") }) { ReturnValues = ReturnValue.ALL_OLD };
        var before = JsonSerializer.Serialize(given);

        var stamped = StampedForms.Put(given, "_audit", Value);

        stamped.Item["_audit"].ShouldBeSameAs(Value);
        stamped.ReturnValues.ShouldBe(ReturnValue.ALL_OLD);
        JsonSerializer.Serialize(given).ShouldBe(before);
    }

    [Fact]
    public void An_expression_is_added_to_in_a_copy()
    {
        var given = new UpdateItemRequest
        {
            TableName = "Orders",
            Key = new() { ["id"] = new("1") },
            UpdateExpression = "SET #afterimage0 = :a",
            ConditionExpression = "attribute_exists(:afterimage1)",
            ExpressionAttributeNames = new() { ["#afterimage0"] = "total" },
            ExpressionAttributeValues = new() { [":a"] = new() { N = "1" } },
        };
        var before = JsonSerializer.Serialize(given);

        var stamped = StampedForms.Update(given, "_audit", Value);

        stamped.UpdateExpression.ShouldBe("SET #afterimage2 = :afterimage2, #afterimage0 = :a");
        stamped.ExpressionAttributeNames["#afterimage2"].ShouldBe("_audit");
        stamped.ExpressionAttributeValues[":afterimage2"].ShouldBeSameAs(Value);
        stamped.ConditionExpression.ShouldBe(given.ConditionExpression);
        JsonSerializer.Serialize(given).ShouldBe(before);
    }

    [Fact]
    public void The_legacy_form_stays_the_legacy_form()
    {
        var given = new UpdateItemRequest { AttributeUpdates = new() { ["total"] = new(new("1"), AttributeAction.PUT) } };

        var stamped = StampedForms.Update(given, "_audit", Value);

        stamped.UpdateExpression.ShouldBeNull();
        stamped.AttributeUpdates.Keys.ShouldBe(["total", "_audit"]);
        given.AttributeUpdates.Keys.ShouldBe(["total"]);
    }

    [Fact]
    public void An_update_of_a_legacy_condition_alone_is_stamped_in_the_legacy_form()
    {
        var stamped = StampedForms.Update(new UpdateItemRequest { Expected = new() { ["total"] = new(false) } }, "_audit", Value);

        stamped.UpdateExpression.ShouldBeNull();
        stamped.AttributeUpdates.Keys.ShouldBe(["_audit"]);
    }

    [Fact]
    public void An_update_of_nothing_gets_an_expression() =>
        StampedForms.Update(new UpdateItemRequest(), "_audit", Value).UpdateExpression.ShouldBe("SET #afterimage0 = :afterimage0");

    [Fact]
    public void An_expression_that_writes_the_stamp_itself_is_refused() =>
        Should.Throw<ArgumentException>(() => StampedForms.Update(new UpdateItemRequest { UpdateExpression = "REMOVE _audit" }, "_audit", Value))
            .Message.ShouldContain("_audit");
}
