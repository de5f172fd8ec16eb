using Afterimage.Entries;
using Afterimage.Relay;

namespace Afterimage.Tests.Relay;

/// <summary>What reaches a sink, and in which order.</summary>
public sealed class FollowerTests : IAsyncLifetime
{
    private static readonly SinkOptions FromBeginning = new("test:sink") { FromBeginning = true };

    private readonly RelayRig rig = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await rig.ReadyAsync();

    [Fact]
    public async Task Every_entry_goes_to_the_sink_and_a_child_s_after_its_parent_s()
    {
        await using var sink = new FakeSink();
        await rig.KeepAsync("child", "parent", endsShard: false, "a:21", "b:22", "a:23");
        await rig.KeepAsync("parent", null, endsShard: true, "a:1", "b:2", "c:3");
        await rig.KeepAsync("other", null, endsShard: false, "d:11");

        (await rig.ServeAsync(sink, FromBeginning)).ShouldBeTrue();

        sink.Received.ShouldBe(["a:1", "b:2", "c:3", "d:11", "a:21", "b:22", "a:23"], ignoreOrder: true);
        Of(sink, "a").ShouldBe(["a:1", "a:21", "a:23"]);
        Of(sink, "b").ShouldBe(["b:2", "b:22"]);
    }

    [Fact]
    public async Task One_target_under_two_names_is_served_by_each_from_where_that_one_was()
    {
        await using var sink = new FakeSink();
        await rig.KeepAsync("parent", null, endsShard: false, "a:1", "b:2");

        (await rig.ServeAsync(sink, FromBeginning with { GivenName = "first" })).ShouldBeTrue();
        (await rig.ServeAsync(sink, FromBeginning with { GivenName = "second" })).ShouldBeTrue();
        (await rig.ServeAsync(sink, FromBeginning with { GivenName = "second" })).ShouldBeTrue();

        sink.Received.ShouldBe(["a:1", "b:2", "a:1", "b:2"]);
    }

    [Fact]
    public async Task A_child_waits_as_long_as_its_parent_is_not_finished()
    {
        await using var sink = new FakeSink();
        await rig.KeepAsync("child", "parent", endsShard: false, "a:21");
        await rig.KeepAsync("parent", null, endsShard: false, "a:1");

        await rig.ServeUntilAsync(sink, FromBeginning, () => sink.Received.Count > 0);

        sink.Received.ShouldBe(["a:1"]);
    }

    [Fact]
    public async Task A_new_sink_begins_with_what_is_kept_from_then_on()
    {
        await using var sink = new FakeSink();
        var options = FromBeginning with { FromBeginning = false };
        await rig.KeepAsync("shard", null, endsShard: false, "a:1", "b:2");
        await rig.BeginAsync(options);
        await rig.KeepAsync("shard", null, endsShard: true, "a:3");
        await rig.KeepAsync("child", "shard", endsShard: false, "b:4");

        await rig.ServeAsync(sink, options);

        sink.Received.ShouldBe(["a:3", "b:4"]);
    }

    [Fact]
    public async Task A_sink_is_taken_up_where_it_was_left()
    {
        await using var sink = new FakeSink();
        await rig.KeepAsync("shard", null, endsShard: false, "a:1", "b:2");
        await rig.ServeAsync(sink, FromBeginning);
        await rig.KeepAsync("shard", null, endsShard: false, "a:3");

        await rig.ServeAsync(sink, FromBeginning);

        sink.Received.ShouldBe(["a:1", "b:2", "a:3"]);
    }

    [Fact]
    public async Task Entries_follow_while_they_are_kept()
    {
        await using var sink = new FakeSink();
        await rig.BeginAsync(FromBeginning);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var growing = rig.Growth.RunAsync(stop.Token);
        var serving = rig.Follower(sink, FromBeginning).RunAsync(stop.Token, Ct);
        for (var number = 1; number <= 20; number++)
        {
            await rig.KeepAsync("shard", null, endsShard: false, $"a:{number}");
            rig.Growth.Nudge();
        }

        await RelayRig.UntilAsync(() => sink.Received.Count == 20);
        await stop.CancelAsync();

        await serving;
        await Task.WhenAny(growing);
        sink.Received.ShouldBe(Enumerable.Range(1, 20).Select(number => $"a:{number}"));
    }

    [Fact]
    public async Task Two_of_one_item_are_not_in_a_call_that_may_take_some_and_leave_others()
    {
        await using var sink = new FakeSink();
        await rig.KeepAsync("shard", null, endsShard: false, "a:1", "a:2", "b:3", "a:4", "c:5");

        await rig.ServeAsync(sink, FromBeginning);

        sink.Calls.ShouldAllBe(batch => batch.DistinctBy(one => one.Item).Count() == batch.Count);
        sink.Calls[0].Count.ShouldBe(3);
        Of(sink, "a").ShouldBe(["a:1", "a:2", "a:4"]);
    }

