using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Trail;

namespace Afterimage.Tests.Contracts;

public abstract partial class TrailContract
{
    [Fact]
    public async Task A_search_gives_the_newest_first()
    {
        await KeepAsync(Shop.Series(1, 3));
        await KeepAsync(Shop.Append(
            Shop.Unread(new ShardId("shardId-other")), Shop.Entry("9", time: Shop.Noon.AddSeconds(2.9)), Shop.Entry("10", time: Shop.Noon)));

        var found = await SearchAsync(new SearchFilter());

        found.Select(entry => entry.Time).ShouldBe(new[] { 3, 2, 2, 1, 0 }.Select(second => Shop.Noon.AddSeconds(second)));
    }

    [Fact]
    public async Task A_search_begins_at_a_moment_and_ends_before_one()
    {
        await KeepAsync(Shop.Series(1, 5));

        Shop.Numbers(await SearchAsync(new SearchFilter { Since = Shop.Noon.AddSeconds(2), Until = Shop.Noon.AddSeconds(4) })).ShouldBe(["3", "2"]);
        Shop.Numbers(await SearchAsync(new SearchFilter { Since = Shop.Noon.AddSeconds(1.5), Until = Shop.Noon.AddSeconds(3.5) })).ShouldBe(["3", "2"]);
        Shop.Numbers(await SearchAsync(new SearchFilter { Until = Shop.Noon.AddSeconds(2) })).ShouldBe(["1"]);
    }

    [Fact]
    public async Task A_search_finds_a_whole_key_or_a_partition()
    {
        await KeepAsync(
            Shop.Entry("1", Shop.Keys(AttributeValue.Number("1"), AttributeValue.String("o1")), Shop.Noon.AddSeconds(1)),
            Shop.Entry("2", Shop.Keys(AttributeValue.Number("1.0"), AttributeValue.String("o2")), Shop.Noon.AddSeconds(2)),
            Shop.Entry("3", Shop.Keys(AttributeValue.String("1"), AttributeValue.String("o1")), Shop.Noon.AddSeconds(3)));

        Shop.Numbers(await OfAsync(Shop.Keys(AttributeValue.Number("1.00"), AttributeValue.String("o1")))).ShouldBe(["1"]);
        Shop.Numbers(await OfAsync(new([new("UserId", AttributeValue.Number("1"))]))).ShouldBe(["2", "1"]);
        (await OfAsync(new([new("UserId", AttributeValue.Number("1")), new("Other", AttributeValue.String("o1"))]))).ShouldBeEmpty();

        Task<List<AuditEntry>> OfAsync(AttributeMap key) => SearchAsync(new SearchFilter { Table = "Orders", Key = key });
    }

