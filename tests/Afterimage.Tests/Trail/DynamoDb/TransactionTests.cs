using Afterimage.Entries;
using Afterimage.Streams.Watching;
using Afterimage.Trail;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>Intents that were committed with their changes, and the entries that are made of them.</summary>
public sealed class TransactionTests
{
    private static readonly string[] Told =
        ["change INSERT alice transaction", "change MODIFY bob transaction", "mark MODIFY carol transaction", "change REMOVE carol transaction", "change INSERT dora transaction"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task Without_a_stream_every_intent_becomes_one_entry_whatever_request_goes_wrong() => FaultPlan.EachAsync(async weather =>
    {
        using var rig = await ActedAsync(isStreamed: false);
        await rig.CommitAsync();
        rig.Break(weather);

        var attempt = 0;
        await FaultPlan.UntilAnsweredAsync(() => rig.TakeAsync($"worker{attempt++}"));
        rig.Table.Calm();
        await rig.TakeAsync("last");

        await CheckAsync(rig);
    });

    [Fact]
    public Task With_a_stream_its_records_become_the_entries_whatever_request_goes_wrong() => FaultPlan.EachAsync(async weather =>
    {
        using var rig = await ActedAsync(isStreamed: true);
        await rig.CommitAsync();
        rig.Break(weather);

        var attempt = 0;
        await FaultPlan.UntilAnsweredAsync(() => rig.ReadAsync($"worker{attempt++}"));
        rig.Table.Calm();
        rig.Unannounced.ShouldBeEmpty();

        // An intent that was left behind its entry is found by whoever looks through them.
        rig.Time.Now += TimeSpan.FromHours(1);
        await rig.TakeAsync("sweeper");
        await CheckAsync(rig);
    });

    [Fact]
    public async Task Of_many_who_make_entries_at_once_each_intent_gets_one()
    {
        using var rig = await ActedAsync(isStreamed: false);
        await rig.CommitAsync();

        await Task.WhenAll(Enumerable.Range(0, 5).Select(worker => rig.TakeAsync($"worker{worker}")));

        await CheckAsync(rig);
    }

    [Fact]
    public async Task A_record_whose_intent_is_missing_counts_as_stamped_and_is_reported()
    {
        using var rig = await ActedAsync(isStreamed: true);
        await rig.CommitAsync(at => at != 1);

        await rig.ReadAsync("worker");

        (await rig.ToldAsync("o1"))[1].ShouldBe("change MODIFY bob stamp");
        rig.Unannounced.Count.ShouldBe(1);
        (await rig.HealthAsync()).Single().ShouldSatisfyAllConditions(
            reason => reason.Cause.ShouldBe(HealthCause.IntentMissing), reason => reason.Level.ShouldBe(HealthLevel.Alarm), reason => reason.What.ShouldContain(rig.Unannounced[0].Entry.Value));
        (await rig.VerifyAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_delete_of_which_only_the_mark_has_an_intent_is_nobodys()
    {
        using var rig = await ActedAsync(isStreamed: true);
        await rig.CommitAsync(at => at != 3);

        await rig.ReadAsync("worker");

        (await rig.ToldAsync("o1"))[3].ShouldBe("change REMOVE nobody unknown");
        rig.Unannounced.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_intent_whose_record_does_not_come_is_reported_once_the_stream_was_read_past_it()
    {
        using var rig = await TransactionRig.NewAsync(isStreamed: true);
        rig.Items.Write("o2", "alice", 1);
        await rig.CommitAsync();
        rig.Items.Changes.Clear();
        rig.Items.Now += TimeSpan.FromMinutes(10);
        rig.Items.Write("o1", "alice", 1);
        await rig.ReadAsync("worker");
        (await rig.HealthAsync()).ShouldAllBe(reason => reason.Cause == HealthCause.IntentMissing);

        rig.Items.Changes.Clear();
        rig.Items.Now += TimeSpan.FromMinutes(10);
        rig.Items.Write("o1", "alice", 2);
        await rig.ReadAsync("worker");

        (await rig.HealthAsync()).ShouldContain(reason => reason.Cause == HealthCause.IntentLeft && reason.Level == HealthLevel.Unhealthy);
        rig.Time.Now = rig.Items.Now;
        (await rig.VerifyAsync()).Select(finding => finding.Check).ShouldBe(["INTENT"]);
    }

    [Fact]
    public async Task Intents_that_nobody_makes_entries_of_are_reported_after_a_quarter_of_an_hour()
    {
        using var rig = await ActedAsync(isStreamed: false);
        await rig.CommitAsync();
        rig.Time.Now += TimeSpan.FromMinutes(14);
        (await rig.HealthAsync()).ShouldBeEmpty();

        rig.Time.Now += TimeSpan.FromMinutes(2);

        (await rig.HealthAsync()).Single().What.ShouldContain("5 changes were committed with intents that nobody makes entries of");
    }

    [Fact]
    public async Task An_intent_that_cannot_be_read_is_told_of_and_stands_in_nobodys_way()
    {
        using var rig = await ActedAsync(isStreamed: false);
        await rig.CommitAsync();
        await rig.Table.WriteAsync(new ItemWrite.Put(NewItem.Of(new ItemKey("intents Orders/0", "0000"), ("v", AttributeValue.Number("1")))), Ct);
        await rig.Table.WriteAsync(new ItemWrite.Put(NewItem.Of(new ItemKey("intents Orders/0", "0001"), ("v", AttributeValue.Number("3")))), Ct);

        await rig.TakeAsync("worker");

        (await rig.ToldAsync("o1")).ShouldBe(Told);
        (await rig.WaitingAsync()).Select(intent => intent.Problem).ShouldBe(
            ["The item {\"pk\":{\"S\":\"intents Orders/0\"},\"sk\":{\"S\":\"0000\"},\"v\":{\"N\":\"1\"}} has no attribute table of the kind expected.", "It is of version 3, and this program knows 1 and 2."]);
        (await rig.HealthAsync()).Single().What.ShouldContain("cannot be read");
    }

    [Fact]
    public async Task A_stamp_that_is_not_of_a_transaction_cannot_be_kept_as_one()
    {
        using var rig = await ActedAsync(isStreamed: false);
        var stranger = rig.Items.Changes[0].Items[0];
        var text = System.Text.Encoding.UTF8.GetString(stranger.Text.Span).Replace(",\"tx\":{\"BOOL\":true}", string.Empty, StringComparison.Ordinal);
        await rig.Table.WriteAsync(new ItemWrite.Put(new NewItem(stranger.Key, System.Text.Encoding.UTF8.GetBytes(text))), Ct);

        await rig.TakeAsync("worker");

        (await rig.ToldAsync("o1")).ShouldBeEmpty();
        (await rig.WaitingAsync()).Single().Problem.ShouldBe("Its image does not bear the stamp that it is named by.");
    }

    [Fact]
    public async Task A_table_is_told_of_with_the_way_its_changes_come()
    {
        using var rig = await TransactionRig.NewAsync(isStreamed: false);
        var row = (await rig.Open("reader").TablesAsync(Ct)).Single();

        TransactionStream.Is(row.Transactions!.Intake!.Value).ShouldBeTrue();
        row.Transactions.Intake.Value.Label.ShouldBe("2026-11-22T12:00:00.000-transactions");
        await rig.Open("writer").KeepTableAsync(row with { Transactions = new TableTransactions(null) }, Ct);
        (await rig.Open("reader").TablesAsync(Ct)).Single().Transactions.ShouldBe(new TableTransactions(null));
    }

    private static async Task<TransactionRig> ActedAsync(bool isStreamed)
    {
        var rig = await TransactionRig.NewAsync(isStreamed);
        rig.Items.Write("o1", "alice", 1);
        rig.Items.Write("o1", "bob", 2);
        rig.Items.Delete("o1", "carol");
        rig.Items.Write("o1", "dora", 3);
        return rig;
    }

    private static async Task CheckAsync(TransactionRig rig)
    {
        (await rig.ToldAsync("o1")).ShouldBe(Told);
        rig.Table.Items.Keys.ShouldAllBe(key => !key.Partition.StartsWith("intents ", StringComparison.Ordinal));
        (await rig.VerifyAsync()).ShouldBeEmpty();
    }
}
