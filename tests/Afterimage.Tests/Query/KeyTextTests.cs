using Afterimage.Entries;
using Afterimage.Query;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Query;

public sealed class KeyTextTests
{
    private static readonly TrailTable Orders = new("Orders", new KeyAttribute("order_id", AttributeKind.N), null, null, Followed: true);

    private static readonly TrailTable Lines = new("Lines", new KeyAttribute("UserId", AttributeKind.S), new KeyAttribute("OrderId", AttributeKind.S), null, Followed: true);

    [Fact]
    public void One_attribute_is_written_with_an_equals_sign() => KeyText.Parse("order_id=123", Orders).ShouldBe(Items.Item("""{"order_id": {"N": "123"}}"""));

    [Theory]
    [InlineData("UserId=u1,OrderId=o1")]
    [InlineData("OrderId=o1,UserId=u1")]
    [InlineData("""{"UserId": {"S": "u1"}, "OrderId": {"S": "o1"}}""")]
    public void Two_attributes_come_in_any_order_or_as_DynamoDB_JSON(string text) =>
        KeyText.Parse(text, Lines).ShouldBe(Items.Item("""{"UserId": {"S": "u1"}, "OrderId": {"S": "o1"}}"""));

    [Fact]
    public void The_partition_key_alone_stands_for_all_its_items() => KeyText.Parse("UserId=u1", Lines).ShouldBe(Items.Item("""{"UserId": {"S": "u1"}}"""));

    [Fact]
    public void Values_may_hold_commas_and_equals_signs() =>
        KeyText.Parse("UserId=a,b=c,OrderId=x=y,z", Lines).ShouldBe(Items.Item("""{"UserId": {"S": "a,b=c"}, "OrderId": {"S": "x=y,z"}}"""));

    [Theory]
    [InlineData("id=1", "not a key of Orders")]
    [InlineData("order_id=abc", "order_id of Orders is a number (N); 'abc' is none.")]
    [InlineData("""{"order_id": {"S": "1"}}""", "order_id of Orders is a number (N), not a string (S).")]
    [InlineData("""{"order_id": {"N": "1"}, "x": {"N": "1"}}""", "'x' is not part of the key of Orders.")]
    [InlineData("""{"order_id": 1}""", "The key is not DynamoDB JSON.")]
    public void What_is_no_key_of_the_table_is_refused_with_an_example(string text, string what)
    {
        var problem = Should.Throw<UsageException>(() => KeyText.Parse(text, Orders)).Problems.Single();

        problem.What.ShouldContain(what);
        problem.Hint.ShouldContain("order_id=123");
    }

    [Fact]
    public void The_sort_key_alone_is_refused() =>
        Should.Throw<UsageException>(() => KeyText.Parse("OrderId=o1", Lines)).Message.ShouldContain("needs its partition key UserId");
}
