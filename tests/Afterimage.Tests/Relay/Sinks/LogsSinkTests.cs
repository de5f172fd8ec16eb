using System.Globalization;
using System.Text.Json;
using Afterimage.Entries;
using Afterimage.Relay;

namespace Afterimage.Tests.Relay.Sinks;

public sealed class LogsSinkTests : IDisposable
{
    private const string NotThere = """{"__type":"ResourceNotFoundException","message":"The specified log group does not exist."}""";

    private static readonly DateTimeOffset Now = DateTimeOffset.Parse(SinkRig.Moment, CultureInfo.InvariantCulture);

    private readonly SinkRig rig = new();

    [Fact]
    public async Task Each_entry_is_an_event_at_its_time_and_events_are_in_order()
    {
        rig.Aws.Answers(200, "{}");
        var batch = new[] { At(3, Now.AddMinutes(-1)), At(1, Now.AddMinutes(-3)), At(2, Now.AddMinutes(-3)) };

        (await SinkRig.SendAsync(rig.Open("logs:/audit/orders"), batch)).ShouldAllBe(one => one == Delivery.Done);

        rig.Operations.ShouldBe(["PutLogEvents"]);
        rig.Sent().GetProperty("logGroupName").GetString().ShouldBe("/audit/orders");
        Messages(0).ShouldBe(new[] { batch[1], batch[2], batch[0] }.Select(one => EntryJson.ToText(one.Entry)));
        Times(0).ShouldBe([Now.AddMinutes(-3), Now.AddMinutes(-3), Now.AddMinutes(-1)]);
    }

    [Fact]
    public async Task A_group_that_is_not_there_is_made_with_its_stream_and_retention()
    {
        rig.Aws.Answers(400, NotThere).Answers(200, "").Answers(200, "").Answers(200, "").Answers(200, "{}");

        (await SinkRig.SendAsync(rig.Open(new SinkOptions("logs:audit") { Retention = TimeSpan.FromDays(365) }), Outgoing.Some(1))).ShouldBe([Delivery.Done]);

        rig.Operations.ShouldBe(["PutLogEvents", "CreateLogGroup", "PutRetentionPolicy", "CreateLogStream", "PutLogEvents"]);
        rig.Sent(2).GetProperty("retentionInDays").GetInt32().ShouldBe(365);
    }

    [Fact]
    public async Task The_retention_of_a_group_that_is_there_is_left_alone()
    {
        rig.Aws.Answers(400, NotThere).Answers(400, """{"__type":"ResourceAlreadyExistsException"}""").Answers(200, "").Answers(200, "{}");

        await SinkRig.SendAsync(rig.Open(new SinkOptions("logs:audit") { Retention = TimeSpan.FromDays(365) }), Outgoing.Some(1));

        rig.Operations.ShouldBe(["PutLogEvents", "CreateLogGroup", "CreateLogStream", "PutLogEvents"]);
    }

    [Fact]
    public async Task Events_of_more_than_a_day_go_in_several_calls()
    {
        rig.Aws.Answers(200, "{}");
        var batch = Enumerable.Range(0, 10).Select(number => At(number, Now.AddHours(-10 * number))).ToList();

        await SinkRig.SendAsync(rig.Open("logs:audit"), batch);

        rig.Aws.Requests.Count.ShouldBe(4);
        Enumerable.Range(0, 4).ShouldAllBe(call => Times(call).Max() - Times(call).Min() < TimeSpan.FromHours(24));
        Enumerable.Range(0, 4).SelectMany(Times).ShouldBe(batch.Select(one => one.Entry.Time).Order());
    }

    [Fact]
    public async Task An_entry_that_is_older_than_CloudWatch_takes_goes_with_the_current_time_and_says_so()
    {
        rig.Aws.Answers(200, "{}");
        var old = At(1, Now.AddDays(-15));

        (await SinkRig.SendAsync(rig.Open("logs:audit"), [old, At(2, Now.AddMinutes(-1))])).ShouldBe([Delivery.Done, Delivery.Done]);

        Times(0).ShouldBe([Now.AddMinutes(-1), Now]);
        var message = JsonSerializer.Deserialize<JsonElement>(Messages(0).Last());
        message.GetProperty("id").GetString().ShouldBe(old.Entry.Id.Value);
        message.GetProperty("time").GetString().ShouldBe("2026-11-07T12:00:00Z");
        message.GetProperty("sentLate").GetString().ShouldBe("2026-11-22T12:00:00Z");
    }

    [Fact]
    public async Task What_the_group_rejects_by_its_own_retention_goes_with_the_current_time()
    {
        rig.Aws.Answers(200, """{"rejectedLogEventsInfo":{"expiredLogEventEndIndex":2}}""").Answers(200, "{}");
        var batch = new[] { At(1, Now.AddHours(-20)), At(2, Now.AddHours(-19)), At(3, Now.AddHours(-1)) };

        (await SinkRig.SendAsync(rig.Open("logs:audit"), batch)).ShouldAllBe(one => one == Delivery.Done);

        Times(1).ShouldBe([Now, Now]);
        Messages(1).ShouldAllBe(text => text.EndsWith("\"sentLate\":\"2026-11-22T12:00:00Z\"}"));
    }

    [Fact]
    public async Task What_is_rejected_with_the_current_time_too_is_refused_and_the_rest_is_done()
    {
        rig.Aws.Answers(200, """{"rejectedLogEventsInfo":{"tooNewLogEventStartIndex":1}}""").Answers(200, """{"rejectedLogEventsInfo":{"tooNewLogEventStartIndex":0}}""");

        var deliveries = await SinkRig.SendAsync(rig.Open("logs:audit"), [At(1, Now.AddMinutes(-2)), At(2, Now.AddMinutes(-1))]);

        deliveries.Select(one => one.Outcome).ShouldBe([DeliveryOutcome.Done, DeliveryOutcome.Refused]);
    }

    [Fact]
    public async Task A_full_call_is_within_the_limits_also_if_all_of_it_is_late()
    {
        rig.Aws.Answers(200, "{}");
        var sink = rig.Open("logs:audit");
        (sink.Limits.EntriesMax, sink.Limits.BytesMax).ShouldBe((10_000, 1_048_576));
        var text = new byte[1_000];
        Array.Fill(text, (byte)'x');
        var count = sink.Limits.BytesMax / (text.Length + sink.Limits.EntryOverhead);

        await SinkRig.SendAsync(sink, [.. Enumerable.Range(0, count).Select(number => At(number, Now.AddDays(-30)) with { Text = text })]);

        // API reference, PutLogEvents: the messages in UTF-8, plus 26 bytes for each.
        Messages(0).Sum(message => message.Length + 26).ShouldBeLessThanOrEqualTo(1_048_576);
    }

    public void Dispose() => rig.Dispose();

    private static OutgoingEntry At(int number, DateTimeOffset time) => Outgoing.Of(Outgoing.Entry(number) with { Time = time });

    private IEnumerable<string> Messages(int at) => rig.Sent(at).GetProperty("logEvents").EnumerateArray().Select(one => one.GetProperty("message").GetString()!);

    private List<DateTimeOffset> Times(int at) =>
        [.. rig.Sent(at).GetProperty("logEvents").EnumerateArray().Select(one => DateTimeOffset.FromUnixTimeMilliseconds(one.GetProperty("timestamp").GetInt64()))];
}
