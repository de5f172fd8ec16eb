using Afterimage.Entries;
using Afterimage.Trail.DynamoDb;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Tests.Contracts;

public abstract partial class ItemTableContract
{
    // As their bytes have it: what lies outside the first plane of Unicode comes last.
    private static readonly string[] Sorted = ["!", "A", "Z", "a", "a b", "aa", "é", "\uE000", "\uFFFD", "😀", "😀 "];

    [Fact]
    public async Task A_partition_is_read_in_the_order_of_the_bytes_of_its_sort_keys()
    {
        await PutSortedAsync();

        (await SortsAsync(new ItemQuery("one"))).ShouldBe(Sorted);
        (await SortsAsync(new ItemQuery("one") { Reverse = true })).ShouldBe(Sorted.Reverse());
        (await SortsAsync(new ItemQuery("one") { From = "a", Through = "\uFFFD" })).ShouldBe(Sorted[3..9]);
        (await SortsAsync(new ItemQuery("one") { From = "b", Reverse = true })).ShouldBe(Sorted[6..].Reverse());
        (await SortsAsync(new ItemQuery("one") { Through = "b" })).ShouldBe(Sorted[..6]);
        (await SortsAsync(new ItemQuery("none"))).ShouldBeEmpty();
        await RefusedAsync(() => Table.QueryAsync(new ItemQuery("one") { From = "b", Through = "a" }, Ct));
        await RefusedAsync(() => Table.QueryAsync(new ItemQuery("one") { From = string.Empty }, Ct));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Pages_hold_no_more_than_they_may_and_follow_each_other(int limit)
    {
        await PutSortedAsync();
        var found = new List<string>();
        var query = new ItemQuery("one") { From = "A", Limit = limit, Reverse = true, Filter = [Term.Less("place", Cell.Of(9))] };
        for (PageMark? after = null; ;)
        {
            var page = await Table.QueryAsync(query with { After = after }, Ct);
            page.Items.Count.ShouldBeLessThanOrEqualTo(limit);
            found.AddRange(page.Items.Select(item => item.Key.Sort));
            after = page.Next;
            if (after is null)
            {
                break;
            }
        }

        found.ShouldBe(Sorted[1..9].Reverse());
    }

    [Fact]
    public async Task Only_what_is_wanted_of_items_is_read()
    {
        await PutSortedAsync();

        var item = (await Table.QueryAllAsync(new ItemQuery("one") { From = "a", Through = "a", Attributes = ["place"], Filter = [Term.Is("text", "a")] }, Ct)).ShouldHaveSingleItem();
        (item.Integer("place"), item.Has("text"), item.Has(ItemKey.SortAttribute)).ShouldBe((3, false, false));
    }

    [Fact]
    public async Task A_scan_in_parts_finds_every_item_once()
    {
        await PutSortedAsync();
        await Table.PutManyAsync([.. Enumerable.Range(0, 60).Select(at => NewItem.Of(new ItemKey($"part {at}", "a"), ("place", Cell.Of(at))))], Ct);
        var found = new List<string>();
        for (var segment = 0; segment < 3; segment++)
        {
            PageMark? after = null;
            do
            {
                var page = await Table.ScanAsync(new ItemScan(segment, 3, [ItemKey.PartitionAttribute, ItemKey.SortAttribute], after), Ct);
                found.AddRange(page.Items.Select(item => item.Key.ToString()));
                after = page.Next;
            }
            while (after is not null);
        }

        found.ShouldBe([.. Sorted.Select(sort => $"one | {sort}"), .. Enumerable.Range(0, 60).Select(at => $"part {at} | a")], ignoreOrder: true);
    }

    [Fact]
    public async Task An_index_holds_the_items_that_have_its_keys_in_its_own_order()
    {
        for (var at = 0; at < 20; at++)
        {
            var index = at % 4 == 0 ? [] : new (string, AttributeValue?)[] { (Indexes.ByTime.Partition, Cell.Of("0 Orders")), (Indexes.ByTime.Sort, Cell.Of($"{at % 5}")) };
            await WriteAsync(new ItemWrite.Put(NewItem.Of(new ItemKey($"item {at}", $"{at}"), [.. index, ("kind", Cell.Of("change")), ("place", Cell.Of(at))])));
        }

        await WriteAsync(new ItemWrite.Update(new ItemKey("item 1", "1"), [(Indexes.ByTime.Sort, Cell.Of("9"))]));
        await WriteAsync(new ItemWrite.Update(new ItemKey("item 2", "2"), [(Indexes.ByTime.Partition, null)]));
        await WriteAsync(new ItemWrite.Delete(new ItemKey("item 3", "3")));

        var found = await Table.QueryAllAsync(new ItemQuery("0 Orders") { Index = Indexes.ByTime, Limit = 4, Filter = [Term.Is("kind", "change")] }, Ct);
        found.Select(item => item.Key.Sort).ShouldBe(["1", .. Enumerable.Range(4, 16).Where(at => at % 4 > 0).Select(at => $"{at}")], ignoreOrder: true);
        found.Select(item => item.Text(Indexes.ByTime.Sort)).ShouldBeInOrder();
        found.ShouldAllBe(item => !item.Has("place"));
        var some = await Table.QueryAllAsync(new ItemQuery("0 Orders") { Index = Indexes.ByTime, From = "3", Through = "5", Reverse = true }, Ct);
        some.Select(item => item.Text(Indexes.ByTime.Sort)).ShouldBe(["4", "4", "4", "3", "3"]);
        await RefusedAsync(() => WriteAsync(new ItemWrite.Update(new ItemKey("item 1", "1"), [(Indexes.ByTime.Sort, Cell.Of(string.Empty))])));
    }

    private Task PutSortedAsync() => Table.PutManyAsync(
        [.. Sorted.Select((sort, place) => NewItem.Of(new ItemKey("one", sort), ("text", Cell.Of(sort)), ("place", Cell.Of(place))))], Ct);

    private async Task<IEnumerable<string>> SortsAsync(ItemQuery query) => (await Table.QueryAllAsync(query, Ct)).Select(item => item.Key.Sort);
}

/// <summary>Whole answers.</summary>
internal static class WholeAnswers
{
    public static async Task<List<Item>> QueryAllAsync(this IItemTable table, ItemQuery query, CancellationToken ct) => await table.AllAsync(query, ct).ToListAsync(ct);
}