    [Fact]
    public void A_key_without_its_table_is_a_fault_of_the_caller() =>
        Should.Throw<ArgumentException>(() => Trail.SearchAsync(new SearchFilter { Key = Shop.Keys("u1", "o1") }, Ct));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_filters_together_give_what_a_plain_look_at_every_entry_gives(int seed)
    {
        var random = new Random(seed);
        var entries = await KeepManyAsync(random, 600);
        for (var search = 0; search < 40; search++)
        {
            var filter = RandomFilter(random);

            var found = await SearchAsync(filter);

            found.Select(entry => entry.Time).ShouldBe(found.Select(entry => entry.Time).OrderDescending(), filter.ToString());
            found.Select(entry => entry.Id.Value).Order(StringComparer.Ordinal)
                .ShouldBe(entries.Where(entry => Matches(filter, entry)).Select(entry => entry.Id.Value).Order(StringComparer.Ordinal), filter.ToString());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_search_taken_up_again_repeats_and_loses_nothing_though_entries_arrive(bool ofPartition)
    {
        // Five hundred entries in each of two seconds: a page always ends within a second.
        await KeepAsync([.. Enumerable.Range(0, 1_000).Select(n => Shop.Entry($"{n}", Shop.Keys("u1", $"o{n % 7}"), Shop.Noon.AddSeconds(n / 500)))]);
        var filter = ofPartition
            ? new SearchFilter { Table = "Orders", Key = new([new("UserId", AttributeValue.String("u1"))]) }
            : new SearchFilter { Table = "Orders" };
        var before = Shop.Texts(await SearchAsync(filter)).ToList();
        var pages = new List<AuditEntry>();
        var late = 0;

        for (SearchCursor? cursor = null; ;)
        {
            var page = await Trail.SearchAsync(filter with { After = cursor }, Ct).Take(137).ToListAsync(Ct);
            if (page.Count == 0)
            {
                break;
            }

            pages.AddRange(page.Select(found => found.Entry));
            cursor = page[^1].Cursor;

            // One that is newer than all, and one that is late.
            if (late < 40)
            {
                var at = (await RowAsync()).Progress;
                await KeepAsync(Shop.Append(
                    at,
                    Shop.Entry($"{10_000 + late++}", Shop.Keys("u1", "late"), Shop.Noon.AddMinutes(1)),
                    Shop.Entry($"{10_000 + late++}", Shop.Keys("u1", "late"), Shop.Noon)));
            }
        }

        var texts = Shop.Texts(pages.Where(entry => !entry.Keys!.Equals(Shop.Keys("u1", "late")))).ToList();
        texts.ShouldBe(before);
        pages.Select(entry => entry.Id).ShouldBeUnique();
    }

    [Fact]
    public async Task The_order_of_a_search_does_not_depend_on_where_it_is_taken_up()
    {
        await KeepManyAsync(new Random(7), 500);
        var whole = await Trail.SearchAsync(new SearchFilter { Service = "shop" }, Ct).ToListAsync(Ct);

        foreach (var from in (int[])[0, 1, whole.Count / 2, whole.Count - 2, whole.Count - 1])
        {
            var rest = await SearchAsync(new SearchFilter { Service = "shop", After = whole[from].Cursor });
            rest.Select(entry => entry.Id).ShouldBe(whole[(from + 1)..].Select(found => found.Entry.Id));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("1.2.3")]
    public async Task A_cursor_that_no_search_gave_is_refused(string cursor)
    {
        var error = await Should.ThrowAsync<UsageException>(async () => await SearchAsync(new SearchFilter { After = new SearchCursor(cursor) }));

        error.Problems.Single().Hint.ShouldContain("--after");
    }

    private static SearchFilter RandomFilter(Random random)
    {
        var key = random.Next(4) switch
        {
            0 => Shop.Keys("u1", "o2"),
            1 => new AttributeMap([new("UserId", AttributeValue.String("u2"))]),
            _ => null,
        };
        return new SearchFilter
        {
            Table = key is not null || random.Next(2) == 0 ? "Orders" : null,
            Key = key,
            Service = random.Next(3) == 0 ? "shop" : null,
            Entity = random.Next(4) == 0 ? "Order" : null,
            Tenant = random.Next(5) == 0 ? "t1" : null,
            Action = random.Next(3) == 0 ? (ChangeAction)random.Next(3) : null,
            Actor = random.Next(4) == 0 ? "alice" : null,
            Unattributed = random.Next(5) == 0,
            Since = random.Next(3) == 0 ? Shop.Noon.AddSeconds(random.Next(20)) : null,
            Until = random.Next(3) == 0 ? Shop.Noon.AddSeconds(random.Next(20)) : null,
        };
    }

    private static bool Matches(SearchFilter filter, AuditEntry entry) =>
        (filter.Table is null || filter.Table == entry.Table)
        && (filter.Service is null || filter.Service == entry.Service)
        && (filter.Entity is null || filter.Entity == entry.Entity)
        && (filter.Tenant is null || filter.Tenant == entry.Tenant)
        && (filter.Action is null || filter.Action == entry.Action)
        && (filter.Actor is null || filter.Actor == entry.Actor.Id)
        && (!filter.Unattributed || entry.Actor.Source == ActorSource.Unknown)
        && (filter.Since is null || entry.Time >= filter.Since)
        && (filter.Until is null || entry.Time < filter.Until)
        && (filter.Key is null || filter.Key.All(wanted => entry.Keys!.TryGetValue(wanted.Key, out var value) && value.Equals(wanted.Value)));

    private async Task<List<AuditEntry>> KeepManyAsync(Random random, int count)
    {
        StreamArn[] streams = [Shop.Stream, Shop.StreamOf("Users", "2026-11-20T00:00:00.000")];
        await Trail.KeepTableAsync(Shop.Orders with { Name = "Users", Stream = streams[1] }, Ct);
        var kept = new List<AuditEntry>();
        foreach (var stream in streams)
        {
            List<AuditEntry> entries = [.. Enumerable.Range(1, count / 2).Select(n => RandomEntry(random, n, stream) with { Service = Services[n * 6 / (count + 2)] })];
            var at = Shop.Unread(Shop.Shard);

            // A table's service is configured, so that all of an append have one.
            foreach (var ofService in entries.GroupBy(entry => entry.Service))
            {
                var append = Shop.Append(stream, at, [.. ofService]);
                await KeepAsync(append);
                at = append.After;
                kept.AddRange(ofService);
            }
        }

        return kept;
    }

    private static readonly string?[] Services = ["shop", "billing", null];

    private static AuditEntry RandomEntry(Random random, int n, StreamArn stream) =>
        Shop.Entry($"{n}", Shop.Keys($"u{random.Next(3)}", $"o{random.Next(4)}"), Shop.Noon.AddSeconds(random.Next(20)), stream) with
        {
            Entity = random.Next(2) == 0 ? "Order" : null,
            Tenant = random.Next(2) == 0 ? "t1" : "t2",
            Action = (ChangeAction)random.Next(3),
            Actor = random.Next(3) switch { 0 => new Actor(ActorSource.Attribute, "alice"), 1 => new Actor(ActorSource.Attribute, "bob"), _ => Actor.Unknown },
        };

    private Task<List<AuditEntry>> SearchAsync(SearchFilter filter) => Trail.SearchAsync(filter, Ct).Select(found => found.Entry).ToListAsync(Ct).AsTask();
}
