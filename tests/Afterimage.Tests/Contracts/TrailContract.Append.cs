using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Contracts;

public abstract partial class TrailContract
{
    [Fact]
    public async Task What_was_kept_is_read_back_to_the_letter()
    {
        var hostile = new AttributeMap(
        [
            new("a.b/c~d \"\u2028\ud83d\ude00", AttributeValue.String(string.Empty)),
            new("number", AttributeValue.Number("-12345678901234567890123456789012345678E-100")),
            new("bytes", AttributeValue.Binary("AAEC/w==")),
            new("set", AttributeValue.NumberSet(["1.0", "2"])),
            new("deep", AttributeValue.Map(new([new(string.Empty, AttributeValue.List([AttributeValue.Null, AttributeValue.Boolean(true)]))]))),
        ]);
        var entry = Shop.Entry("1") with
        {
            Entity = "Order",
            Tenant = "t'1; DROP TABLE entry",
            OldImage = null,
            NewImage = hostile,
            Changes = [new Change(ChangeOp.Replace, "/number", AttributeValue.Number("1"), AttributeValue.String("1"))],
            Actor = new Actor(ActorSource.Attribute, "alice@example.com", "shop", "refund \0 77", "4bf9"),
        };

        await KeepAsync(entry);

        Shop.Texts(await InShardOrderAsync()).ShouldBe(Shop.Texts([entry]));
        EntryJson.ToText((await Trail.FindAsync(entry.Id, Ct)).ShouldNotBeNull()).ShouldBe(EntryJson.ToText(entry));
    }

    [Fact]
    public async Task An_entry_with_two_images_of_400_KB_is_one_entry()
    {
        var large = Shop.Entry("1") with
        {
            OldImage = new([new("text", AttributeValue.String(new string('a', 400 * 1024)))]),
            NewImage = new([new("text", AttributeValue.String(new string('b', 400 * 1024)))]),
        };

        await KeepAsync(large, Shop.Entry("2"));

        Shop.Texts(await InShardOrderAsync()).First().ShouldBe(EntryJson.ToText(large));
    }

    [Fact]
    public async Task A_record_that_could_not_be_read_is_kept_in_its_place()
    {
        // The reason is found anew whenever the entry is read.
        var reason = EntryMaker.Make("{]"u8.ToArray(), Shop.Stream, Shop.Shard, 1, TableRules.None, Shop.Noon).Unreadable!.Reason;
        var unreadable = Shop.Entry("2") with
        {
            Id = EntryId.OfUnreadable(Shop.Stream.Value, "{]"u8),
            Action = null,
            Keys = null,
            OldImage = null,
            NewImage = null,
            Changes = null,
            SequenceNumber = null,
            Unreadable = new Unreadable("{]"u8.ToArray(), reason),
        };

        await KeepAsync(Shop.Entry("1"), unreadable, Shop.Entry("3"));

        Shop.Texts(await InShardOrderAsync(1)).First().ShouldBe(EntryJson.ToText(unreadable with { Index = 1 }));
        (await Trail.FindAsync(unreadable.Id, Ct)).ShouldNotBeNull().Unreadable.ShouldNotBeNull().Reason.ShouldBe(reason);
    }

    [Fact]
    public async Task An_append_moves_the_shards_row_past_its_entries()
    {
        var before = new ShardProgress(Shop.Shard, new ShardId("shardId-parent"), null, 0, false);
        var append = Shop.Append(before with { ReadThrough = Shop.Noon.AddMinutes(1) }, Shop.Series(1, 3));

        await KeepAsync(append);

        (await RowAsync()).ShouldBe(new TrailShard(
            Shop.Stream, append.Before with { Last = new SequenceNumber("3"), Size = 3 }, append.Tree, 3, Shop.Noon.AddSeconds(3)));
    }

    [Fact]
    public async Task A_shard_can_end_without_a_last_entry()
    {
        var append = Shop.Append(Shop.Unread(Shop.Shard));

        await KeepAsync(append with { After = append.After with { Finished = true } });

        var row = await RowAsync();
        row.Progress.ShouldBe(Shop.Unread(Shop.Shard) with { Finished = true });
        row.LastEntryTime.ShouldBeNull();
    }

