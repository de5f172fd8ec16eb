using Afterimage.Relay;
using Afterimage.Tests.Relay.Sinks;
using Afterimage.Tests.Streams.Aws;

namespace Afterimage.Tests.Relay;

public sealed class SinkSetupTests : IDisposable
{
    private const string Topic = "arn:aws:sns:eu-west-1:123456789012:audit.fifo";
    private const string Gone = """<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Code>NotFound</Code><Message>no</Message></Error></ErrorResponse>""";
    private const string NotThere = """{"__type":"ResourceNotFoundException","message":"no"}""";

    private readonly SinkRig rig = new();

    [Fact]
    public async Task A_topic_is_made_with_its_subscriptions()
    {
        rig.Aws.Answers(404, Gone).Answers(200, Made(Topic)).Answers(200, "<SubscribeResponse/>");

        (await PrepareAsync(new SinkOptions($"sns:{Topic}") { Subscriptions = ["email:ops@example.com"] }))
            .ShouldBe([$"Made the topic {Topic}.", $"Subscribed email:ops@example.com to {Topic}; it has to be confirmed there."]);

        QueryForm.Read(rig.Text(1)).ShouldContainKeyAndValue("Attributes.entry.1.key", "FifoTopic");
        QueryForm.Read(rig.Text(2)).ShouldContainKeyAndValue("Endpoint", "ops@example.com");
    }

    [Fact]
    public async Task A_topic_of_another_account_is_not_taken_for_the_one_that_was_meant()
    {
        rig.Aws.Answers(404, Gone).Answers(200, Made(Topic.Replace("123456789012", "210987654321")));

        (await Should.ThrowAsync<SinkException>(() => PrepareAsync(new SinkOptions($"sns:{Topic}")))).Message.ShouldContain("make topics elsewhere");
    }

    [Fact]
    public async Task What_is_there_is_left_as_it_is()
    {
        rig.Aws.Answers(200, "{}");

        foreach (var address in (string[])[$"sns:{Topic}", "sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/audit", "firehose:audit", "table:Audit"])
        {
            (await PrepareAsync(new SinkOptions(address))).ShouldBeEmpty();
        }

        rig.Aws.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Sinks_that_need_nothing_are_left_alone()
    {
        (await PrepareAsync(new SinkOptions("console:"))).ShouldBeEmpty();
        (await PrepareAsync(new SinkOptions("file:entries.jsonl"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_queue_is_made_as_its_name_says()
    {
        var model = Model("sqs/2012-11-05");
        rig.Aws.Answers(400, """{"__type":"com.amazonaws.sqs#QueueDoesNotExist"}""").Answers(200, """{"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/123456789012/audit.fifo"}""");

        (await PrepareAsync(new SinkOptions("sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/audit.fifo"))).Single().ShouldStartWith("Made the queue");

        Check(model, ["GetQueueUrl", "CreateQueue"]);
        rig.Sent(1).GetProperty("Attributes").GetProperty("FifoQueue").GetString().ShouldBe("true");
    }

    [Fact]
    public async Task A_delivery_stream_is_made_to_the_bucket_that_is_given()
    {
        var model = Model("firehose/2015-08-04");
        rig.Aws.Answers(400, NotThere).Answers(200, "{}");

        (await PrepareAsync(new SinkOptions("firehose:audit") { Bucket = "audit-entries", Role = "arn:aws:iam::123456789012:role/firehose" })).Single().ShouldContain("audit-entries");

        Check(model, ["DescribeDeliveryStream", "CreateDeliveryStream"]);
    }

    [Fact]
    public async Task Without_a_bucket_it_is_said_what_is_missing()
    {
        rig.Aws.Answers(400, NotThere);

        (await Should.ThrowAsync<UsageException>(() => PrepareAsync(new SinkOptions("firehose:audit")))).Problems.Single().Hint.ShouldContain("bucket");
    }

    [Fact]
    public async Task A_table_is_made_of_events()
    {
        var model = Model("dynamodb/2012-08-10");
        rig.Aws.Answers(400, NotThere).Answers(200, "{}");

        (await PrepareAsync(new SinkOptions("table:Audit"))).Single().ShouldStartWith("Made the table Audit");

        Check(model, ["DescribeTable", "CreateTable"]);
    }

    [Fact]
    public async Task A_log_group_is_made_with_its_retention()
    {
        rig.Aws.Answers(200, "");

        (await PrepareAsync(new SinkOptions("logs:audit") { Retention = TimeSpan.FromDays(30) }))
            .ShouldBe(["Made the log group audit.", "It keeps events for 30 days.", "Made the log stream afterimage in audit."]);
    }

    [Theory]
    [InlineData("sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/audit", "email:a@b.c", null, null, "subscriptions")]
    [InlineData("sns:" + Topic, "email", null, null, "subscriptions")]
    [InlineData("logs:audit", null, "bucket", null, "bucket")]
    [InlineData("logs:audit", null, null, "arn:aws:iam::123456789012:role/firehose", "role")]
    [InlineData("firehose:audit", null, "bucket", "firehose", "role")]
    public void What_a_sink_does_not_have_is_said(string address, string? subscription, string? bucket, string? role, string name) =>
        SinkProblems.Of(new SinkOptions(address) { Subscriptions = subscription is null ? [] : [subscription], Bucket = bucket, Role = role })
            .ShouldHaveSingleItem().What.ShouldStartWith($"{name} of the sink");

    public void Dispose() => rig.Dispose();

    private static ServiceModel Model(string path)
    {
        var model = BotocoreData.Read($"{path}/service-2.json");
        Assert.SkipWhen(model.GetProperty("metadata").GetProperty("protocol").GetString() == "query", "This botocore is older than the JSON protocol of SQS.");
        return new ServiceModel(model);
    }

    private static string Made(string arn) =>
        $"""<CreateTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><CreateTopicResult><TopicArn>{arn}</TopicArn></CreateTopicResult></CreateTopicResponse>""";

    private void Check(ServiceModel model, string[] operations)
    {
        rig.Operations.ShouldBe(operations);
        rig.Operations.SelectMany((operation, at) => model.Problems(operation, rig.Sent(at))).ShouldBeEmpty();
    }

    private Task<IReadOnlyList<string>> PrepareAsync(SinkOptions options) => new SinkSetup(rig.Site).PrepareAsync(options, TestContext.Current.CancellationToken);
}
