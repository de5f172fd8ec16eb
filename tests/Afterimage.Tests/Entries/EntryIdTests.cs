using Afterimage.Entries;
using static Afterimage.Tests.Support.Items;

namespace Afterimage.Tests.Entries;

/// <summary>The expected ids were computed with Python's hashlib from the rules alone.</summary>
public sealed class EntryIdTests
{
    private const string Arn = "arn:aws:dynamodb:us-west-2:123456789012:table/Orders/stream/2026-11-21T20:00:00.000";

    [Theory]
    [InlineData("""{"order_id":{"N":"123"}}""", "49600000000000000005", "q58ack99jxj6fmmjhwevhr8qp4")]
    [InlineData("""{"UserId":{"S":"u1\n\"x\""},"OrderId":{"S":"o/1 😀 \u2028"}}""", "123456789012345678901", "3xbd8cx4rwrzj7c73ay9rekz04")]
    [InlineData("""{"k":{"B":"AAEC"}}""", "000", "42t6nf9v0ch9xhaadzxbtwgnk8")]
    public void The_id_of_a_change_is_a_function_of_stream_key_and_sequence_number(string keys, string sequenceNumber, string expected) =>
        EntryId.OfChange(Arn, Item(keys), sequenceNumber).Value.ShouldBe(expected);

    [Theory]
    [InlineData("""{"eventName":"EXPLODE"}""", "f3f1z0v0v6kjvtvjexqkt48dfm")]
    [InlineData("", "6sr8zcffr61ja6y6gm2j26bjn4")]
    public void The_id_of_an_unreadable_record_is_a_function_of_its_bytes(string raw, string expected) =>
        EntryId.OfUnreadable(Arn, System.Text.Encoding.UTF8.GetBytes(raw)).Value.ShouldBe(expected);

    [Fact]
    public void Leading_zeros_of_a_sequence_number_do_not_count() =>
        EntryId.OfChange(Arn, Item("""{"order_id":{"N":"123"}}"""), "00049600000000000000005").Value.ShouldBe("q58ack99jxj6fmmjhwevhr8qp4");

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1\n2")]
    [InlineData("٣")]
    public void A_sequence_number_is_made_of_digits(string sequenceNumber) =>
        Should.Throw<FormatException>(() => EntryId.OfChange(Arn, AttributeMap.Empty, sequenceNumber));

    [Theory]
    [InlineData("q58ack99jxj6fmmjhwevhr8qp4", "q58ack99jxj6fmmjhwevhr8qp4")]
    [InlineData("Q58ACK99JXJ6FMMJHWEVHR8QP4", "q58ack99jxj6fmmjhwevhr8qp4")]
    [InlineData("6sr8zcffr6ija6y6gm2j26bjn4", "6sr8zcffr61ja6y6gm2j26bjn4")]
    [InlineData("6sr8zcffr6LJA6y6gm2j26bjn4", "6sr8zcffr61ja6y6gm2j26bjn4")]
    [InlineData("42t6nf9vOch9xhaadzxbtwgnk8", "42t6nf9v0ch9xhaadzxbtwgnk8")]
    [InlineData("42t6nf9voch9xhaadzxbtwgnk8", "42t6nf9v0ch9xhaadzxbtwgnk8")]
    public void An_id_is_read_as_a_person_types_it(string typed, string expected)
    {
        EntryId.TryParse(typed, out var id).ShouldBeTrue();
        id.Value.ShouldBe(expected);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("q58ack99jxj6fmmjhwevhr8qp")]
    [InlineData("q58ack99jxj6fmmjhwevhr8qp44")]
    [InlineData("u58ack99jxj6fmmjhwevhr8qp4")]
    [InlineData("q58ack99jxj6fmmjhwevhr8qp5")]
    [InlineData("q58ack99jxj6fmmjhwevhr-qp4")]
    [InlineData("q58ack99jxj6fmmjhwevhr\u212aqp4")]
    public void What_is_no_id_is_not_read(string? typed) => EntryId.TryParse(typed, out _).ShouldBeFalse();
}
