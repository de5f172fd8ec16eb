using Afterimage.Entries;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Tests.Contracts;

/// <summary>What the table of a trail answers to the requests that are made of it: DynamoDB, and the one in memory that stands for it. Reads are in the other part.</summary>
public abstract partial class ItemTableContract
{
    private static readonly ItemKey Key = new("one", "a");

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A table with a trail's indexes, in which nothing is.</summary>
    private protected abstract IItemTable Table { get; }

    [Fact]
    public async Task A_put_on_condition_that_nothing_is_there_is_done_once()
    {
        (await WriteAsync(Put(Key, "first", Term.NoItem))).ShouldBeTrue();
        (await WriteAsync(Put(Key, "second", Term.NoItem))).ShouldBeFalse();
        (await TextAsync(Key)).ShouldBe("first");

        (await WriteAsync(Put(Key, "third", Term.AnItem))).ShouldBeTrue();
        (await WriteAsync(Put(new ItemKey("one", "b"), "third", Term.AnItem))).ShouldBeFalse();
        (await TextAsync(Key)).ShouldBe("third");
    }

    [Fact]
    public async Task An_update_makes_the_item_unless_its_condition_asks_for_one()
    {
        (await WriteAsync(new ItemWrite.Update(Key, [("text", Cell.Of("first"))], Term.AnItem))).ShouldBeFalse();
        (await Table.GetAsync(Key, Ct)).ShouldBeNull();

        (await WriteAsync(new ItemWrite.Update(Key, [("text", Cell.Of("first")), ("other", null)]) { Add = [("count", 2)] })).ShouldBeTrue();
        (await WriteAsync(new ItemWrite.Update(Key, [("text", null), ("other", Cell.Of(1))]) { Add = [("count", -5)] })).ShouldBeTrue();

        var item = (await Table.GetAsync(Key, Ct)).ShouldNotBeNull();
        (item.Key, item.Has("text"), item.Integer("other"), item.Integer("count")).ShouldBe((Key, false, 1, -3));
    }

