using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Trail;

namespace Afterimage.Tests.Contracts;

public abstract partial class TrailContract
{
    [Fact]
    public async Task A_history_follows_sequence_numbers_as_integers_and_not_times()
    {
        const string Longest = "9999999999999999999999999999999999999999";
        await KeepAsync(
            Shop.Entry("10", time: Shop.Noon.AddSeconds(5)), Shop.Entry("100000000000000000001", time: Shop.Noon), Shop.Entry(Longest, time: Shop.Noon));

        // The parent, and what it held, was kept later here.
        await KeepAsync(Shop.Append(Shop.Unread(new ShardId("shardId-parent")), Shop.Entry("008"), Shop.Entry("9", time: Shop.Noon.AddSeconds(9))));

        Shop.Numbers(await HistoryAsync("u1", "o1")).ShouldBe(["008", "9", "10", "100000000000000000001", Longest]);
        Shop.Numbers(await HistoryAsync("u1", "o1", reverse: true)).ShouldBe([Longest, "100000000000000000001", "10", "9", "008"]);
    }

    [Fact]
    public async Task The_streams_of_a_table_follow_each_other_in_its_history()
    {
        var later = Shop.StreamOf("Orders", "2026-11-22T00:00:00.000");
        var earlier = Shop.StreamOf("Orders", "2026-11-19T00:00:00.000");
        foreach (var (stream, number) in ((StreamArn, string)[])[(later, "1"), (Shop.Stream, "2"), (earlier, "3")])
        {
            await KeepAsync(Shop.Append(stream, Shop.Unread(Shop.Shard), Shop.Entry(number, stream: stream)));
        }

        Shop.Numbers(await HistoryAsync("u1", "o1")).ShouldBe(["3", "2", "1"]);
        Shop.Numbers(await HistoryAsync("u1", null)).ShouldBe(["3", "2", "1"]);
        Shop.Numbers(await HistoryAsync("u1", "o1", reverse: true)).ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task A_history_is_of_one_item_or_of_all_items_of_its_partition()
    {
        await KeepAsync(
            Shop.Entry("1", Shop.Keys("u1", "o1")),
            Shop.Entry("2", Shop.Keys("u1", "o2")),
            Shop.Entry("3", Shop.Keys("u2", "o1")),
            Shop.Entry("4", Shop.Keys("u1", "o1")));

        Shop.Numbers(await HistoryAsync("u1", "o1")).ShouldBe(["1", "4"]);
        Shop.Numbers(await HistoryAsync("u1", null)).ShouldBe(["1", "2", "4"]);
        Shop.Numbers(await HistoryAsync("u1", null, reverse: true)).ShouldBe(["4", "2", "1"]);
        (await HistoryAsync("u3", null)).ShouldBeEmpty();
        (await HistoryAsync("o1", "u1")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_table_without_a_sort_key_has_the_item_for_its_partition()
    {
        var stream = Shop.StreamOf("Accounts", "2026-11-20T00:00:00.000");
        await Trail.KeepTableAsync(new TrailTable("Accounts", new KeyAttribute("id", AttributeKind.S), null, stream, Followed: true), Ct);
        var keys = new AttributeMap([new("id", AttributeValue.String("u1"))]);
        await KeepAsync(Shop.Append(stream, Shop.Unread(Shop.Shard), Shop.Entry("1", keys, stream: stream)));
        await KeepAsync(Shop.Entry("2", Shop.Keys("u1", "o1")));

        var found = await Trail.HistoryAsync(new HistoryFilter("Accounts", keys, false, null), Ct).ToListAsync(Ct);

        Shop.Numbers(found).ShouldBe(["1"]);
    }

    [Fact]
    public async Task Keys_are_found_by_value_and_by_type()
    {
        AttributeValue[] users = [AttributeValue.Number("1.0"), AttributeValue.String("1"), AttributeValue.Number("-1"), AttributeValue.Binary("MQ==")];
        await KeepAsync([.. users.Select((user, n) => Shop.Entry($"{n}", Shop.Keys(user, AttributeValue.Number("100"))))]);

        Shop.Numbers(await OfAsync(AttributeValue.Number("1"))).ShouldBe(["0"]);
        Shop.Numbers(await OfAsync(AttributeValue.Number("10E-1"))).ShouldBe(["0"]);
        Shop.Numbers(await OfAsync(AttributeValue.String("1"))).ShouldBe(["1"]);
        Shop.Numbers(await OfAsync(AttributeValue.Binary("MQ=="))).ShouldBe(["3"]);
        (await OfAsync(AttributeValue.String("1.0"))).ShouldBeEmpty();

        Task<List<AuditEntry>> OfAsync(AttributeValue user) =>
            Trail.HistoryAsync(new HistoryFilter("Orders", Shop.Keys(user, AttributeValue.Number("1E2")), false, null), Ct).ToListAsync(Ct).AsTask();
    }

    [Fact]
    public async Task Keys_that_read_alike_when_joined_are_two_items()
    {
        await KeepAsync(Shop.Entry("1", Shop.Keys("a", "bc")), Shop.Entry("2", Shop.Keys("ab", "c")), Shop.Entry("3", Shop.Keys("a\n", "bc")));

        Shop.Numbers(await HistoryAsync("a", "bc")).ShouldBe(["1"]);
        Shop.Numbers(await HistoryAsync("ab", "c")).ShouldBe(["2"]);
    }

    [Fact]
    public async Task A_history_since_a_moment_leaves_out_what_was_before_it()
    {
        await KeepAsync(Shop.Series(1, 4));

        Shop.Numbers(await HistoryAsync("u1", "o1", since: Shop.Noon.AddSeconds(3))).ShouldBe(["3", "4"]);
        Shop.Numbers(await HistoryAsync("u1", "o1", since: Shop.Noon.AddSeconds(2.5))).ShouldBe(["3", "4"]);
        Shop.Numbers(await HistoryAsync("u1", null, reverse: true, since: Shop.Noon.AddSeconds(3))).ShouldBe(["4", "3"]);
    }

    [Fact]
    public async Task Pain_24_a_long_history_is_whole_though_entries_arrive_while_it_is_read()
    {
        var entries = Shop.Series(1, 3_000);
        await KeepAsync(entries);
        var read = new List<string>();

        await foreach (var entry in Trail.HistoryAsync(Of("u1", null), Ct))
        {
            read.Add(entry.SequenceNumber!);
            if (read.Count % 500 == 0 && read.Count <= 3_000)
            {
                await KeepAsync(Shop.Append((await RowAsync()).Progress, Shop.Series(3_000 + (read.Count / 500), 1)));
            }
        }

        read.Take(3_000).ShouldBe(Shop.Numbers(entries));
        read.ShouldBeUnique();
    }

    [Fact]
    public async Task A_record_that_could_not_be_read_is_in_no_history()
    {
        await KeepAsync(Shop.Entry("1") with { Keys = null, Unreadable = new Unreadable("{]"u8.ToArray(), "not JSON") });

        (await HistoryAsync("u1", null)).ShouldBeEmpty();
        (await Trail.SearchAsync(new SearchFilter { Table = "Orders" }, Ct).ToListAsync(Ct)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_table_that_was_made_anew_with_other_keys_keeps_its_old_histories()
    {
        await KeepAsync(Shop.Entry("1"));
        await Trail.KeepTableAsync(Shop.Orders with { SortKey = new KeyAttribute("Line", AttributeKind.N) }, Ct);
        var anew = new AttributeMap([new("UserId", AttributeValue.String("u1")), new("Line", AttributeValue.Number("1"))]);
        await KeepAsync(Shop.Append((await RowAsync()).Progress, Shop.Entry("2"), Shop.Entry("3", anew)));

        Shop.Numbers(await HistoryAsync("u1", "o1")).ShouldBe(["1", "2"]);
        Shop.Numbers(await HistoryAsync("u1", null)).ShouldBe(["1", "2", "3"]);
    }

    private static HistoryFilter Of(string user, string? order) =>
        new("Orders", order is null ? new([new("UserId", AttributeValue.String(user))]) : Shop.Keys(user, order), Reverse: false, Since: null);

    private Task<List<AuditEntry>> HistoryAsync(string user, string? order, bool reverse = false, DateTimeOffset? since = null) =>
        Trail.HistoryAsync(Of(user, order) with { Reverse = reverse, Since = since }, Ct).ToListAsync(Ct).AsTask();
}
