using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail;

namespace Afterimage.Tests.Contracts;

public abstract partial class TrailContract
{
    [Fact]
    public async Task A_new_trail_is_empty()
    {
        (await Trail.ShardsAsync(null, Ct)).ShouldBeEmpty();
        (await InShardOrderAsync()).ShouldBeEmpty();
        (await Trail.SearchAsync(new SearchFilter(), Ct).ToListAsync(Ct)).ShouldBeEmpty();
        (await Trail.SizeAsync(Ct)).Entries.ShouldBe(0);
        (await Trail.FindAsync(Shop.Entry("1").Id, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task A_shard_is_read_in_its_order_from_any_index()
    {
        var entries = Shop.Series(1, 1_000);
        await KeepAsync(entries[..600]);
        await KeepAsync(Shop.Append((await RowAsync()).Progress, entries[600..]));

        Shop.Numbers(await InShardOrderAsync()).ShouldBe(Shop.Numbers(entries));
        Shop.Numbers(await InShardOrderAsync(598)).ShouldBe(Shop.Numbers(entries[598..]));
        (await InShardOrderAsync(1_000)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Shards_of_one_name_in_two_streams_are_two()
    {
        var stream = Shop.StreamOf("Orders", "2026-11-22T00:00:00.000");
        await KeepAsync(Shop.Entry("1"));
        await KeepAsync(Shop.Append(stream, Shop.Unread(Shop.Shard), Shop.Entry("1", stream: stream), Shop.Entry("2", stream: stream)));

        (await Trail.ShardsAsync(stream, Ct)).Single().Progress.Size.ShouldBe(2);
        (await RowAsync()).Progress.Size.ShouldBe(1);
        (await Trail.ShardsAsync(null, Ct)).Count.ShouldBe(2);
        Shop.Numbers(await Trail.ShardEntriesAsync(stream, Shop.Shard, 0, Ct).ToListAsync(Ct)).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task How_far_a_shard_is_read_never_goes_back_and_moves_nothing_else()
    {
        await KeepAsync(Shop.Entry("1"));
        var before = await RowAsync();

        await NoteAsync(Shop.Noon.AddMinutes(5));
        await NoteAsync(Shop.Noon.AddMinutes(3));
        (await RowAsync()).ShouldBe(before with { Progress = before.Progress with { ReadThrough = Shop.Noon.AddMinutes(5) } });

        await KeepAsync(Shop.Append(before.Progress with { ReadThrough = Shop.Noon.AddMinutes(4) }, Shop.Entry("2")));
        (await RowAsync()).Progress.ReadThrough.ShouldBe(Shop.Noon.AddMinutes(5));

        await KeepAsync(Shop.Append((await RowAsync()).Progress with { ReadThrough = null }, Shop.Entry("3")));
        (await RowAsync()).Progress.ReadThrough.ShouldBe(Shop.Noon.AddMinutes(5));

        Task NoteAsync(DateTimeOffset moment) =>
            Trail.KeepReadThroughAsync(Shop.Stream, new Dictionary<ShardId, DateTimeOffset> { [Shop.Shard] = moment }, Ct);
    }

    [Fact]
    public async Task A_shard_of_which_nothing_is_kept_can_be_read_through_and_then_appended_to()
    {
        await Trail.KeepReadThroughAsync(Shop.Stream, new Dictionary<ShardId, DateTimeOffset> { [Shop.Shard] = Shop.Noon }, Ct);
        (await RowAsync()).ShouldBe(new TrailShard(Shop.Stream, Shop.Unread(Shop.Shard) with { ReadThrough = Shop.Noon }, TreeState.Empty, 0, null));

        var parent = new ShardId("shardId-parent");
        await KeepAsync(Shop.Append(Shop.Unread(Shop.Shard) with { Parent = parent }, Shop.Entry("1")));

        (await RowAsync()).Progress.ShouldBe(new ShardProgress(Shop.Shard, parent, new SequenceNumber("1"), 1, false) { ReadThrough = Shop.Noon });
    }

    [Fact]
    public async Task The_newest_entrys_time_does_not_go_back_with_a_record_that_says_so()
    {
        await KeepAsync(Shop.Entry("1", time: Shop.Noon));
        await KeepAsync(Shop.Append((await RowAsync()).Progress, Shop.Entry("2", time: Shop.Noon.AddSeconds(-5))));

        (await RowAsync()).LastEntryTime.ShouldBe(Shop.Noon);
    }

    [Fact]
    public async Task Tables_are_listed_by_name_as_they_were_noted_last()
    {
        var accounts = new TrailTable("Accounts", new KeyAttribute("id", AttributeKind.N), null, null, Followed: true);
        var stopped = Shop.Orders with { Followed = false, Stream = null };

        await Trail.KeepTableAsync(accounts, Ct);
        await Trail.KeepTableAsync(stopped, Ct);

        (await Trail.TablesAsync(Ct)).ShouldBe([accounts, stopped]);
    }

    [Fact]
    public async Task A_table_is_noted_only_over_what_was_seen_of_it()
    {
        var accounts = new TrailTable("Accounts", new KeyAttribute("id", AttributeKind.N), null, null, Followed: true);
        var disabled = Shop.Orders with { Followed = false };

        (await Trail.TryKeepTableAsync(accounts, null, Ct)).ShouldBeTrue();
        (await Trail.TryKeepTableAsync(accounts with { Followed = false }, null, Ct)).ShouldBeFalse();
        (await Trail.TryKeepTableAsync(disabled, Shop.Orders, Ct)).ShouldBeTrue();
        (await Trail.TryKeepTableAsync(Shop.Orders with { Stream = null }, Shop.Orders, Ct)).ShouldBeFalse();

        (await Trail.TablesAsync(Ct)).ShouldBe([accounts, disabled]);
    }

    [Fact]
    public async Task What_one_trail_keeps_another_sees()
    {
        var reader = await AnotherAsync(OpenMode.ReadOnly);
        await KeepAsync(Shop.Series(1, 2));

        Shop.Numbers(await reader.ShardEntriesAsync(Shop.Stream, Shop.Shard, 0, Ct).ToListAsync(Ct)).ShouldBe(["1", "2"]);
        (await reader.TablesAsync(Ct)).ShouldBe([Shop.Orders]);
        (await reader.SizeAsync(Ct)).Entries.ShouldBe(2);
    }

    [Fact]
    public async Task A_trail_opened_for_questions_takes_nothing()
    {
        var reader = await AnotherAsync(OpenMode.ReadOnly);

        await Should.ThrowAsync<InvalidOperationException>(() => reader.AppendAsync(Shop.Append(Shop.Unread(Shop.Shard), Shop.Entry("1")), Ct));
        await Should.ThrowAsync<InvalidOperationException>(() => reader.KeepTableAsync(Shop.Orders, Ct));
    }

    [Fact]
    public async Task A_closed_trail_can_be_closed_again_and_answers_no_more()
    {
        var other = await AnotherAsync(OpenMode.CreateOrWrite);
        await other.DisposeAsync();
        await other.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => other.TablesAsync(Ct));
        await Should.ThrowAsync<ObjectDisposedException>(() => other.KeepTableAsync(Shop.Orders, Ct));
    }

    [Fact]
    public async Task What_is_called_off_before_it_begins_is_not_done()
    {
        using var off = new CancellationTokenSource();
        await off.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Trail.AppendAsync(Shop.Append(Shop.Unread(Shop.Shard), Shop.Entry("1")), off.Token));
        await Should.ThrowAsync<OperationCanceledException>(async () => await Trail.SearchAsync(new SearchFilter(), off.Token).ToListAsync(Ct));

        (await Trail.SizeAsync(Ct)).Entries.ShouldBe(0);
    }
}
