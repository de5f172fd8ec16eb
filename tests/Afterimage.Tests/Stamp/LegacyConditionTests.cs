using Afterimage.Stamp;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Tests.Stamp;

public sealed class LegacyConditionTests
{
    private static readonly AttributeValue One = new() { N = "1" };

    [Fact]
    public void A_version_check_becomes_an_expression()
    {
        var condition = DeleteCondition.Of(new DeleteItemRequest { Expected = new() { ["version"] = new(One), ["gone"] = new(false) } })!;

        condition.Text.ShouldBe("#e0 = :e0 AND attribute_not_exists(#e1)");
        condition.Names.ShouldBe([new("#e0", "version"), new("#e1", "gone")]);
        condition.Values.ShouldBe([new(":e0", One)]);
    }

    [Fact]
    public void Conditions_of_which_one_is_enough_are_kept_so()
    {
        var condition = DeleteCondition.Of(new DeleteItemRequest
        {
            ConditionalOperator = ConditionalOperator.OR,
            Expected = new() { ["a"] = new() { ComparisonOperator = ComparisonOperator.NULL }, ["b"] = new() { ComparisonOperator = ComparisonOperator.EQ, AttributeValueList = [One] } },
        })!;

        condition.Text.ShouldBe("attribute_not_exists(#e0) OR #e1 = :e1");
        condition.AndItem(exists: true, "id").Text.ShouldBe("(attribute_not_exists(#e0) OR #e1 = :e1) AND attribute_exists(#afterimage0k)");
    }

    [Fact]
    public void What_means_something_else_in_an_expression_is_not_taken() =>
        DeleteCondition.Of(new DeleteItemRequest { Expected = new() { ["a"] = new() { ComparisonOperator = ComparisonOperator.NE, AttributeValueList = [One] } } })
            .ShouldBeNull();

    [Fact]
    public void A_mixture_of_both_forms_is_left_to_DynamoDB_to_refuse() =>
        DeleteCondition.Of(new DeleteItemRequest { ConditionExpression = "a = b", Expected = new() { ["a"] = new(One) } }).ShouldBeNull();
}