    [Fact]
    public async Task A_repeated_append_is_kept_once()
    {
        var append = Shop.Append(Shop.Unread(Shop.Shard), Shop.Series(1, 3));

        await KeepAsync(append);
        await KeepAsync(append);

        Shop.Numbers(await InShardOrderAsync()).ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task Workers_that_wake_up_under_old_leases_with_other_content_change_nothing()
    {
        await KeepAsync(Shop.Series(1, 3));
        var old = (await RowAsync()).Progress;
        var first = await TakeAsync("first", old.Epoch);
        var second = await TakeAsync("second", first.Epoch);
        await KeepAsync(Shop.Append(second, Shop.Entry("4")));

        foreach (var stale in new[] { old, first, first with { Size = 4, Last = new SequenceNumber("4") } })
        {
            var other = Shop.Append(stale, Shop.Entry("5"), Shop.Entry("6"));
            (await Trail.AppendAsync(other, Ct)).ShouldBe(AppendOutcome.Superseded);
        }

        Shop.Numbers(await InShardOrderAsync()).ShouldBe(["1", "2", "3", "4"]);
        (await RowAsync()).Progress.Epoch.ShouldBe(second.Epoch);

        async Task<ShardProgress> TakeAsync(string worker, long seen) =>
            (await Trail.Leases.TakeAsync(new WorkerId(worker), [new LeaseWish(Shop.Stream, Shop.Shard, null, seen)], Ct)).Single().Row;
    }

    [Fact]
    public async Task A_repeated_end_of_a_shard_is_kept_once()
    {
        var append = Shop.Append(Shop.Unread(Shop.Shard), Shop.Entry("1"));
        append = append with { After = append.After with { Finished = true } };

        await KeepAsync(append);
        await KeepAsync(append);

        (await RowAsync()).Progress.ShouldBe(append.After);
    }

    [Fact]
    public async Task An_append_to_the_same_place_with_other_content_is_superseded()
    {
        var append = Shop.Append(Shop.Unread(Shop.Shard), Shop.Entry("1"));
        await KeepAsync(append);

        var outcome = await Trail.AppendAsync(Shop.Append(Shop.Unread(Shop.Shard), Shop.Entry("1") with { Service = "other" }), Ct);

        outcome.ShouldBe(AppendOutcome.Superseded);
        (await InShardOrderAsync()).Single().Service.ShouldBe("orders-api");
    }

    [Fact]
    public async Task An_append_from_a_place_that_the_shard_has_left_is_superseded_and_writes_nothing()
    {
        await KeepAsync(Shop.Series(1, 2));

        var outcome = await Trail.AppendAsync(Shop.Append(Shop.Unread(Shop.Shard), Shop.Entry("3")), Ct);

        outcome.ShouldBe(AppendOutcome.Superseded);
        Shop.Numbers(await InShardOrderAsync()).ShouldBe(["1", "2"]);
        (await Trail.FindAsync(Shop.Entry("3").Id, Ct)).ShouldBeNull();
        (await RowAsync()).Progress.Size.ShouldBe(2);
    }

    [Theory]
    [InlineData("1", 2, false)]
    [InlineData("2", 1, false)]
    [InlineData("2", 2, true)]
    public async Task Last_size_and_end_of_the_row_are_all_conditions(string last, long size, bool finished)
    {
        await KeepAsync(Shop.Series(1, 2));
        var before = new ShardProgress(Shop.Shard, null, new SequenceNumber(last), size, finished);

        var outcome = await Trail.AppendAsync(Leaves.Append(Shop.Stream, before, before with { Finished = true }), Ct);

        outcome.ShouldBe(AppendOutcome.Superseded);
        (await RowAsync()).Progress.Finished.ShouldBeFalse();
    }

    [Fact]
    public async Task Of_two_trails_that_append_to_one_place_one_is_superseded()
    {
        var other = await AnotherAsync(OpenMode.CreateOrWrite);
        var at = Shop.Unread(Shop.Shard);
        for (var round = 1; round <= 20; round++)
        {
            var here = Shop.Append(at, Shop.Series(10 * round, 3));
            var there = Shop.Append(at, Shop.Series((10 * round) + 5, 3));

            var outcomes = await Task.WhenAll(Trail.AppendAsync(here, Ct), other.AppendAsync(there, Ct));

            outcomes.Order().ShouldBe([AppendOutcome.Kept, AppendOutcome.Superseded]);
            at = (await RowAsync()).Progress;
            at.ShouldBe(outcomes[0] == AppendOutcome.Kept ? here.After : there.After);
        }

        (await InShardOrderAsync()).Count.ShouldBe(60);
    }

    [Fact]
    public async Task Trails_that_append_to_different_shards_at_once_lose_nothing()
    {
        ITrail[] trails = [Trail, await AnotherAsync(OpenMode.CreateOrWrite)];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => AppendAsync(trails[n % 2], n)));

