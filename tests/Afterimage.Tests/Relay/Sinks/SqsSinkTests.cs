using System.Text;
using System.Text.Json;
using Afterimage.Entries;
using Afterimage.Relay;

namespace Afterimage.Tests.Relay.Sinks;

public sealed class SqsSinkTests : IDisposable
{
    private const string Standard = "sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/audit";
    private const string Fifo = Standard + ".fifo";

    private readonly SinkRig rig = new();

    [Fact]
    public async Task Each_entry_is_a_message_with_its_attributes()
    {
        var entry = Outgoing.Entry(1) with { Tenant = "acme", Actor = new Actor(ActorSource.Stamp, "alice@example.com") };
        rig.Aws.Answers(200, """{"Successful":[{"Id":"0","MessageId":"m","MD5OfMessageBody":"x"}]}""");

        (await SinkRig.SendAsync(rig.Open(Standard), [Outgoing.Of(entry)])).ShouldBe([Delivery.Done]);

        rig.Operations.ShouldBe(["SendMessageBatch"]);
        var sent = rig.Sent();
        sent.GetProperty("QueueUrl").GetString().ShouldBe("https://sqs.eu-west-1.amazonaws.com/123456789012/audit");
        var message = sent.GetProperty("Entries")[0];
        message.GetProperty("MessageBody").GetString().ShouldBe(EntryJson.ToText(entry));
        Attributes(message).ShouldBe([("table", "Orders"), ("kind", "change"), ("action", "INSERT"), ("tenant", "acme"), ("actor", "alice@example.com")]);
        message.TryGetProperty("MessageGroupId", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task In_a_FIFO_the_group_is_the_item_and_the_deduplication_id_the_entry()
    {
        rig.Aws.Answers(200, """{"Successful":[{"Id":"0"},{"Id":"1"}]}""");
        var batch = Outgoing.Some(2);

        await SinkRig.SendAsync(rig.Open(Fifo), batch);

        var messages = rig.Sent().GetProperty("Entries").EnumerateArray().ToList();
        messages.Select(message => message.GetProperty("MessageDeduplicationId").GetString()).ShouldBe(batch.Select(one => one.Entry.Id.Value));
        var groups = messages.Select(message => message.GetProperty("MessageGroupId").GetString()!).ToList();
        groups.Distinct().Count().ShouldBe(2);
        groups.ShouldAllBe(group => group.Length <= 128 && group.All(char.IsAsciiLetterOrDigit));
    }

    [Fact]
    public async Task Each_message_has_its_own_outcome()
    {
        rig.Aws.Answers(200, """
            {"Successful":[{"Id":"3"}],
             "Failed":[{"Id":"0","SenderFault":true,"Code":"InvalidMessageContents","Message":"bad character"},
                       {"Id":"1","SenderFault":false,"Code":"InternalError"},
                       {"Id":"2","SenderFault":true,"Code":"KMS.DisabledException","Message":"key is disabled"}]}
            """);

        var deliveries = await SinkRig.SendAsync(rig.Open(Standard), Outgoing.Some(5));

        deliveries.Select(one => one.Outcome).ShouldBe([DeliveryOutcome.Refused, DeliveryOutcome.Busy, DeliveryOutcome.Busy, DeliveryOutcome.Done, DeliveryOutcome.Busy]);
        deliveries[0].Reason.ShouldBe("InvalidMessageContents: bad character");
    }

    [Fact]
    public async Task A_queue_that_is_gone_is_down_with_what_to_do()
    {
        rig.Aws.Answers(400, """{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}""", ("x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender"));

        var error = await SinkRig.FailAsync(rig.Open(Standard));

        error.IsDown.ShouldBeTrue();
        error.Hint.ShouldContain("Create the queue");
    }

    [Fact]
    public async Task A_batch_that_is_refused_is_not_down()
    {
        rig.Aws.Answers(400, """{"__type":"com.amazonaws.sqs#BatchRequestTooLong","message":"Batch requests cannot be longer than 262144 bytes."}""");

        (await SinkRig.FailAsync(rig.Open(Standard))).IsDown.ShouldBeFalse();
    }

    [Fact]
    public async Task What_counts_of_a_batch_at_its_limit_is_within_that_of_SQS()
    {
        rig.Aws.Answers(200, "{}");
        var sink = rig.Open(Fifo);
        var entry = Outgoing.Entry(1) with
        {
            Table = new string('t', 255),
            Entity = new string('é', 128),
            Tenant = new string('x', 256),
            Actor = new Actor(ActorSource.Stamp, new string('y', 256)),
        };
        var filled = Outgoing.Of(entry) with { Text = new byte[sink.Limits.EntryBytesMax].Select(_ => (byte)'x').ToArray() };

        await SinkRig.SendAsync(sink, [filled]);

        // Body and attributes, each with name, type and value (API reference, SendMessage).
        var message = rig.Sent().GetProperty("Entries")[0];
        var attributes = Attributes(message).Sum(one => Encoding.UTF8.GetByteCount(one.Name) + "String".Length + Encoding.UTF8.GetByteCount(one.Value));
        Attributes(message).Count().ShouldBe(6);
        (filled.Text.Length + attributes).ShouldBeLessThanOrEqualTo(262_144);
        (sink.Limits.EntriesMax, sink.Limits.BytesMax, sink.Limits.TakesSome).ShouldBe((10, 262_144, true));
        attributes.ShouldBeLessThanOrEqualTo(sink.Limits.EntryOverhead);
    }

    [Theory]
    [InlineData("")]
    [InlineData("bell\u0007")]
    [InlineData("\uffff")]
    public async Task An_attribute_that_SQS_would_refuse_is_left_out(string actor)
    {
        rig.Aws.Answers(200, "{}");

        await SinkRig.SendAsync(rig.Open(Standard), [Outgoing.Of(Outgoing.Entry(1) with { Actor = new Actor(ActorSource.Attribute, actor), Tenant = new string('x', 257) })]);

        Attributes(rig.Sent().GetProperty("Entries")[0]).Select(one => one.Name).ShouldBe(["table", "kind", "action"]);
    }

    [Theory]
    [InlineData(Standard, "eu-west-1", null)]
    [InlineData("sqs:http://localhost:9324/queue/audit", "us-west-2", "http://localhost:9324/")]
    [InlineData("sqs:https://vpce-1.sqs.eu-west-1.vpce.amazonaws.com/123456789012/a", "eu-west-1", "https://vpce-1.sqs.eu-west-1.vpce.amazonaws.com/")]
    public void A_queue_is_asked_for_where_its_URL_says(string address, string region, string? elsewhere)
    {
        rig.Open(new SinkOptions(address) { Region = address == Standard || elsewhere!.Contains("vpce") ? null : "us-west-2" });

        rig.Asked.ShouldBe([(AwsTarget.Sqs, region, elsewhere is null ? null : new Uri(elsewhere))]);
    }

    public void Dispose() => rig.Dispose();

    private static IEnumerable<(string Name, string Value)> Attributes(JsonElement message) =>
        message.GetProperty("MessageAttributes").EnumerateObject().Select(one => (one.Name, one.Value.GetProperty("StringValue").GetString()!));
}
