using System.Text;
using Afterimage.Entries;
using Afterimage.Tests.Support;
using static Afterimage.Tests.Support.Items;

namespace Afterimage.Tests.Entries;

public sealed class CanonicalTextTests
{
    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("\0\u0001\u001f", """ "\u0000\u0001\u001f" """)]
    [InlineData("\b\t\n\f\r", """ "\b\t\n\f\r" """)]
    [InlineData("\u000b\u000e", """ "\u000b\u000e" """)]
    [InlineData("\"\\/", """ "\"\\/" """)]
    [InlineData("\u007f", "\"\u007f\"")]
    [InlineData("\u2028\u2029", "\"\u2028\u2029\"")]
    [InlineData("<&é😀", """ "<&é😀" """)]
    [InlineData("\ue000\ufffe\u0085", "\"\ue000\ufffe\u0085\"")]
    public void Only_controls_quotes_and_backslashes_are_escaped(string text, string expected) =>
        CanonicalText.Of(AttributeValue.String(text)).ShouldBe($$"""{"S":{{expected.Trim(' ')}}}""");

    [Theory]
    [InlineData("""{"N":"12345678901234567890123456789012345678"}""")]
    [InlineData("""{"N":"1.10"}""")]
    [InlineData("""{"N":"1E+126"}""")]
    [InlineData("""{"S":""}""")]
    [InlineData("""{"B":""}""")]
    [InlineData("""{"B":"AP/+"}""")]
    [InlineData("""{"NULL":true}""")]
    [InlineData("""{"BOOL":false}""")]
    [InlineData("""{"L":[]}""")]
    [InlineData("""{"M":{}}""")]
    [InlineData("""{"M":{"":{"M":{"a":{"L":[{"N":"2"},{"N":"1"}]}}}}}""")]
    public void What_is_canonical_stays_as_it_is(string text) => CanonicalText.Of(Value(text)).ShouldBe(text);

    [Theory]
    [InlineData("""{"NS":["2","10","1.0","-1"]}""", """{"NS":["-1","1.0","10","2"]}""")]
    [InlineData("""{"BS":["/w==","+w==","AA=="]}""", """{"BS":["+w==","/w==","AA=="]}""")]
    [InlineData("""{"SS":["b","","a","B"]}""", """{"SS":["","B","a","b"]}""")]
    public void Elements_of_sets_are_sorted_as_strings(string text, string expected) => CanonicalText.Of(Value(text)).ShouldBe(expected);

    // U+1F600 is the greater code point, but its first code unit is D83D.
    [Fact]
    public void Sets_and_names_are_sorted_by_code_units_not_code_points()
    {
        CanonicalText.Of(AttributeValue.StringSet(["\ue000", "😀"])).ShouldBe("{\"SS\":[\"😀\",\"\ue000\"]}");
        CanonicalText.Of(Item("""{"\ue000":{"NULL":true},"😀":{"NULL":true}}""")).ShouldBe("{\"😀\":{\"NULL\":true},\"\ue000\":{\"NULL\":true}}");
    }

    [Fact]
    public void Composed_and_decomposed_names_stay_two_names() =>
        CanonicalText.Of(Item("""{"\u00e9":{"N":"1"},"e\u0301":{"N":"2"}}""")).ShouldBe("{\"e\u0301\":{\"N\":\"2\"},\"\u00e9\":{\"N\":\"1\"}}");

    [Fact]
    public void Spaces_and_the_order_of_names_do_not_matter() =>
        CanonicalText.Of(Item("""{ "b" : { "N" : "1" }, "a" : { "L" : [ { "S" : "x" } ] } }""")).ShouldBe("""{"a":{"L":[{"S":"x"}]},"b":{"N":"1"}}""");

    [Fact]
    public void A_lone_surrogate_is_refused_wherever_it_stands()
    {
        // Attributes of a test could not carry these: their text is kept as UTF-8.
        foreach (var text in new[] { "\ud800", "a\udc00b", "\udc00\ud800", "😀\ud83d", "\ud83d😀" })
        {
            Should.Throw<FormatException>(() => CanonicalText.Of(text)).Message.ShouldContain("surrogate");
            Should.Throw<FormatException>(() => AttributeValue.String(text));
            Should.Throw<FormatException>(() => AttributeValue.StringSet(["a", text]));
            Should.Throw<FormatException>(() => new AttributeMap([KeyValuePair.Create(text, AttributeValue.Null)]));
        }
    }

    [Theory]
    [InlineData("""{"a":{"S":"\ud800"}}""")]
    [InlineData("""{"\ud800":{"S":"a"}}""")]
    [InlineData("""{"a":{"N":"1"},"a":{"N":"2"}}""")]
    [InlineData("""{"a":{"N":"1"},"\u0061":{"N":"2"}}""")]
    [InlineData("""{"m":{"M":{"a":{"N":"1"},"a":{"N":"1"}}}}""")]
    [InlineData("""{"a":{"SS":[]}}""")]
    [InlineData("""{"a":{"NS":[]}}""")]
    [InlineData("""{"a":{"BS":[]}}""")]
    [InlineData("""{"a":{"redacted":true}}""")]
    [InlineData("""{"a":{"REDACTED":true}}""")]
    [InlineData("""{"a":{"S":"x","N":"1"}}""")]
    [InlineData("""{"a":{"N":1}}""")]
    [InlineData("""{"a":{"NULL":false}}""")]
    public void What_no_record_can_hold_is_refused(string text) => Should.Throw<FormatException>(() => Item(text));

    [Fact]
    public void A_name_given_twice_is_refused() => Should.Throw<ArgumentException>(
        () => new AttributeMap([KeyValuePair.Create("a", AttributeValue.Null), KeyValuePair.Create("a", AttributeValue.Null)]));

    [Fact]
    public void A_redacted_value_has_no_canonical_text() => Should.Throw<InvalidOperationException>(() => CanonicalText.Of(AttributeValue.Redacted));

    [Fact]
    public void Canonical_text_reads_back_to_an_equal_item_with_the_same_text() => Property.Holds(tries: 500, (items, size) =>
    {
        var item = items.Item(size);
        var text = CanonicalText.Of(item);
        var back = DynamoDbJson.ReadMap(new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text));
        back.ShouldBe(item);
        back.GetHashCode().ShouldBe(item.GetHashCode());
        CanonicalText.Of(back).ShouldBe(text);
    });
}