    [Fact]
    public async Task A_sink_that_takes_all_or_nothing_has_its_batches_full_and_in_the_order_of_the_trail()
    {
        await using var sink = new FakeSink { Limits = new SinkLimits(4, 1_000_000, 100_000) };
        await rig.KeepAsync("shard", null, endsShard: false, "a:1", "a:2", "b:3", "a:4", "c:5");

        await rig.ServeAsync(sink, FromBeginning);

        sink.Calls.Select(batch => batch.Count).ShouldBe([4, 1]);
        sink.Received.ShouldBe(["a:1", "a:2", "b:3", "a:4", "c:5"]);
    }

    [Fact]
    public async Task A_batch_is_no_larger_than_configured_and_than_the_target_takes()
    {
        await using var sink = new FakeSink { Limits = new SinkLimits(100, 2_200, 100_000) { EntryOverhead = 26 } };
        await rig.KeepAsync("shard", null, endsShard: false, [.. Enumerable.Range(1, 9).Select(number => $"i{number}:{number}")]);

        await rig.ServeAsync(sink, FromBeginning with { BatchSize = 5 });

        sink.Received.Count.ShouldBe(9);
        sink.Calls.ShouldAllBe(batch => batch.Count <= 5 && batch.Sum(one => one.Text.Length + 26) <= 2_200);
        sink.Calls.Max(batch => batch.Count).ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_batch_waits_for_others_as_long_as_its_window_lasts()
    {
        await using var sink = new FakeSink();
        var options = FromBeginning with { MaxBatchingWindow = TimeSpan.FromSeconds(20), BatchSize = 3 };
        await rig.KeepAsync("shard", null, endsShard: false, "a:1", "b:2", "c:3", "d:4");
        var began = rig.Time.GetUtcNow();

        await rig.ServeUntilAsync(sink, options, () => sink.Received.Count == 4);

        sink.Calls.Select(batch => batch.Count).ShouldBe([3, 1]);
        (rig.Time.GetUtcNow() - began).ShouldBeGreaterThan(TimeSpan.FromSeconds(19));
    }

    [Fact]
    public async Task A_sink_gets_what_its_filter_lets_through()
    {
        await using var sink = new FakeSink();
        await rig.KeepAsync("shard", null, endsShard: false, "a:1", "b:2", "c:3");
        var options = FromBeginning with { Filter = SinkFilter.All with { Tables = ["Ord*"], Changed = new ChangedFilter(AttributePath.Parse("/n"), null, "2") } };

        (await rig.ServeAsync(sink, options)).ShouldBeTrue();

        sink.Received.ShouldBe(["b:2"]);
    }

    [Fact]
    public async Task Of_two_processes_one_serves_a_sink_and_the_other_takes_over_when_it_is_gone()
    {
        await using var sink = new FakeSink();
        await rig.BeginAsync(FromBeginning);
        using var dead = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var growing = rig.Growth.RunAsync(stop.Token);
        var first = rig.Follower(sink, FromBeginning, "anna").RunAsync(stop.Token, dead.Token);
        await rig.KeepAsync("shard", null, endsShard: false, "a:1");
        await RelayRig.UntilAsync(() => sink.Received.Count == 1);
        var second = rig.Follower(sink, FromBeginning, "ben").RunAsync(stop.Token, Ct);

        await dead.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        await rig.KeepAsync("shard", null, endsShard: false, "a:2");
        await RelayRig.UntilAsync(() => sink.Received.Contains("a:2"));
        await stop.CancelAsync();
        await second;
        await Task.WhenAny(growing);

        // What the first one sent and did not note comes again, and nothing else.
        sink.Received.Distinct().ShouldBe(["a:1", "a:2"]);
    }

    [Fact]
    public async Task Two_processes_do_not_serve_a_sink_both()
    {
        await using var sink = new FakeSink();
        await rig.KeepAsync("shard", null, endsShard: false, [.. Enumerable.Range(1, 200).Select(number => $"i{number % 7}:{number}")]);
        await rig.BeginAsync(FromBeginning);
        await rig.Growth.LookAsync(Ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var serving = ((string[])["anna", "ben", "carol"]).Select(holder => rig.Follower(sink, FromBeginning, holder).RunAsync(stop.Token, Ct)).ToList();

        await RelayRig.UntilAsync(() => sink.Received.Count >= 200);
        await stop.CancelAsync();
        await Task.WhenAll(serving);

        sink.Received.Count.ShouldBe(200);
        sink.Received.Distinct().Count().ShouldBe(200);
    }

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    private static IEnumerable<string> Of(FakeSink sink, string item) => sink.Received.Where(one => one.StartsWith($"{item}:", StringComparison.Ordinal));
}
