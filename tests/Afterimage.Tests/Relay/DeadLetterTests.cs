using Afterimage.Relay;
using Afterimage.Streams.Aws;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Relay;

/// <summary>What becomes of entries that a target refuses.</summary>
public sealed class DeadLetterTests : IAsyncLifetime
{
    private static readonly SinkOptions Options = new("test:sink") { FromBeginning = true, RetryAttempts = 2 };

    private readonly RelayRig rig = new();
    private readonly FakeSink sink = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await rig.ReadyAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pain_23_a_poison_entry_is_a_dead_letter_after_exactly_the_configured_attempts_and_its_batch_mates_arrive(bool byName)
    {
        Refuse("c:3", byName);
        await rig.KeepAsync("shard", null, endsShard: false, "a:1", "b:2", "c:3", "d:4", "e:5", "f:6", "g:7", "h:8");

        (await rig.ServeAsync(sink, Options)).ShouldBeTrue();

        sink.Received.ShouldBe(["a:1", "b:2", "d:4", "e:5", "f:6", "g:7", "h:8"], ignoreOrder: true);
        Attempts("c:3", byName).ShouldBe(3);
        var letter = (await LettersAsync()).ShouldHaveSingleItem();
        (letter.State, letter.Refusals, letter.Table, letter.Sink).ShouldBe((DeadLetterState.Dead, 3, "Orders", "test:sink"));
        letter.Reason.ShouldNotBeNull().ShouldContain("refused");
        rig.News.Single(news => news.What.Contains("dead letter", StringComparison.Ordinal)).Hint.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_refused_batch_is_halved_until_the_entry_is_alone()
    {
        Refuse("i5:5", byName: false);
        await rig.KeepAsync("shard", null, endsShard: false, [.. Enumerable.Range(1, 8).Select(number => $"i{number}:{number}")]);

        await rig.ServeAsync(sink, Options);

        sink.Calls.Where(batch => batch.Any(IsEntry("i5:5"))).Select(batch => batch.Count).ShouldBe([8, 4, 2, 1, 1, 1]);
    }

    [Fact]
    public async Task Without_bisecting_the_whole_batch_is_set_aside()
    {
        Refuse("b:2", byName: false);
        await rig.KeepAsync("shard", null, endsShard: false, "a:1", "b:2", "c:3");

        await rig.ServeAsync(sink, Options with { BisectBatchOnError = false });

        sink.Received.ShouldBeEmpty();
        sink.Calls.Select(batch => batch.Count).ShouldBe([3, 3, 3]);
        (await LettersAsync()).Count(letter => letter.State == DeadLetterState.Dead).ShouldBe(3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pain_22_later_entries_of_an_item_wait_behind_one_that_is_refused_and_follow_in_order_after_retry(bool takesSome)
    {
        await using var one = new FakeSink { Limits = new SinkLimits(takesSome ? 10 : 4, 1_000_000, 100_000) { TakesSome = takesSome } };
        one.Says = entry => takesSome && IsEntry("a:2")(entry) ? Delivery.Refused("It is refused.") : null;
        one.Spoils = entry => !takesSome && IsEntry("a:2")(entry);
        await rig.KeepAsync("shard", null, endsShard: true, "a:1", "a:2", "b:3", "a:4");
        await rig.ServeAsync(one, Options);
        await rig.KeepAsync("child", "shard", endsShard: false, "a:5", "b:6");
        await rig.ServeAsync(one, Options);

        one.Received.Where(IsOf("b")).ShouldBe(["b:3", "b:6"]);
        one.Received.Where(IsOf("a")).ShouldBe(["a:1"]);
        (await LettersAsync()).Select(letter => letter.State).ShouldBe([DeadLetterState.Dead, DeadLetterState.Waiting, DeadLetterState.Waiting]);

        one.Says = _ => null;
        one.Spoils = _ => false;
        var letters = new DeadLetters(rig.Trail);
        (await letters.RetryAsync(await LettersAsync(), Ct)).ShouldBe(1);
        await rig.KeepAsync("child", "shard", endsShard: false, "a:7");
        (await rig.ServeAsync(one, Options)).ShouldBeTrue();
        await rig.ServeAsync(one, Options);

        one.Received.Where(IsOf("a")).ShouldBe(["a:1", "a:2", "a:4", "a:5", "a:7"]);
        (await LettersAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_order_is_carried_out_by_the_process_that_serves_the_sink()
    {
        Refuse("a:1", byName: true);
        await rig.KeepAsync("shard", null, endsShard: false, "a:1", "a:2");
        await rig.BeginAsync(Options);
        await rig.Growth.LookAsync(Ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var serving = rig.Follower(sink, Options).RunAsync(stop.Token, Ct);
        while ((await LettersAsync()).Count < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct);
        }

        sink.Says = _ => null;
        await new DeadLetters(rig.Trail).RetryAsync(await LettersAsync(), Ct);
        await RelayRig.UntilAsync(() => sink.Received.Count == 2);
        await stop.CancelAsync();
        await serving;

        sink.Received.ShouldBe(["a:1", "a:2"]);
        (await LettersAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_process_that_dies_before_a_dead_letter_is_noted_loses_nothing()
    {
        Refuse("c:2", byName: true);
        await rig.KeepAsync("shard", null, endsShard: false, "a:1", "c:2");
        rig.Table.Weather = (request, _) => Task.FromResult(request.Keys.Any(key => key.Sort.StartsWith(SinkNotes.Asides, StringComparison.Ordinal)) ? Fate.NotDone : Fate.Done);
        await Should.ThrowAsync<AwsException>(() => rig.ServeAsync(sink, Options));

        rig.Table.Calm();
        await rig.ServeAsync(sink, Options);

        sink.Received.Distinct().ShouldBe(["a:1"]);
        (await LettersAsync()).Single().State.ShouldBe(DeadLetterState.Dead);
    }

    [Fact]
    public async Task One_that_is_refused_again_is_dead_again_and_what_waited_waits_on()
    {
        Refuse("a:1", byName: true);
        await rig.KeepAsync("shard", null, endsShard: false, "a:1", "a:2", "a:3");
        await rig.ServeAsync(sink, Options);

        await new DeadLetters(rig.Trail).RetryAsync(await LettersAsync(), Ct);
        await rig.ServeAsync(sink, Options);

        sink.Received.ShouldBeEmpty();
        (await LettersAsync()).Select(letter => (letter.State, letter.Refusals)).ShouldBe([(DeadLetterState.Dead, 6), (DeadLetterState.Waiting, 0), (DeadLetterState.Waiting, 0)]);
    }

    [Fact]
    public async Task What_waits_behind_one_that_is_dropped_is_sent()
    {
        Refuse("a:1", byName: true);
        await rig.KeepAsync("shard", null, endsShard: false, "a:1", "a:2", "a:3");
        await rig.ServeAsync(sink, Options);

        await new DeadLetters(rig.Trail).DropAsync(await LettersAsync(), Ct);
        await rig.ServeAsync(sink, Options);

        sink.Received.ShouldBe(["a:2", "a:3"]);
        (await LettersAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_it_is_configured_so_later_entries_pass_a_dead_letter()
    {
        Refuse("a:1", byName: true);
        await rig.KeepAsync("shard", null, endsShard: false, "a:1", "a:2", "a:3");

        await rig.ServeAsync(sink, Options with { PassDeadLetters = true });

        sink.Received.ShouldBe(["a:2", "a:3"]);
        (await LettersAsync()).Single().State.ShouldBe(DeadLetterState.Dead);
    }

    [Fact]
    public async Task A_target_that_is_down_makes_no_dead_letters_and_gets_everything_when_it_is_back()
    {
        sink.IsDown = true;
        await rig.KeepAsync("shard", null, endsShard: false, "a:1", "a:2", "b:3");
        (await rig.ServeAsync(sink, Options)).ShouldBeFalse();
        await rig.BeginAsync(Options);
        await rig.Growth.LookAsync(Ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var serving = rig.Follower(sink, Options).RunAsync(stop.Token, Ct);
        await RelayRig.UntilAsync(() => sink.Calls.Count > 12);

        sink.IsDown = false;
        await RelayRig.UntilAsync(() => sink.Received.Count == 3);
        await stop.CancelAsync();
        await serving;

        sink.Received.Where(IsOf("a")).ShouldBe(["a:1", "a:2"]);
        (await LettersAsync()).ShouldBeEmpty();
        rig.News.Count(news => news.What.Contains("takes nothing for now", StringComparison.Ordinal)).ShouldBe(2);
        rig.News[^1].What.ShouldBe("It takes entries again.");
    }

    [Fact]
    public async Task Throttled_entries_of_a_batch_are_sent_again_and_are_no_dead_letters()
    {
        var throttled = 5;
        sink.Says = entry => IsEntry("b:2")(entry) && throttled-- > 0 ? Delivery.Busy("Slow down.") : null;
        await rig.KeepAsync("shard", null, endsShard: false, "a:1", "b:2", "b:3", "c:4");

        await rig.ServeUntilAsync(sink, Options, () => sink.Received.Count == 4);

        sink.Received.Where(IsOf("b")).ShouldBe(["b:2", "b:3"]);
        (await LettersAsync()).ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        await sink.DisposeAsync();
        await rig.DisposeAsync();
    }

    private static Func<OutgoingEntry, bool> IsEntry(string name) => entry => $"{entry.Entry.Keys!["id"].AsText()}:{entry.Entry.SequenceNumber}" == name;

    private static Func<string, bool> IsOf(string item) => name => name.StartsWith($"{item}:", StringComparison.Ordinal);

    private void Refuse(string name, bool byName)
    {
        if (byName)
        {
            sink.Says = entry => IsEntry(name)(entry) ? Delivery.Refused("It is refused.") : null;
        }
        else
        {
            sink.Spoils = IsEntry(name);
        }
    }

    private int Attempts(string name, bool byName) => sink.Calls.Count(batch => batch.Any(IsEntry(name)) && (byName || batch.Count == 1));

    private async Task<List<DeadLetter>> LettersAsync() => await new DeadLetters(rig.Trail).AllAsync(Ct).ToListAsync(Ct);
}
