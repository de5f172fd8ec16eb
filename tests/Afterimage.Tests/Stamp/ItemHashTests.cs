using Afterimage.Stamp;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Tests.Stamp;

/// <summary>The hashes of this file were computed with another program, from the format's own words.</summary>
public sealed class ItemHashTests
{
    private static readonly byte[] Bytes = [0, 255, 16];

    [Fact]
    public void The_hash_is_of_the_table_and_the_key() => ItemHash.Of("Orders", Key(("order_id", new("123")))).ShouldBe("nsCuVPipBw32HOS6vNUtWg");

    [Fact]
    public void Key_attributes_are_hashed_in_the_order_of_their_names()
    {
        using var bytes = new MemoryStream(Bytes);
        var user = ("UserId", new AttributeValue { B = bytes });
        var order = ("OrderId", new AttributeValue { N = "-10.5" });

        ItemHash.Of("Orders", Key(user, order)).ShouldBe("IVdWgA2Se7Vpyxdc1Vxyrw");
        ItemHash.Of("Orders", Key(order, user)).ShouldBe("IVdWgA2Se7Vpyxdc1Vxyrw");
    }

    [Fact]
    public void A_table_that_is_named_by_its_ARN_is_the_same_table() =>
        ItemHash.Of("arn:aws:dynamodb:eu-west-1:123456789012:table/Orders", Key(("order_id", new("123"))))
            .ShouldBe(ItemHash.Of("Orders", Key(("order_id", new("123")))));

    [Fact]
    public void A_number_has_one_hash_however_it_is_written() =>
        ItemHash.Of("Orders", Key(("n", new() { N = "1.50e1" }))).ShouldBe(ItemHash.Of("Orders", Key(("n", new() { N = "15" }))));

    [Fact]
    public void A_text_that_looks_like_a_number_is_another_key() =>
        ItemHash.Of("Orders", Key(("n", new("15")))).ShouldNotBe(ItemHash.Of("Orders", Key(("n", new() { N = "15" }))));

    [Fact]
    public void What_cannot_be_a_key_has_no_hash()
    {
        ItemHash.Of("Orders", Key(("id", new() { BOOL = true }))).ShouldBeNull();
        ItemHash.Of("Orders", Key(("id", new() { N = "many" }))).ShouldBeNull();
        ItemHash.Of("Orders", Key()).ShouldBeNull();
    }

    private static Dictionary<string, AttributeValue> Key(params (string Name, AttributeValue Value)[] attributes) =>
        attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value, StringComparer.Ordinal);
}
