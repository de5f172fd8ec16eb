using Afterimage.Entries;
using Afterimage.Tests.Support;
using static Afterimage.Tests.Support.Items;

namespace Afterimage.Tests.Entries;

public sealed class ListDiffTests
{
    [Fact]
    public void What_enters_a_list_is_one_addition() => Between("[1,2,3]", "[1,9,2,3]").ShouldBe("""
        add /l/1 {"N":"9"}
        """);

    [Fact]
    public void What_leaves_a_list_is_one_removal() => Between("[1,2,3]", "[1,3]").ShouldBe("""
        remove /l/1 {"N":"2"}
        """);

    [Fact]
    public void A_window_that_moves_on_is_one_removal_and_one_addition() => Between("[1,2,3,4]", "[2,3,4,5]").ShouldBe("""
        remove /l/0 {"N":"1"}
        add /l/3 {"N":"5"}
        """);

    [Fact]
    public void Indexes_name_places_in_the_state_reached() => Between("[1,2,3,4,5,6]", "[0,1,3,4,7,6]").ShouldBe("""
        add /l/0 {"N":"0"}
        remove /l/2 {"N":"2"}
        replace /l/4 {"N":"5"} -> {"N":"7"}
        """);

    [Fact]
    public void Numbers_of_one_value_are_one_element() => Between("[1,2.0,3]", "[2,3.00]").ShouldBe("""
        remove /l/0 {"N":"1"}
        """);

    [Fact]
    public void A_changed_map_in_its_place_is_descended() => Between(
        """[{"sku":"a","n":1},{"sku":"b","n":1}]""", """[{"sku":"a","n":1},{"sku":"b","n":2}]""").ShouldBe("""
        replace /l/1/n {"N":"1"} -> {"N":"2"}
        """);

    [Fact]
    public void A_changed_list_in_its_place_is_descended() => Between("[[1,2],[3]]", "[[2],[3]]").ShouldBe("""
        remove /l/0/0 {"N":"1"}
        """);

    // Replacing "x" by the map and removing the old map would be as few edits.
    [Fact]
    public void Of_equally_few_edits_those_that_descend_are_taken() => Between("""["x",{"n":1}]""", """[{"n":2}]""").ShouldBe("""
        remove /l/0 {"S":"x"}
        replace /l/0/n {"N":"1"} -> {"N":"2"}
        """);

    [Fact]
    public void Of_equally_few_edits_those_that_pair_the_likest_maps_are_taken()
    {
        Between("""[{"sku":"a","n":1},{"sku":"b","n":1},{"sku":"c","n":5}]""", """[{"sku":"b","n":2},{"sku":"c","n":5}]""").ShouldBe("""
            remove /l/0 {"M":{"n":{"N":"1"},"sku":{"S":"a"}}}
            replace /l/0/n {"N":"1"} -> {"N":"2"}
            """);
        Between("""[{"sku":"a","n":1},{"sku":"b","n":1},{"sku":"c","n":5}]""", """[{"sku":"a","n":2},{"sku":"c","n":5}]""").ShouldBe("""
            replace /l/0/n {"N":"1"} -> {"N":"2"}
            remove /l/1 {"M":{"n":{"N":"1"},"sku":{"S":"b"}}}
            """);
    }

    [Fact]
    public void Lists_take_as_few_edits_as_a_naive_edit_distance() => Property.Holds(tries: 500, (items, _) =>
    {
        var (old, @new) = (Few(items), Few(items));
        var edits = ListEdits.Between(old, @new);
        edits.Count(edit => edit != ListEdit.Keep).ShouldBe(NaiveDistance(old, @new));
        edits.Count(edit => edit != ListEdit.Insert).ShouldBe(old.Count);
        edits.Count(edit => edit != ListEdit.Remove).ShouldBe(@new.Count);
    });

    // 20,000 elements are past what a whole table may hold, but few differ: an element left the front, one joined at the back.
    [Fact]
    public void In_a_long_list_few_differences_are_still_found()
    {
        var changes = ItemDiff.Between(List(Numbers(Enumerable.Range(0, 20_000))), List(Numbers(Enumerable.Range(1, 20_000))));
        Lines(changes).ShouldBe("""
            remove /l/0 {"N":"0"}
            add /l/19999 {"N":"20000"}
            """);
    }

