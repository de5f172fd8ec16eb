using System.Text;
using System.Text.Json;
using Afterimage.Entries;
using Afterimage.Relay;
using Afterimage.Tests.Capture.Stamps;
using Afterimage.Tests.Relay;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Lambda;

/// <summary>The function over sinks alone: what each of them gets, and what the answer says must come again.</summary>
public sealed class SinkOutletTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly SinkOptions Plain = new("test:sink");

    [Fact]
    public async Task Every_sink_gets_what_it_wants_in_the_order_of_each_item()
    {
        var (all, some) = (new FakeSink(), new FakeSink { Limits = new(2, 1_000_000, 100_000) });
        await using var rig = new DirectRig((all, Plain), (some, new SinkOptions("test:other") { Filter = new SinkFilter { Changed = new ChangedFilter(AttributePath.Parse("/n"), null, "3") } }));

        (await rig.CallAsync("a:1", "b:2", "a:3", "a:4", "b:5")).ShouldBeEmpty();

        all.Received.Where(one => one[0] == 'a').ShouldBe(["a:1", "a:3", "a:4"]);
        all.Received.Where(one => one[0] == 'b').ShouldBe(["b:2", "b:5"]);
        all.Calls.ShouldAllBe(call => call.Select(one => one.Item).Distinct().Count() == call.Count);
        some.Received.ShouldBe(["a:3"]);
    }

    [Fact]
    public async Task A_sink_that_is_down_stops_there_and_the_others_get_everything()
    {
        var (up, down) = (new FakeSink(), new FakeSink { Limits = new(1, 1_000_000, 100_000) });
        down.Answered = () => down.IsDown = down.Received.Count == 2;
        await using var rig = new DirectRig((up, Plain), (down, new SinkOptions("test:down")));

        (await rig.CallAsync("a:1", "b:2", "c:3", "a:4")).ShouldBe(["3"]);

        up.Received.Count.ShouldBe(4);
        down.Received.ShouldBe(["a:1", "b:2"]);
        down.Calls.Count.ShouldBe(3);
        var error = rig.Errors.Single();
        (error.GetProperty("sink").GetString(), error.GetProperty("requestId").GetString()).ShouldBe(("test:down", "1"));
        error.GetProperty("message").GetString()!.ShouldContain("The target is down.");
    }

    [Fact]
    public async Task What_a_sink_has_had_does_not_come_again_as_long_as_another_holds_it_up()
    {
        var (up, down) = (new FakeSink(), new FakeSink { IsDown = true });
        await using var rig = new DirectRig((up, Plain), (down, new SinkOptions("test:down")));

        (await rig.CallAsync("a:1", "b:2")).ShouldBe(["1"]);
        (await rig.CallAsync("a:1", "b:2", "a:3")).ShouldBe(["1"]);
        down.IsDown = false;
        (await rig.CallAsync("a:1", "b:2", "a:3")).ShouldBeEmpty();

        up.Received.Order().ShouldBe(["a:1", "a:3", "b:2"]);
        down.Received.Order().ShouldBe(["a:1", "a:3", "b:2"]);

        // What is done is forgotten: whoever hands it over once more means it.
        (await rig.CallAsync("a:1")).ShouldBeEmpty();
        up.Received.Count.ShouldBe(4);
    }

    [Fact]
    public async Task What_a_sink_cannot_take_now_and_all_that_follows_in_the_stream_comes_again()
    {
        var sink = new FakeSink { Says = one => one.Entry.SequenceNumber == "2" ? Delivery.Busy("Slow down.") : null };
        await using var rig = new DirectRig((sink, Plain));

        (await rig.CallAsync("a:1", "b:2", "c:3", "b:4")).ShouldBe(["2"]);

        sink.Received.ShouldBe(["a:1", "c:3"]);
        rig.Told.ShouldContain("Slow down.");
    }

    [Fact]
    public async Task What_a_sink_refuses_is_tried_again_and_then_named_with_the_sink_and_the_reason()
    {
        var sink = new FakeSink { Says = one => one.Entry.SequenceNumber == "2" ? Delivery.Refused("It is too long.") : null };
        await using var rig = new DirectRig((sink, Plain with { RetryAttempts = 2 }));

        (await rig.CallAsync("a:1", "b:2", "c:3", "b:4")).ShouldBe(["2"]);

        sink.Received.ShouldBe(["a:1", "c:3"]);
        sink.Calls.Count(call => call.Any(one => one.Entry.SequenceNumber == "2")).ShouldBe(3);
        var error = rig.Errors.Single();
        error.GetProperty("entry").GetString().ShouldBe(sink.Calls[0].Single(one => one.Entry.SequenceNumber == "2").Entry.Id.Value);
        error.GetProperty("message").GetString()!.ShouldEndWith("was refused 3 times: It is too long.");
        error.GetProperty("sink").GetString().ShouldBe("test:sink");
    }

    [Fact]
    public async Task Nothing_overtakes_a_refused_entry_of_its_item_however_much_lies_between()
    {
        var sink = new FakeSink { Limits = new(1_000, 100_000_000, 100_000) { TakesSome = true }, Says = one => one.Entry.SequenceNumber == "1" ? Delivery.Refused("No.") : null };
        await using var rig = new DirectRig((sink, Plain with { RetryAttempts = 0 }));

        (await rig.CallAsync([.. Enumerable.Range(2, 3_000).Select(number => $"b{number}:{number}").Prepend("a:1"), "a:9999"])).ShouldBe(["1"]);

        sink.Received.Count.ShouldBe(3_000);
        sink.Received.ShouldNotContain("a:9999");
    }

    [Fact]
    public async Task A_batch_that_is_refused_as_a_whole_is_halved_until_the_entry_is_alone()
    {
        var sink = new FakeSink { Spoils = one => one.Entry.SequenceNumber == "3" };
        await using var rig = new DirectRig((sink, Plain with { RetryAttempts = 0 }));

        (await rig.CallAsync("a:1", "b:2", "c:3", "d:4", "c:5")).ShouldBe(["3"]);

        sink.Received.Order().ShouldBe(["a:1", "b:2", "d:4"]);
    }

    [Fact]
    public async Task Later_entries_of_an_item_pass_a_refused_one_where_that_is_wanted()
    {
        var sink = new FakeSink { Says = one => one.Entry.SequenceNumber == "1" ? Delivery.Refused("No.") : null };
        await using var rig = new DirectRig((sink, Plain with { RetryAttempts = 0, PassDeadLetters = true }));

        (await rig.CallAsync("a:1", "a:2")).ShouldBe(["1"]);

        sink.Received.ShouldBe(["a:2"]);
    }

    [Fact]
    public async Task When_the_time_of_a_call_is_over_what_has_not_arrived_comes_again()
    {
        var sink = new FakeSink { Limits = new(1, 1_000_000, 100_000) };
        await using var rig = new DirectRig((sink, Plain));
        sink.Lasts = ct => sink.Received.Count < 2 ? Task.CompletedTask : Task.Delay(TimeSpan.FromHours(1), rig.Time, ct);

        (await rig.CallAsync(EventSource.EventOf(new[] { "a:1", "b:2", "c:3", "d:4" }.Select(DirectRig.Record)), within: TimeSpan.FromSeconds(20))).ShouldBe(["3"]);

        rig.Errors.Single().GetProperty("message").GetString().ShouldBe("2 of 4 entries arrived before the time of the call was over.");
    }

    [Fact]
    public async Task A_call_whose_time_is_over_sends_nothing()
    {
        var sink = new FakeSink();
        await using var rig = new DirectRig((sink, Plain));

        (await rig.CallAsync(EventSource.EventOf([DirectRig.Record("a:1")]), within: TimeSpan.Zero)).ShouldBe(["1"]);

        sink.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pain_of_the_articles_a_record_that_cannot_be_read_reaches_sinks_as_its_bytes()
    {
        var sink = new FakeSink();
        await using var rig = new DirectRig((sink, Plain));
        var wrong = EventSource.Delivered("""{"eventName":"MODIFY","eventSource":"aws:dynamodb","dynamodb":{"Keys":{"id":{"Q":"o1"}},"SequenceNumber":"2"}}"""u8.ToArray());

        (await rig.CallAsync(EventSource.EventOf([DirectRig.Record("a:1"), wrong, DirectRig.Record("a:3")]))).ShouldBeEmpty();

        var entry = sink.Arrived.Select(one => one.Entry).Single(one => one.Unreadable is not null);
        Encoding.UTF8.GetString(entry.Unreadable!.Raw.Span).ShouldContain("\"Q\":\"o1\"");
        entry.Id.ShouldBe(EntryMaker.Make(wrong, FakeStream.Arn, new("shard"), 0, TableRules.None, default).Id);
        sink.Arrived.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Marks_reach_no_sink_and_stamps_say_who_it_was_as_far_as_was_seen()
    {
        var items = new StampedItems(new Random(1), Noon);
        items.Write("a", "bob");
        items.Delete("a", "alice");
        items.Write("b", "carol");
        items.Write("b", "dave");
        items.UpdateUnstamped("b");
        for (var copy = 0; copy < 6; copy++)
        {
            items.CopyBack("b");
        }

        var sink = new FakeSink();
        await using var rig = new DirectRig((sink, Plain));

        foreach (var change in items.Changes)
        {
            (await rig.CallAsync(EventSource.EventOf([EventSource.Delivered(change.Record.ToArray())]))).ShouldBeEmpty();
        }

        sink.Arrived.Select(one => one.Entry.Actor).Select(actor => (actor.Source, actor.Id)).ShouldBe(
            items.Changes.Where(change => change.Told.Kind == EntryKind.Change).Select(change => (change.Told.Source, change.Told.Actor)));
        sink.Arrived.ShouldAllBe(one => one.Entry.Kind == EntryKind.Change);
        items.Changes.Count.ShouldBe(sink.Arrived.Count + 1);
    }

    [Fact]
    public async Task Behind_a_queue_each_message_is_named_and_what_follows_in_its_group_waits()
    {
        var sink = new FakeSink { Says = one => one.Entry.SequenceNumber == "1" ? Delivery.Refused("No.") : null };
        await using var rig = new DirectRig((sink, Plain with { RetryAttempts = 0 }));
        string Body(string change) => Encoding.UTF8.GetString(DirectRig.Record(change));

        (await rig.CallAsync(StreamFunctionTests.Queue(
            ("m1", Body("a:1"), "g1"), ("m2", Body("b:2"), "g2"), ("m3", Body("c:3"), "g1"), ("m4", "not JSON", "g3"), ("m5", Body("d:4"), "g3"), ("m6", Body("b:2"), "g2")))).ShouldBe(["m1", "m3", "m4", "m5"]);

        sink.Received.ShouldBe(["b:2", "c:3"], ignoreOrder: true);
    }

    [Fact]
    public async Task An_entry_that_is_too_long_for_a_sink_is_made_to_fit()
    {
        var record = Encoding.UTF8.GetString(DirectRig.Record("a:1")).Replace("\"n\":", $"\"text\":{{\"S\":\"{new string('x', 100_000)}\"}},\"n\":", StringComparison.Ordinal);
        var sink = new FakeSink { Limits = new(10, 100_000, 70_000) };
        await using var rig = new DirectRig((sink, Plain));

        (await rig.CallAsync(EventSource.EventOf([Encoding.UTF8.GetBytes(record)]))).ShouldBeEmpty();

        JsonElement.Parse(sink.Arrived.Single().Text.Span).GetProperty("compressed").GetString().ShouldNotBeNull();
    }
}
