using Afterimage.Entries;
using Afterimage.Tests.Support;
using static Afterimage.Tests.Support.Items;

namespace Afterimage.Tests.Entries;

public sealed class ItemPatchTests
{
    [Fact]
    public void Changes_lead_from_the_old_image_to_the_new_one_and_back() => Property.Holds(tries: 1_000, (items, size) =>
    {
        var old = items.Item(size);
        var @new = items.Below(8) == 0 ? items.Item(size) : items.Changed(old, size);
        var changes = ItemDiff.Between(old, @new);

        ItemPatch.Apply(old, changes).ShouldBe(@new);
        ItemPatch.Revert(@new, changes).ShouldBe(old);
        changes.Count.ShouldBe(old.Equals(@new) ? 0 : Math.Max(1, changes.Count));
        Lines(ItemDiff.Between(old, @new)).ShouldBe(Lines(changes));
    });

    [Fact]
    public void Inserts_and_removals_lead_from_nothing_and_to_nothing() => Property.Holds(tries: 200, (items, size) =>
    {
        var item = items.Item(size);
        var insert = ItemDiff.Between(null, item);
        insert.Select(change => change.Op).ShouldBe(Enumerable.Repeat(ChangeOp.Add, item.Count));
        ItemPatch.Apply(AttributeMap.Empty, insert).ShouldBe(item);
        Lines(ItemPatch.Reverse(insert).Reverse()).ShouldBe(Lines(ItemDiff.Between(item, null)));
        ItemPatch.Apply(item, ItemDiff.Between(item, null)).ShouldBe(AttributeMap.Empty);
    });

    [Fact]
    public void What_is_ignored_keeps_its_old_value() => Property.Holds(tries: 500, (items, size) =>
    {
        var old = items.Item(size);
        var @new = items.Changed(old, size);
        var ignored = @new.Keys.Concat(old.Keys).ElementAt(items.Below(old.Count + @new.Count));
        var changes = ItemDiff.Between(old, @new, [AttributePath.Root.Append(ignored)]);

        var expected = @new.Where(member => member.Key != ignored).Concat(old.Where(member => member.Key == ignored));
        ItemPatch.Apply(old, changes).ShouldBe(new AttributeMap(expected));
    });

    [Fact]
    public void An_item_of_400_KB_changes_to_another()
    {
        var old = Large('a', 0);
        var @new = Large('b', 3);
        var changes = ItemDiff.Between(old, @new);

        changes.Count.ShouldBe(41);
        ItemPatch.Apply(old, changes).ShouldBe(@new);
        ItemPatch.Revert(@new, changes).ShouldBe(old);
    }

    [Theory]
    [InlineData("add", "/a", "its place is taken")]
    [InlineData("add", "/missing/x", "nothing at 'missing'")]
    [InlineData("add", "/a/x", "no member can be there")]
    [InlineData("add", "/l/4", "no member can be there")]
    [InlineData("add", "/l/-", "no member can be there")]
    [InlineData("remove", "/missing", "nothing in its place")]
    [InlineData("remove", "/l/3", "nothing in its place")]
    [InlineData("remove", "/l/01", "nothing in its place")]
    [InlineData("remove", "/a", "another value")]
    [InlineData("replace", "/a", "another value")]
    [InlineData("replace", "/missing", "nothing in its place")]
    [InlineData("replace", "", "names no attribute")]
    [InlineData("replace", "a", "begins with a slash")]
    public void A_change_that_does_not_fit_is_refused(string op, string path, string reason)
    {
        var item = Item("""{"a":{"N":"1"},"l":{"L":[{"N":"1"},{"N":"2"},{"N":"3"}]}}""");
        var (old, value) = (AttributeValue.String("old"), AttributeValue.String("new"));
        var change = op switch
        {
            "add" => new Change(ChangeOp.Add, path, Old: null, value),
            "remove" => new Change(ChangeOp.Remove, path, old, Value: null),
            _ => new Change(ChangeOp.Replace, path, old, value),
        };

        var problem = Should.Throw<PatchException>(() => ItemPatch.Apply(item, [change]));
        problem.Message.ShouldContain(reason);
        problem.Change.ShouldBe(change);
    }

    [Fact]
    public void A_change_has_the_values_that_its_operation_has()
    {
        Should.Throw<ArgumentException>(() => new Change(ChangeOp.Add, "/a", AttributeValue.Null, AttributeValue.Null));
        Should.Throw<ArgumentException>(() => new Change(ChangeOp.Add, "/a", Old: null, Value: null));
        Should.Throw<ArgumentException>(() => new Change(ChangeOp.Remove, "/a", Old: null, Value: null));
        Should.Throw<ArgumentException>(() => new Change(ChangeOp.Remove, "/a", AttributeValue.Null, AttributeValue.Null));
        Should.Throw<ArgumentException>(() => new Change(ChangeOp.Replace, "/a", Old: null, AttributeValue.Null));
    }

    // 40 strings of 5 KB that all differ, and 200 KB of numbers in a list, of which three left the front.
    private static AttributeMap Large(char letter, int from) => new(
    [
        .. Enumerable.Range(0, 38).Select(n => KeyValuePair.Create($"text{n}", AttributeValue.String(new string(letter, 5_000) + n))),
        KeyValuePair.Create("numbers", Numbers(Enumerable.Range(from + 1_000_000, 20_000 - from))),
    ]);
}
