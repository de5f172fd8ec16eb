using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Capture.Stamps;

/// <summary>Who made a change, as the recorder reads it from stamps.</summary>
public sealed class StampedChangesTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly string folder = Directory.CreateTempSubdirectory("afterimage-test-").FullName;
    private ITrail trail = null!;
    private TableRules rules = TableRules.None;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => trail = await OpenAsync("trail");

    public async ValueTask DisposeAsync()
    {
        await trail.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public Task Pain_25_a_delete_by_alice_after_an_update_by_bob_is_alices() => ToldAsync(items =>
    {
        items.Write("a", "bob");
        items.Delete("a", "alice");
    });

    [Fact]
    public Task A_delete_that_nobody_stamped_after_a_stamped_update_is_unknown() => ToldAsync(items =>
    {
        items.Write("a", "bob");
        items.DeleteUnstamped("a");
    });

    [Fact]
    public Task Pain_25_an_item_that_expires_is_deleted_by_time_to_live_though_it_is_marked() => ToldAsync(items =>
    {
        items.Write("a", "bob");
        items.Mark("a", "alice");
        items.Expire("a");
    });

    [Fact]
    public Task An_older_copy_that_is_written_back_is_unknown() => ToldAsync(items =>
    {
        items.Write("a", "alice");
        items.Write("a", "bob");
        for (var copy = 0; copy < 10; copy++)
        {
            items.CopyBack("a");
        }
    });

    [Fact]
    public Task Pain_of_the_articles_a_writer_that_stamps_nothing_leaves_nobody_elses_name_on_its_change() => ToldAsync(items =>
    {
        items.Write("a", "alice");
        items.UpdateUnstamped("a");
        items.PutUnstamped("a");
    });

    [Fact]
    public Task A_stamp_that_stood_there_before_the_trail_began_says_nothing_of_an_update() => ToldAsync(items =>
    {
        items.Write("a", "alice");
        items.Changes.Clear();
        items.UpdateUnstamped("a");
    });

    [Fact]
    public Task A_marked_item_that_is_written_anew_is_a_copy_though_the_mark_was_never_seen() => ToldAsync(items =>
    {
        items.PutUnstamped("a");
        items.Delete("a", "alice");
        items.Changes.Clear();
        for (var copy = 0; copy < 6; copy++)
        {
            items.CopyBack("a");
            items.Expire("a");
        }
    });

    [Fact]
    public Task An_item_that_is_cloned_to_another_key_is_unknown() => ToldAsync(items =>
    {
        items.Write("a", "alice");
        items.Clone("a", "b");
    });

    [Fact]
    public Task A_mark_counts_for_one_delete_and_for_a_minute() => ToldAsync(items =>
    {
        items.Write("a", "bob");
        items.Delete("a", "alice");
        items.CopyBack("a");
        items.CopyBack("a");
        items.DeleteUnstamped("a");
        items.Write("b", "bob");
        items.Mark("b", "alice");
        items.Wait(TimeSpan.FromSeconds(63));
        items.DeleteUnstamped("b");
    });

    [Fact]
    public async Task Whatever_writers_do_to_each_other_no_entry_names_another_than_who_it_was()
    {
        for (var seed = 1; seed <= 1_000; seed++)
        {
            var random = new Random(seed);
            var items = new StampedItems(random, Noon, $"{seed}-");
            for (var act = 0; act < 40; act++)
            {
                items.DoSomething();
            }

            await KeepAsync(items, random, $"shard-{seed}-");
            Compare(await EntriesAsync($"shard-{seed}-"), items);
        }
    }

    [Fact]
    public async Task A_change_of_the_stamp_alone_is_no_change_and_an_attribute_that_only_has_its_name_is()
    {
        var items = new StampedItems(new Random(1), Noon);
        items.Write("a", "alice");
        items.Mark("a", "alice");
        await KeepAsync(items, new Random(1));

        var entries = await EntriesAsync();

        entries[0].Changes!.Select(change => change.Path).ShouldBe(["/id", "/n"]);
        entries[1].Changes.ShouldBeEmpty();
        entries[1].NewImage!.ContainsKey("_audit").ShouldBeTrue();
        entries[0].Actor.ShouldBe(new Actor(ActorSource.Stamp, "alice", "orders-api"));
        EntryMaker.Make(
            Encoded("""{"eventID":"e","eventName":"INSERT","dynamodb":{"ApproximateCreationDateTime":1,"Keys":{"id":{"S":"a"}},"NewImage":{"id":{"S":"a"},"_audit":{"S":"mine"}},"SequenceNumber":"1"}}"""),
            FakeStream.Arn, new ShardId("shard"), 0, TableRules.None, default).Changes!.Select(change => change.Path).ShouldBe(["/_audit", "/id"]);
    }

    [Theory]
    [InlineData("who did it")]
    [InlineData("\u00fcber \"uns\"")]
    public async Task Stamps_are_read_from_the_attribute_that_is_configured_and_from_no_other(string attribute)
    {
        rules = new TableRules { Stamp = attribute };
        await ToldAsync(items =>
        {
            items.Write("a", "alice");
            items.UpdateUnstamped("a");
            for (var copy = 0; copy < 10; copy++)
            {
                items.CopyBack("a");
            }

            items.Delete("a", "bob");
        });
        (await EntriesAsync())[0].Changes!.Select(change => change.Path).ShouldBe(["/id", "/n"]);

        var elsewhere = new StampedItems(new Random(1), Noon, "x");
        elsewhere.Write("b", "alice");
        await KeepAsync(elsewhere, new Random(1), "other-");
        (await EntriesAsync("other-")).Single().Actor.ShouldBe(Actor.Unknown);
    }

    private static ReadOnlyMemory<byte> Encoded(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private async Task<ITrail> OpenAsync(string name)
    {
        var opened = await Trails.OpenFileAsync($"sqlite:{Path.Combine(folder, $"{name}.db")}", OpenMode.CreateOrWrite, Ct);
        await opened.KeepTableAsync(new TrailTable("Orders", new Afterimage.Trail.KeyAttribute("id", AttributeKind.S), null, FakeStream.Arn, Followed: true), Ct);
        return opened;
    }

    private async Task ToldAsync(Action<StampedItems> act)
    {
        var items = new StampedItems(new Random(1), Noon, attribute: rules.Stamp);
        act(items);

        await KeepAsync(items, new Random(1));

        Compare(await EntriesAsync(), items);
    }

    private static void Compare(List<AuditEntry> entries, StampedItems items)
    {
        entries.Select(entry => entry.SequenceNumber).ShouldBe(items.Changes.Select(change => $"{change.Sequence}"));
        foreach (var (entry, change) in entries.Zip(items.Changes))
        {
            var isOther = change.Told.OrElse is { } other && entry.Actor is { Source: ActorSource.DeleteMark } marker && marker.Id == other;
            if (!isOther)
            {
                (entry.Kind, entry.Actor.Source, entry.Actor.Id).ShouldBe((change.Told.Kind, change.Told.Source, change.Told.Actor), EntryJson.ToText(entry));
            }
        }
    }

    // Batches of any size, by recorders that come and go; half way the shard ends and a child goes on.
    private async Task KeepAsync(StampedItems items, Random random, string shards = "shard-")
    {
        var half = items.Changes.Count / 2;
        ShardProgress? parent = null;
        foreach (var (shard, changes) in ((string, List<StampedChange>)[])[($"{shards}1", items.Changes[..half]), ($"{shards}2", items.Changes[half..])])
        {
            var progress = new ShardProgress(new ShardId(shard), parent?.Shard, null, 0, Finished: false);
            for (var kept = 0; kept < changes.Count || !progress.Finished;)
            {
                using var recorder = new Recorder(trail, _ => rules, new Progress<KeptBatch>(), size => new byte[size]);
                for (var batches = random.Next(1, 5); batches > 0 && !progress.Finished; batches--)
                {
                    var some = changes.Skip(kept).Take(random.Next(1, 12)).ToList();
                    kept += some.Count;
                    var batch = new StreamBatch(FakeStream.Arn, progress.Shard, [.. some.Select(change => new ReadOnlyMemory<byte>(change.Record))], EndsShard: kept == changes.Count);
                    progress = ((KeepResult.Kept)await recorder.KeepAsync(batch, progress, Ct)).After;
                }
            }

            parent = progress;
        }
    }

    private async Task<List<AuditEntry>> EntriesAsync(string shards = "shard-") =>
    [
        .. await trail.ShardEntriesAsync(FakeStream.Arn, new ShardId($"{shards}1"), 0, Ct).ToListAsync(Ct),
        .. await trail.ShardEntriesAsync(FakeStream.Arn, new ShardId($"{shards}2"), 0, Ct).ToListAsync(Ct),
    ];
}
