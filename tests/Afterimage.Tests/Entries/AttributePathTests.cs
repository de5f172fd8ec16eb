using Afterimage.Entries;
using static Afterimage.Tests.Support.Items;

namespace Afterimage.Tests.Entries;

public sealed class AttributePathTests
{
    [Theory]
    [InlineData("/status", new[] { "status" })]
    [InlineData("/meta/when", new[] { "meta", "when" })]
    [InlineData("/a~1b/~0/~01", new[] { "a/b", "~", "~1" })]
    [InlineData("/", new[] { "" })]
    [InlineData("/a//b", new[] { "a", "", "b" })]
    [InlineData("/a.b/0", new[] { "a.b", "0" })]
    public void A_path_is_read_and_written_back(string text, string[] segments)
    {
        var path = AttributePath.Parse(text);
        path.Segments.ShouldBe(segments);
        path.ToString().ShouldBe(text);
        segments.Aggregate(AttributePath.Root, (built, segment) => built.Append(segment)).ShouldBe(path);
    }

    [Theory]
    [InlineData("", "names no attribute")]
    [InlineData("status", "like '/status'")]
    [InlineData("/a~", "'~0'")]
    [InlineData("/a~2b", "'~0'")]
    [InlineData("/~0~/b", "'~0'")]
    public void What_is_no_path_is_refused_with_what_it_should_be(string text, string hint) =>
        Should.Throw<FormatException>(() => AttributePath.Parse(text)).Message.ShouldContain(hint);

    [Theory]
    [InlineData("/status", """{"S":"NEW"}""")]
    [InlineData("/lines/1/sku", """{"S":"b"}""")]
    [InlineData("/m/0", """{"S":"a name of digits"}""")]
    [InlineData("/a~1b", """{"N":"1"}""")]
    [InlineData("/m/", """{"BOOL":true}""")]
    public void A_value_is_found_through_names_and_indexes(string path, string expected) =>
        AttributePath.Parse(path).Find(Order).ShouldBe(Value(expected));

    [Theory]
    [InlineData("/missing")]
    [InlineData("/status/S")]
    [InlineData("/lines/2")]
    [InlineData("/lines/01")]
    [InlineData("/lines/-")]
    [InlineData("/lines/+1")]
    [InlineData("/lines/99999999999")]
    [InlineData("/tags/0")]
    public void Where_the_item_has_nothing_nothing_is_found(string path) => AttributePath.Parse(path).Find(Order).ShouldBeNull();

    [Theory]
    [InlineData("/meta", "/meta", true)]
    [InlineData("/meta", "/meta/when", true)]
    [InlineData("/meta", "/metadata", false)]
    [InlineData("/meta/when", "/meta", false)]
    [InlineData("/a~1b", "/a/b", false)]
    public void A_path_covers_what_lies_at_or_below_it(string above, string below, bool covers) =>
        AttributePath.Parse(above).Covers(AttributePath.Parse(below)).ShouldBe(covers);

    private static AttributeMap Order => Item("""
        {"status": {"S": "NEW"}, "a/b": {"N": "1"}, "tags": {"SS": ["x"]},
         "lines": {"L": [{"M": {"sku": {"S": "a"}}}, {"M": {"sku": {"S": "b"}}}]},
         "m": {"M": {"0": {"S": "a name of digits"}, "": {"BOOL": true}}}}
        """);
}