        var rows = await Trail.ShardsAsync(Shop.Stream, Ct);
        rows.Select(row => row.Progress.Size).ShouldBe(Enumerable.Repeat(50L, 8));
        foreach (var row in rows)
        {
            var entries = await Trail.ShardEntriesAsync(Shop.Stream, row.Progress.Shard, 0, Ct).ToListAsync(Ct);
            entries.Select(entry => entry.Index).ShouldBe(Enumerable.Range(0, 50).Select(i => (long)i));
        }

        static async Task AppendAsync(ITrail trail, int n)
        {
            var at = Shop.Unread(new ShardId($"shardId-{n}"));
            for (var batch = 0; batch < 10; batch++)
            {
                var append = Shop.Append(at, Shop.Series((10_000 * (n + 1)) + (batch * 5), 5));
                (await trail.AppendAsync(append, Ct)).ShouldBe(AppendOutcome.Kept);
                at = append.After;
            }
        }
    }

    [Fact]
    public async Task An_entry_that_the_trail_holds_elsewhere_is_refused_and_both_places_are_named()
    {
        await KeepAsync(Shop.Series(1, 2));
        var elsewhere = Shop.Append(Shop.Unread(new ShardId("shardId-other")), Shop.Entry("7"), Shop.Series(2, 1)[0]);

        var error = await Should.ThrowAsync<InvariantViolationException>(() => Trail.AppendAsync(elsewhere, Ct));

        error.Message.ShouldContain("index 1 of shard shardId-other");
        error.Message.ShouldContain($"index 1 of shard {Shop.Shard}");
        (await Trail.FindAsync(Shop.Entry("7").Id, Ct)).ShouldBeNull();
        (await Trail.SizeAsync(Ct)).Entries.ShouldBe(2);
    }

    [Fact]
    public async Task An_entry_under_a_known_id_with_other_content_never_takes_its_place()
    {
        await KeepAsync(Shop.Entry("1"));
        var at = (await RowAsync()).Progress;

        var error = await Should.ThrowAsync<InvariantViolationException>(
            () => Trail.AppendAsync(Shop.Append(at, Shop.Entry("1") with { Action = ChangeAction.Remove }), Ct));

        error.Message.ShouldContain($"index 0 of shard {Shop.Shard}");
        (await InShardOrderAsync()).Single().Action.ShouldBe(ChangeAction.Modify);
        (await RowAsync()).Progress.ShouldBe(at);
    }

    [Fact]
    public async Task An_entry_that_comes_twice_in_one_append_is_refused()
    {
        var twice = Shop.Append(Shop.Unread(Shop.Shard), Shop.Entry("1"), Shop.Entry("1"));

        await Should.ThrowAsync<InvariantViolationException>(() => Trail.AppendAsync(twice, Ct));

        (await Trail.ShardsAsync(null, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_append_that_does_not_follow_from_its_row_is_a_fault_of_its_caller()
    {
        var append = Shop.Append(Shop.Unread(Shop.Shard), Shop.Series(1, 2));
        TrailAppend[] faults =
        [
            append with { After = append.After with { Size = 3 } },
            append with { After = append.After with { Shard = new ShardId("shardId-other") } },
            append with { After = append.After with { Last = null }, Before = append.Before with { Last = new SequenceNumber("1") } },
            append with { Leaves = [append.Leaves[0]] },
            append with { Tree = TreeState.Empty },
            append with { Before = append.Before with { Finished = true } },
        ];

        foreach (var fault in faults)
        {
            await Should.ThrowAsync<ArgumentException>(() => Trail.AppendAsync(fault, Ct));
        }

        (await Trail.ShardsAsync(null, Ct)).ShouldBeEmpty();
    }
}
