using Afterimage.Hosting;
using Afterimage.Relay;

namespace Afterimage.Tests.Relay;

public sealed class SinkAddressTests
{
    [Theory]
    [InlineData("console:")]
    [InlineData("CONSOLE:")]
    [InlineData("file:entries.jsonl")]
    [InlineData("file:/var/log/entries.jsonl")]
    [InlineData("logs:/audit/orders")]
    [InlineData("logs:arn:aws:logs:eu-west-1:123456789012:log-group:/audit/orders:*")]
    [InlineData("firehose:audit")]
    [InlineData("firehose:arn:aws:firehose:eu-west-1:123456789012:deliverystream/audit")]
    [InlineData("sns:arn:aws:sns:eu-west-1:123456789012:audit.fifo")]
    [InlineData("sns:arn:aws-cn:sns:cn-north-1:123456789012:audit")]
    [InlineData("sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/audit.fifo")]
    [InlineData("sqs:http://localhost:9324/queue/audit")]
    [InlineData("table:AuditTrailTable")]
    [InlineData("table:arn:aws:dynamodb:eu-west-1:123456789012:table/AuditTrailTable")]
    [InlineData("webhook:https://example.com/audit?key=1")]
    public void An_address_that_is_right_has_no_problem(string address) => SinkProblems.Of(new SinkOptions(address)).ShouldBeEmpty();

    [Theory]
    [InlineData("stdout:", "console:, file:PATH")]
    [InlineData("entries.jsonl", "console:, file:PATH")]
    [InlineData("console:x", "Write console: alone")]
    [InlineData("file:", "file:entries.jsonl")]
    [InlineData("file:folder/", "file:entries.jsonl")]
    [InlineData("file://host/path", "file:entries.jsonl")]
    [InlineData("logs:", "logs:/audit/orders")]
    [InlineData("logs:a b", "logs:/audit/orders")]
    [InlineData("firehose:a/b", "firehose:audit")]
    [InlineData("firehose:arn:aws:sns:eu-west-1:123456789012:audit", "firehose:audit")]
    [InlineData("sns:audit", "sns:arn:aws:sns:eu-west-1:123456789012:audit.fifo")]
    [InlineData("sns:arn:aws:sns:eu-west-1:1234:audit", "sns:arn:aws:sns")]
    [InlineData("sns:arn:aws:sns:eu-west-1:123456789012:.fifo", "sns:arn:aws:sns")]
    [InlineData("sqs:arn:aws:sqs:eu-west-1:123456789012:audit", "sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/audit.")]
    [InlineData("sqs:audit", "Write the queue's URL")]
    [InlineData("sqs:https://sqs.eu-west-1.amazonaws.com/", "Write the queue's URL")]
    [InlineData("table:ab", "table:AuditTrailTable")]
    [InlineData("webhook:example.com", "webhook:https://example.com/audit")]
    [InlineData("webhook:ftp://example.com", "webhook:https://example.com/audit")]
    [InlineData("webhook:https://user:word@example.com", "without a user's name")]
    public void A_wrong_one_is_told_with_what_to_write_instead(string address, string hint)
    {
        var problem = SinkProblems.Of(new SinkOptions(address)).ShouldHaveSingleItem();

        problem.What.ShouldBe($"'{address}' is not the address of a sink.");
        problem.Hint.ShouldContain(hint);
        Should.Throw<UsageException>(() => SinkOpener.Open(new SinkOptions(address), Sites.At())).Problems.ShouldBe([problem]);
    }

    [Theory]
    [InlineData("sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/a", "eu-west-1", false)]
    [InlineData("sqs:https://sqs-fips.us-gov-west-1.amazonaws.com/123456789012/a.fifo", "us-gov-west-1", true)]
    [InlineData("sqs:https://cn-north-1.queue.amazonaws.com.cn/123456789012/a", "cn-north-1", false)]
    [InlineData("sqs:https://queue.amazonaws.com/123456789012/a", "us-east-1", false)]
    [InlineData("sqs:https://sqs.eu-west-1.api.aws/123456789012/a", "eu-west-1", false)]
    [InlineData("sqs:https://vpce-1.sqs.eu-west-1.vpce.amazonaws.com/123456789012/a", "eu-west-1", false)]
    [InlineData("sqs:http://localhost:9324/queue/a", null, false)]
    public void The_region_of_a_queue_is_in_its_URL(string address, string? region, bool isFifo)
    {
        var queue = SinkAddress.Read(address).Address.ShouldBeOfType<SinkAddress.OnQueue>();

        (queue.Region, queue.IsFifo).ShouldBe((region, isFifo));
    }

