using Afterimage.Entries;
using static Afterimage.Tests.Support.Items;

namespace Afterimage.Tests.Entries;

public sealed class ItemDiffTests
{
    [Fact]
    public void An_insert_adds_every_attribute_by_name() =>
        Lines(ItemDiff.Between(null, Item("""{"b":{"N":"1"},"a":{"M":{"x":{"S":""}}}}"""))).ShouldBe("""
            add /a {"M":{"x":{"S":""}}}
            add /b {"N":"1"}
            """);

    [Fact]
    public void A_removal_removes_every_attribute_by_name() =>
        Lines(ItemDiff.Between(Item("""{"b":{"N":"1"},"a":{"L":[]}}"""), null)).ShouldBe("""
            remove /a {"L":[]}
            remove /b {"N":"1"}
            """);

    [Fact]
    public void Nothing_differs_between_no_item_and_no_item() => ItemDiff.Between(null, null).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"N":"1"}""", """{"N":"1.0"}""")]
    [InlineData("""{"N":"1E+2"}""", """{"N":"100"}""")]
    [InlineData("""{"NS":["1","2.50"]}""", """{"NS":["2.5","1"]}""")]
    [InlineData("""{"SS":["a","b"]}""", """{"SS":["b","a"]}""")]
    [InlineData("""{"BS":["AA==","AQ=="]}""", """{"BS":["AQ==","AA=="]}""")]
    [InlineData("""{"L":[{"M":{"a":{"N":"1"}}}]}""", """{"L":[{"M":{"a":{"N":"1.00"}}}]}""")]
    public void What_is_equal_by_value_is_no_change(string old, string @new) =>
        ItemDiff.Between(Item($$"""{"v":{{old}}}"""), Item($$"""{"v":{{@new}}}""")).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"N":"1"}""", """{"S":"1"}""")]
    [InlineData("""{"S":""}""", """{"NULL":true}""")]
    [InlineData("""{"SS":["a"]}""", """{"SS":["a","b"]}""")]
    [InlineData("""{"SS":["1"]}""", """{"NS":["1"]}""")]
    [InlineData("""{"L":[]}""", """{"M":{}}""")]
    [InlineData("""{"S":"é"}""", "{\"S\":\"e\u0301\"}")]
    [InlineData("""{"N":"12345678901234567890123456789012345678"}""", """{"N":"12345678901234567890123456789012345679"}""")]
    public void Another_type_set_or_value_is_one_replacement(string old, string @new) =>
        Lines(ItemDiff.Between(Item($$"""{"v":{{old}}}"""), Item($$"""{"v":{{@new}}}"""))).ShouldBe($"replace /v {old} -> {@new}");

    [Fact]
    public void Maps_are_descended_and_names_escaped() => Lines(ItemDiff.Between(
        Item("""{"a/b":{"M":{"~":{"M":{"":{"N":"1"},"x.y":{"N":"1"}}},"gone":{"NULL":true}}}}"""),
        Item("""{"a/b":{"M":{"~":{"M":{"":{"N":"2"},"x.y":{"N":"1"}}},"come":{"NULL":true}}}}"""))).ShouldBe("""
            add /a~1b/come {"NULL":true}
            remove /a~1b/gone {"NULL":true}
            replace /a~1b/~0/ {"N":"1"} -> {"N":"2"}
            """);

    [Fact]
    public void Ignored_places_do_not_count_but_what_stands_beside_them_does() => Lines(ItemDiff.Between(
        Item("""{"updatedAt":{"N":"1"},"meta":{"M":{"when":{"N":"1"},"who":{"S":"a"}}},"status":{"S":"x"}}"""),
        Item("""{"meta":{"M":{"when":{"N":"2"},"who":{"S":"b"}}},"status":{"S":"x"},"_audit":{"M":{"id":{"S":"a"}}}}"""),
        Paths("/updatedAt", "/meta/when", "/_audit"))).ShouldBe("""
            replace /meta/who {"S":"a"} -> {"S":"b"}
            """);

    [Fact]
    public void Only_ignored_differences_are_no_changes() => ItemDiff.Between(
        Item("""{"updatedAt":{"N":"1"},"id":{"S":"x"}}"""),
        Item("""{"updatedAt":{"S":"now"},"id":{"S":"x"}}"""),
        Paths("/updatedAt")).ShouldBeEmpty();

    [Fact]
    public void What_is_added_above_an_ignored_place_is_added_whole() => Lines(ItemDiff.Between(
        AttributeMap.Empty, Item("""{"meta":{"M":{"when":{"N":"1"}}}}"""), Paths("/meta/when"))).ShouldBe("""
            add /meta {"M":{"when":{"N":"1"}}}
            """);

    [Fact]
    public void A_place_within_a_list_element_can_be_ignored_but_not_that_elements_come_and_go() => Lines(ItemDiff.Between(
        Item("""{"l":{"L":[{"M":{"when":{"N":"1"},"n":{"N":"1"}}},{"S":"a"}]}}"""),
        Item("""{"l":{"L":[{"M":{"when":{"N":"2"},"n":{"N":"2"}}},{"S":"b"},{"S":"c"}]}}"""),
        Paths("/l/0/when", "/l/1", "/l/2"))).ShouldBe("""
            replace /l/0/n {"N":"1"} -> {"N":"2"}
            add /l/2 {"S":"c"}
            """);

    private static AttributePath[] Paths(params string[] paths) => [.. paths.Select(AttributePath.Parse)];
}