    [Fact]
    public void A_list_too_long_and_too_different_is_compared_by_position()
    {
        var (old, @new) = (List(Numbers(Enumerable.Range(0, 20_000))), List(Numbers(Enumerable.Range(50_000, 19_990))));
        var changes = ItemDiff.Between(old, @new);
        changes.Count(change => change.Op == ChangeOp.Replace).ShouldBe(19_990);
        changes.Count(change => change.Op == ChangeOp.Remove).ShouldBe(10);
        ItemPatch.Apply(old, changes).ShouldBe(@new);
        ItemPatch.Revert(@new, changes).ShouldBe(old);
    }

    [Theory]
    [InlineData(1_000, 1_000)]
    [InlineData(1, 200_000)]
    [InlineData(200_000, 1)]
    [InlineData(0, 1_200_000)]
    public void Lists_that_have_nothing_in_common_take_as_many_edits_as_the_longer_is_long(int before, int after)
    {
        var edits = ListEdits.Between(Numbers(Enumerable.Range(0, before)).Items, [.. Enumerable.Repeat(AttributeValue.Null, after)]);
        edits.Count.ShouldBe(Math.Max(before, after));
        edits.ShouldNotContain(ListEdit.Keep);
    }

    // A band narrower than the shift finds a way too, but not the shortest one.
    [Fact]
    public void Elements_that_moved_far_are_found_where_they_went()
    {
        foreach (var (length, shift) in Enumerable.Range(1, 40).SelectMany(shift => new[] { (shift + 10, shift), (shift + 25, shift), (100, shift) }))
        {
            var old = Numbers(Enumerable.Range(0, length)).Items.ToList();
            var @new = Numbers(Enumerable.Range(shift, length)).Items.ToList();
            ListEdits.Between(old, @new).Count(edit => edit != ListEdit.Keep).ShouldBe(NaiveDistance(old, @new), $"{length} by {shift}");
        }
    }

    [Fact]
    public void A_band_finds_what_the_whole_table_finds()
    {
        // Around the length from which on tables are cut to a band, with edits far apart: both must find exactly these.
        foreach (var length in new[] { 1_000, 1_020, 1_030, 5_000 })
        {
            var old = Enumerable.Range(0, length).ToList();
            var @new = old.ToList();
            @new.RemoveRange(10, 30);
            @new.InsertRange(length - 50, Enumerable.Range(length, 20));
            @new[length / 2] = -1;
            ListEdits.Between(Numbers(old).Items, Numbers(@new).Items).Count(edit => edit != ListEdit.Keep).ShouldBe(51, $"length {length}");
        }
    }

    private static AttributeMap List(AttributeValue list) => new([KeyValuePair.Create("l", list)]);

    private static string Between(string old, string @new) => Lines(ItemDiff.Between(List(Plain(old)), List(Plain(@new))));

    /// <summary>A value from plain JSON.</summary>
    private static AttributeValue Plain(string json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return Plain(document.RootElement);
    }

    private static AttributeValue Plain(System.Text.Json.JsonElement element) => element.ValueKind switch
    {
        System.Text.Json.JsonValueKind.Array => AttributeValue.List([.. element.EnumerateArray().Select(Plain)]),
        System.Text.Json.JsonValueKind.Object =>
            AttributeValue.Map(new AttributeMap(element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, Plain(member.Value))))),
        System.Text.Json.JsonValueKind.Number => AttributeValue.Number(element.GetRawText()),
        _ => AttributeValue.String(element.GetString()!),
    };

    private static List<AttributeValue> Few(RandomItems items) => [.. Enumerable.Range(0, items.Below(9)).Select(_ => items.Below(5) switch
    {
        0 => AttributeValue.Number("1"),
        1 => AttributeValue.Number("1.0"),
        2 => AttributeValue.String("a"),
        3 => Plain("""{"a":1}"""),
        _ => Plain("""{"a":2}"""),
    })];

    private static int NaiveDistance(List<AttributeValue> old, List<AttributeValue> @new)
    {
        int[][] distance = [.. Enumerable.Range(0, old.Count + 1).Select(_ => new int[@new.Count + 1])];
        for (var i = 0; i <= old.Count; i++)
        {
            for (var j = 0; j <= @new.Count; j++)
            {
                distance[i][j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(
                        distance[i - 1][j - 1] + (old[i - 1].Equals(@new[j - 1]) ? 0 : 1),
                        Math.Min(distance[i - 1][j], distance[i][j - 1]) + 1),
                };
            }
        }

        return distance[old.Count][@new.Count];
    }
}