    [Fact]
    public void The_region_of_a_topic_is_in_its_ARN() =>
        SinkAddress.Read("sns:arn:aws:sns:eu-west-1:123456789012:audit.fifo").Address.ShouldBe(new SinkAddress.OnTopic("arn:aws:sns:eu-west-1:123456789012:audit.fifo", "eu-west-1", true));

    [Fact]
    public void An_ARN_gives_name_and_region()
    {
        SinkAddress.Read("logs:arn:aws:logs:eu-west-1:123456789012:log-group:/audit/orders:*").Address.ShouldBe(new SinkAddress.InLogs("/audit/orders", "eu-west-1"));
        SinkAddress.Read("firehose:arn:aws:firehose:eu-west-1:123456789012:deliverystream/audit").Address.ShouldBe(new SinkAddress.InFirehose("audit", "eu-west-1"));
        SinkAddress.Read("table:arn:aws:dynamodb:eu-west-1:123456789012:table/Audit").Address.ShouldBe(new SinkAddress.InTable("Audit", "eu-west-1"));
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var options = new SinkOptions("sns:arn:aws:sns:eu-west-1:123456789012:audit")
        {
            BatchSize = 11,
            RetryAttempts = -1,
            MaxBatchingWindow = TimeSpan.FromMinutes(6),
            Region = "eu-west-2",
            Retention = TimeSpan.FromDays(365),
        };

        SinkProblems.Of(options).Select(problem => problem.What.Split(' ')[0]).ShouldBe(["batchSize", "retryAttempts", "maxBatchingWindow", "region", "retention"]);
        SinkProblems.Of(new SinkOptions("nowhere") { RetryAttempts = -1 }).Count.ShouldBe(2);
    }

    [Fact]
    public void A_target_that_stands_there_twice_wants_a_name_for_each()
    {
        var topic = new SinkOptions("sns:arn:aws:sns:eu-west-1:123456789012:alerts");
        var (prices, refunds) = (topic with { GivenName = "prices" }, topic with { GivenName = "refunds" });

        SinkProblems.OfSeveral([topic, prices, refunds, new SinkOptions("file:a.jsonl"), new SinkOptions("file:b.jsonl")]).ShouldBeEmpty();
        SinkProblems.OfSeveral([topic, topic]).ShouldHaveSingleItem().What.ShouldBe($"The sink '{topic.To}' stands there 2 times.");
        SinkProblems.OfSeveral([prices, refunds with { GivenName = "prices" }]).ShouldHaveSingleItem().Hint.ShouldContain("\"name\"");
        SinkProblems.OfSeveral([new SinkOptions("file:a.jsonl"), new SinkOptions("file:./a.jsonl")]).ShouldHaveSingleItem().What.ShouldContain("2 sinks write to ");
        SinkProblems.Of(topic with { GivenName = "two\nlines" }).ShouldHaveSingleItem().What.ShouldStartWith("name of the sink");
        SinkProblems.Of(topic with { GivenName = string.Empty }).ShouldHaveSingleItem().What.ShouldStartWith("name of the sink");
    }

    [Fact]
    public void A_sink_is_meant_by_its_name_and_by_its_address()
    {
        const string Topic = "sns:arn:aws:sns:eu-west-1:123456789012:alerts";
        var options = new AfterimageOptions { Sinks = [new SinkOptions(Topic) { GivenName = "prices" }, new SinkOptions(Topic) { GivenName = "refunds" }] };

        options.SinksOf(["refunds"]).Select(sink => sink.Name).ShouldBe(["refunds"]);
        options.SinksOf([Topic, "console:"]).Select(sink => sink.Name).ShouldBe(["prices", "refunds", "console:"]);
        Should.Throw<UsageException>(() => options.SinksOf(["orders"])).Problems.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_retention_that_CloudWatch_does_not_know_is_told_with_those_it_does()
    {
        SinkProblems.Of(new SinkOptions("logs:audit") { Retention = TimeSpan.FromDays(365) }).ShouldBeEmpty();
        SinkProblems.Of(new SinkOptions("logs:audit") { Retention = TimeSpan.FromDays(31) }).ShouldHaveSingleItem().Hint.ShouldContain("30, 60");
    }
}
