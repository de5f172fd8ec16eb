using Afterimage.Entries;
using Afterimage.Relay;

namespace Afterimage.Tests.Relay.Sinks;

public sealed class SnsSinkTests : IDisposable
{
    private const string Standard = "sns:arn:aws:sns:eu-west-1:123456789012:audit";
    private const string Fifo = Standard + ".fifo";
    private const string Taken =
        """<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Failed/><Successful><member><Id>0</Id><MessageId>m</MessageId></member></Successful></PublishBatchResult></PublishBatchResponse>""";

    private readonly SinkRig rig = new();

    [Fact]
    public async Task Each_entry_is_a_message_in_a_form()
    {
        var entry = Outgoing.Entry(1) with { Actor = new Actor(ActorSource.Stamp, "alice & bob") };
        rig.Aws.Answers(200, Taken);

        (await SinkRig.SendAsync(rig.Open(Standard), [Outgoing.Of(entry)])).ShouldBe([Delivery.Done]);

        rig.Aws.Requests[0].Headers["Content-Type"].ShouldBe("application/x-www-form-urlencoded; charset=utf-8");
        rig.Aws.Requests[0].Headers.ShouldNotContainKey("X-Amz-Target");
        rig.Aws.Requests[0].Headers["Authorization"].ShouldContain("/sns/aws4_request, SignedHeaders=content-type;host;x-amz-date, ");
        rig.Text().ShouldNotContain("%20");
        var form = QueryForm.Read(rig.Text());
        form["Action"].ShouldBe("PublishBatch");
        form["TopicArn"].ShouldBe("arn:aws:sns:eu-west-1:123456789012:audit");
        form["PublishBatchRequestEntries.member.1.Message"].ShouldBe(EntryJson.ToText(entry));
        form["PublishBatchRequestEntries.member.1.MessageAttributes.entry.4.Name"].ShouldBe("actor");
        form["PublishBatchRequestEntries.member.1.MessageAttributes.entry.4.Value.StringValue"].ShouldBe("alice & bob");
        form.Keys.ShouldNotContain(name => name.Contains("MessageGroupId"));
    }

    [Fact]
    public async Task In_a_FIFO_the_group_is_the_item_and_the_deduplication_id_the_entry()
    {
        rig.Aws.Answers(200, Taken);
        var outgoing = Outgoing.Some(1)[0];

        await SinkRig.SendAsync(rig.Open(Fifo), [outgoing]);

        var form = QueryForm.Read(rig.Text());
        form["PublishBatchRequestEntries.member.1.MessageDeduplicationId"].ShouldBe(outgoing.Entry.Id.Value);
        form["PublishBatchRequestEntries.member.1.MessageGroupId"].Length.ShouldBe(64);
    }

    [Fact]
    public async Task Each_message_has_its_own_outcome()
    {
        rig.Aws.Answers(200, """
            <PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult>
              <Failed>
                <member><Id>0</Id><Code>InvalidParameter</Code><Message>Invalid parameter: Message too long</Message><SenderFault>true</SenderFault></member>
                <member><Id>1</Id><Code>InternalError</Code><SenderFault>false</SenderFault></member>
              </Failed>
              <Successful><member><Id>2</Id><MessageId>m</MessageId></member></Successful>
            </PublishBatchResult></PublishBatchResponse>
            """);

        var deliveries = await SinkRig.SendAsync(rig.Open(Standard), Outgoing.Some(4));

        deliveries.Select(one => one.Outcome).ShouldBe([DeliveryOutcome.Refused, DeliveryOutcome.Busy, DeliveryOutcome.Done, DeliveryOutcome.Busy]);
    }

    [Fact]
    public async Task A_topic_that_is_gone_is_down_with_what_to_do()
    {
        rig.Aws.Answers(404, Error("NotFound", "Topic does not exist"));

        var error = await SinkRig.FailAsync(rig.Open(Standard));

        error.IsDown.ShouldBeTrue();
        error.Message.ShouldBe($"{Standard}: NotFound: Topic does not exist");
        error.Hint.ShouldContain("Create the topic");
    }

    [Theory]
    [InlineData(403, "AuthorizationError", true)]
    [InlineData(403, "InvalidClientTokenId", true)]
    [InlineData(400, "KMSDisabled", true)]
    [InlineData(400, "Throttled", true)]
    [InlineData(400, "InvalidParameter", false)]
    public async Task Errors_in_XML_are_told_apart(int status, string code, bool isDown)
    {
        rig.Aws.Answers(status, Error(code, "no"));

        (await SinkRig.FailAsync(rig.Open(Standard))).IsDown.ShouldBe(isDown);
    }

    public void Dispose() => rig.Dispose();

    private static string Error(string code, string message) =>
        $"""<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>""";
}