    [Fact]
    public async Task A_delete_is_done_though_nothing_is_there_unless_its_condition_asks_for_an_item()
    {
        (await WriteAsync(new ItemWrite.Delete(Key))).ShouldBeTrue();
        (await WriteAsync(new ItemWrite.Delete(Key, Term.AnItem))).ShouldBeFalse();
        await WriteAsync(Put(Key, "first"));
        (await WriteAsync(new ItemWrite.Delete(Key, Term.Is("text", "other")))).ShouldBeFalse();
        (await WriteAsync(new ItemWrite.Delete(Key, Term.Is("text", "first")))).ShouldBeTrue();
        (await Table.GetAsync(Key, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Conditions_compare_numbers_by_value_and_texts_and_bytes_by_their_bytes()
    {
        await WriteAsync(new ItemWrite.Put(NewItem.Of(
            Key, ("number", AttributeValue.Number("9.50")), ("text", Cell.Of("😀")), ("bytes", Cell.Of(new byte[] { 0x7f })), ("flag", AttributeValue.Boolean(true)))));

        var number = AttributeValue.Number("10");
        var (text, bytes) = (AttributeValue.String("\uE000"), Cell.Of(new byte[] { 0x7f, 0 }));
        (Term Term, bool Holds)[] expected =
        [
            (Term.Is("number", AttributeValue.Number("9.5")), true),
            (Term.Is("number", AttributeValue.String("9.5")), false),
            (Term.Is("flag", true), true),
            (Term.Is("flag", false), false),
            (Term.Is("none", (AttributeValue?)null), true),
            (Term.Missing("number"), false),
            (new Term("number", TermKind.Present, null), true),
            (Term.Less("number", number), true),
            (Term.AtLeast("number", number), false),
            (Term.AtLeast("number", AttributeValue.Number("95e-1")), true),
            (Term.Below("number", AttributeValue.Number("-10")), false),
            (Term.Below("none", number), true),
            (Term.Less("none", number), false),
            (Term.Less("text", number), false),
            (Term.AtLeast("text", number), false),
            (Term.Below("text", number), false),
            (Term.Less("text", text), false),
            (Term.AtLeast("text", text), true),
            (Term.Less("bytes", bytes), true),
            (Term.Less("bytes", Cell.Of(new byte[] { 0x80 })), true),
            (Term.Below("bytes", Cell.Of(new byte[] { 0x7f })), false),
        ];
        foreach (var (term, holds) in expected)
        {
            (await WriteAsync(new ItemWrite.Update(Key, [("seen", Cell.Of(1))], term))).ShouldBe(holds, term.ToString());
            (await Table.QueryAllAsync(new ItemQuery("one") { Filter = [term] }, Ct)).Count.ShouldBe(holds ? 1 : 0, term.ToString());
        }

        (await WriteAsync(new ItemWrite.Update(Key, [("seen", Cell.Of(2))], Term.Is("flag", true), Term.Missing("flag")))).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_written_together_is_written_as_a_whole_or_not_at_all()
    {
        var (other, third) = (new ItemKey("two", "a"), new ItemKey("three", "a"));
        await WriteAsync(Put(Key, "first"));

        (await Table.WriteTogetherAsync([Put(other, "new"), new ItemWrite.Update(third, [("text", Cell.Of("new"))]), Put(Key, "new", Term.NoItem)], Ct)).ShouldBeFalse();
        (await Table.WriteTogetherAsync([Put(other, "new"), new ItemWrite.Check(Key, Term.Is("text", "other"))], Ct)).ShouldBeFalse();
        (await Table.GetManyAsync([other, third], null, Ct)).ShouldBeEmpty();

        (await Table.WriteTogetherAsync([Put(other, "new", Term.NoItem), new ItemWrite.Check(Key, Term.Is("text", "first")), new ItemWrite.Delete(third)], Ct)).ShouldBeTrue();
        (await TextAsync(other)).ShouldBe("new");
        await RefusedAsync(() => Table.WriteTogetherAsync([Put(other, "one"), new ItemWrite.Delete(other)], Ct));
    }

    [Fact]
    public async Task Any_number_of_items_is_put_and_read_at_once()
    {
        List<ItemKey> keys = [.. Enumerable.Range(0, 130).Select(at => new ItemKey($"part {at % 7}", $"{at}"))];
        await Table.PutManyAsync([.. keys.Select(key => NewItem.Of(key, ("text", Cell.Of(key.Sort)), ("more", Cell.Of("more"))))], Ct);

        var found = await Table.GetManyAsync([.. keys, new ItemKey("part 0", "none")], [ItemKey.PartitionAttribute, ItemKey.SortAttribute, "text"], Ct);
        found.Select(item => item.Key).ShouldBe(keys, ignoreOrder: true);
        found.ShouldAllBe(item => item.Text("text") == item.Key.Sort && !item.Has("more"));
        (await Table.GetManyAsync([], null, Ct)).ShouldBeEmpty();
        await Table.PutManyAsync([], Ct);
        await RefusedAsync(() => Table.PutManyAsync([NewItem.Of(Key), NewItem.Of(Key)], Ct));
        await RefusedAsync(() => Table.GetManyAsync([Key, Key], null, Ct));
    }

    [Fact]
    public async Task What_is_too_large_or_no_key_is_refused()
    {
        (await WriteAsync(Put(new ItemKey(new string('é', 1_024), new string('é', 512)), "text"))).ShouldBeTrue();
        await RefusedAsync(() => WriteAsync(Put(new ItemKey(new string('é', 1_024) + "x", "a"), "text")));
        await RefusedAsync(() => WriteAsync(Put(new ItemKey("one", new string('é', 512) + "x"), "text")));
        await RefusedAsync(() => WriteAsync(Put(new ItemKey("one", string.Empty), "text")));
        await RefusedAsync(() => WriteAsync(new ItemWrite.Update(Key, [(ItemKey.SortAttribute, Cell.Of("b"))])));
        await RefusedAsync(() => WriteAsync(new ItemWrite.Update(Key, [])));

        // The key is pk, one, sk and a; what is left of 400 KB is an attribute's name of four and its value.
        const int Room = (400 * 1024) - 2 - 3 - 2 - 1 - 4;
        (await WriteAsync(Put(Key, new string('x', Room)))).ShouldBeTrue();
        await RefusedAsync(() => WriteAsync(Put(Key, new string('x', Room + 1))));
        await RefusedAsync(() => WriteAsync(new ItemWrite.Update(Key, [("more", Cell.Of("x"))])));
    }

    [Fact]
    public async Task What_is_kept_comes_back_equal_whatever_it_is()
    {
        var value = AttributeValue.Map(new AttributeMap(
        [
            new("empty", AttributeValue.String(string.Empty)), new("n", AttributeValue.Number("-1.10E-20")), new("m", AttributeValue.Number("12345678901234567890123456789012345678")),
            new("b", AttributeValue.Binary("AAE=")), new("l", AttributeValue.List([AttributeValue.Null, AttributeValue.Boolean(false), AttributeValue.Number("0.0")])),
            new("s", AttributeValue.StringSet(["b", "a", "😀", "\uE000"])), new("ns", AttributeValue.NumberSet(["2", "1.50"])), new("é😀\n\"", AttributeValue.String("é😀\n\"\u0001\u007f\u2028")),
        ]));
        await WriteAsync(new ItemWrite.Put(NewItem.Of(Key, ("value", value))));

        var item = (await Table.GetAsync(Key, Ct)).ShouldNotBeNull();
        DynamoDbJson.ReadMap(item.Attributes)["value"].ShouldBe(value);
    }

    [Fact]
    public async Task What_nests_too_deep_or_has_no_name_is_refused()
    {
        const int DeepMax = 31;
        (await WriteAsync(new ItemWrite.Put(NewItem.Of(Key, ("value", Deep(DeepMax)))))).ShouldBeTrue();
        await RefusedAsync(() => WriteAsync(new ItemWrite.Put(NewItem.Of(Key, ("value", Deep(DeepMax + 1))))));
        await RefusedAsync(() => WriteAsync(new ItemWrite.Update(Key, [("value", Deep(DeepMax + 1))])));
        await RefusedAsync(() => WriteAsync(new ItemWrite.Put(NewItem.Of(Key, ("value", AttributeValue.Map(new AttributeMap([new("", AttributeValue.Null)])))))));

        static AttributeValue Deep(int levels) =>
            Enumerable.Range(0, levels).Aggregate(AttributeValue.Null, (inner, at) => at % 2 == 0 ? AttributeValue.List([inner]) : AttributeValue.Map(new AttributeMap([new("in", inner)])));
    }

    private protected static ItemWrite Put(ItemKey key, string text, params Term[] conditions) => new ItemWrite.Put(NewItem.Of(key, ("text", Cell.Of(text))), conditions);

    private protected Task<bool> WriteAsync(ItemWrite write) => Table.WriteAsync(write, Ct);

    private protected static async Task RefusedAsync(Func<Task> act) => (await Should.ThrowAsync<AfterimageException>(act)).Message.ShouldContain("refuses");

    private async Task<string?> TextAsync(ItemKey key) => (await Table.GetAsync(key, Ct))?.TextOrNull("text");
}
