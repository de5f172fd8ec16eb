using Afterimage.Entries;
using Afterimage.Stamp;
using AttributeValue = Afterimage.Entries.AttributeValue;
using Written = Amazon.DynamoDBv2.Model.AttributeValue;

namespace Afterimage.Tests.Entries;

/// <summary>Whoever reads a stamp hashes the item to the same text as whoever wrote it.</summary>
public sealed class StampedItemTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("-0.0")]
    [InlineData("10.50")]
    [InlineData("-0.00012")]
    [InlineData("1E+10")]
    [InlineData("1.5e-30")]
    [InlineData("99999999999999999999999999999999999999")]
    [InlineData("9.9E+125")]
    [InlineData("1E-130")]
    public void A_number_in_a_key_is_the_same_to_both_however_it_is_written(string number) =>
        StampedItem.Hash("Orders", new AttributeMap([new("id", AttributeValue.String("a")), new("n", AttributeValue.Number(number))]))
            .ShouldBe(ItemHash.Of("Orders", new Dictionary<string, Written> { ["n"] = new() { N = number }, ["id"] = new("a") }));

    [Fact]
    public void Text_and_bytes_are_the_same_to_both()
    {
        StampedItem.Hash("Orders", new AttributeMap([new("order_id", AttributeValue.String("123"))])).ShouldBe("nsCuVPipBw32HOS6vNUtWg");
        using var bytes = new MemoryStream([0, 255, 16]);
        StampedItem.Hash("Orders", new AttributeMap([new("UserId", AttributeValue.Binary("AP8Q")), new("OrderId", AttributeValue.Number("-10.5"))]))
            .ShouldBe(ItemHash.Of("Orders", new Dictionary<string, Written> { ["OrderId"] = new() { N = "-10.5" }, ["UserId"] = new() { B = bytes } }));
    }
}
