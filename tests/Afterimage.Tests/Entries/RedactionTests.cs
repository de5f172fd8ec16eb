using Afterimage.Entries;
using Afterimage.Tests.Support;
using static Afterimage.Tests.Support.Items;

namespace Afterimage.Tests.Entries;

public sealed class RedactionTests
{
    [Fact]
    public void The_place_says_redacted_and_all_else_stays()
    {
        var image = Item("""{"id":{"S":"x"},"card":{"M":{"number":{"S":"4111"},"brand":{"S":"visa"}}},"pins":{"L":[{"N":"1"},{"N":"2"}]}}""");
        var redacted = Redaction.Apply(image, Paths("/card/number", "/pins/1", "/absent", "/id/S"));

        AttributePath.Parse("/card/number").Find(redacted).ShouldBe(AttributeValue.Redacted);
        AttributePath.Parse("/pins/1").Find(redacted).ShouldBe(AttributeValue.Redacted);
        AttributePath.Parse("/card/brand").Find(redacted).ShouldBe(AttributeValue.String("visa"));
        AttributePath.Parse("/pins/0").Find(redacted).ShouldBe(AttributeValue.Number("1"));
        redacted.Keys.ShouldBe(["card", "id", "pins"]);
        redacted["id"].ShouldBe(AttributeValue.String("x"));
    }

    [Fact]
    public void A_change_at_a_redacted_place_says_that_it_changed() =>
        Redacted("""{"card":{"S":"4111"},"n":{"N":"1"}}""", """{"card":{"S":"4222"},"n":{"N":"2"}}""", "/card").ShouldBe("""
            replace /card redacted -> redacted
            replace /n {"N":"1"} -> {"N":"2"}
            """);

    [Fact]
    public void Changes_below_a_redacted_place_are_one_that_hides_the_names() => Redacted(
        """{"secrets":{"M":{"alice":{"S":"a"},"bob":{"S":"b"},"deep":{"L":[{"N":"1"}]}}}}""",
        """{"secrets":{"M":{"alice":{"S":"x"},"deep":{"L":[{"N":"2"},{"N":"3"}]},"eve":{"S":"e"}}}}""",
        "/secrets").ShouldBe("replace /secrets redacted -> redacted");

    [Fact]
    public void A_change_above_a_redacted_place_is_redacted_within_its_values()
    {
        var changes = Redaction.Apply(
            ItemDiff.Between(Item("""{"card":{"S":"none"}}"""), Item("""{"card":{"M":{"number":{"S":"4111"},"brand":{"S":"visa"}}}}""")),
            Paths("/card/number"));
        var change = changes.ShouldHaveSingleItem();
        change.Old.ShouldBe(AttributeValue.String("none"));
        change.Value!.Members["number"].ShouldBe(AttributeValue.Redacted);
        change.Value.Members["brand"].ShouldBe(AttributeValue.String("visa"));
    }

    // The removal moves "b" to the front before it is replaced: its place in the change is not its place in the old image.
    [Fact]
    public void A_redacted_index_cannot_be_evaded_by_moving_the_element() => Redacted(
        """{"l":{"L":[{"S":"a"},{"S":"b"},{"M":{"x":{"S":"c"}}}]}}""", """{"l":{"L":[{"NULL":true},{"M":{"x":{"S":"d"}}}]}}""", "/l/1").ShouldNotContain("\"S\"");

    [Fact]
    public void An_entry_is_redacted_in_both_images_and_its_changes_but_not_its_key()
    {
        var entry = Redaction.Apply(
            SampleEntries.Modify("""{"id":{"S":"x"},"card":{"S":"4111"}}""", """{"id":{"S":"x"},"card":{"S":"4222"}}"""), Paths("/card"));
        var text = EntryJson.ToText(entry);

        text.ShouldNotContain("4111");
        text.ShouldNotContain("4222");
        text.ShouldContain(""" "oldImage":{"card":{"redacted":true},"id":{"S":"x"}} """.Trim());
        text.ShouldContain(""" {"op":"replace","path":"/card","old":{"redacted":true},"value":{"redacted":true}} """.Trim());
        entry.Keys.ShouldBe(Item("""{"id":{"S":"x"}}"""));
    }

    [Fact]
    public void Redacted_changes_still_lead_from_the_redacted_image_to_the_other() => Property.Holds(tries: 500, (items, size) =>
    {
        var old = items.Item(size);
        var @new = items.Changed(old, size);
        var paths = new[] { old, @new }.SelectMany(MapPlaces).Where(_ => items.Below(4) == 0).ToArray();
        var changes = Redaction.Apply(ItemDiff.Between(old, @new), paths);

        ItemPatch.Apply(Redaction.Apply(old, paths), changes).ShouldBe(Redaction.Apply(@new, paths));
        ItemPatch.Revert(Redaction.Apply(@new, paths), changes).ShouldBe(Redaction.Apply(old, paths));
    });

    /// <summary>The places in an item that are reached through names alone, none of which could be an index.</summary>
    private static IEnumerable<AttributePath> MapPlaces(AttributeMap item) => MapPlaces(item, AttributePath.Root);

    private static IEnumerable<AttributePath> MapPlaces(AttributeMap map, AttributePath path) => map
        .Where(member => !member.Key.All(char.IsAsciiDigit))
        .SelectMany(member => MapPlaces(member.Value.Members, path.Append(member.Key)).Prepend(path.Append(member.Key)));

    private static string Redacted(string old, string @new, params string[] paths) =>
        Lines(Redaction.Apply(ItemDiff.Between(Item(old), Item(@new)), Paths(paths)));

    private static AttributePath[] Paths(params string[] paths) => [.. paths.Select(AttributePath.Parse)];
}
