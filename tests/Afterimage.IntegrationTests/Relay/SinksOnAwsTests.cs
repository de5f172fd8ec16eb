using System.Text.Json;
using Afterimage.Entries;
using Afterimage.Relay;
using Afterimage.Tests.Relay;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Afterimage.IntegrationTests.Relay;

/// <summary>Sinks and the services that they send to, emulated.</summary>
public sealed class SinksOnAwsTests(AwsForSinks aws) : IClassFixture<AwsForSinks>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_queue_holds_each_entry_with_what_it_is_filtered_by()
    {
        var queue = await aws.QueueAsync(aws.Name("audit"));
        var batch = Outgoing.Some(10);

        await DoneAsync($"sqs:{queue}", batch);

        var messages = await aws.ReceiveAsync(queue);
        messages.Select(Body).ShouldBe(batch.Select(Text), ignoreOrder: true);
        messages[0].GetProperty("MessageAttributes").GetProperty("action").GetProperty("StringValue").GetString().ShouldBe("INSERT");
    }

    [Fact]
    public async Task A_FIFO_queue_keeps_the_order_of_an_item_and_drops_a_repeat()
    {
        var queue = await aws.QueueAsync(aws.Name("audit") + ".fifo");
        var first = Outgoing.Of(Outgoing.Entry(1));
        var second = Outgoing.Of(Outgoing.Entry(2)) with { Item = first.Item };

        await DoneAsync($"sqs:{queue}", [first]);
        await DoneAsync($"sqs:{queue}", [second]);
        await DoneAsync($"sqs:{queue}", [first]);

        (await aws.ReceiveAsync(queue)).Select(Body).ShouldBe([Text(first), Text(second)]);
    }

    [Fact]
    public async Task A_queue_that_is_not_there_is_down()
    {
        await using var sink = aws.Open($"sqs:{new Uri(aws.Endpoint, "123456789012/no-such-queue")}");

        var error = await Should.ThrowAsync<SinkException>(() => sink.SendAsync(Outgoing.Some(1), Ct));

        error.IsDown.ShouldBeTrue();
        error.Hint.ShouldContain("Create the queue");
    }

    [Fact]
    public async Task A_topic_passes_on_what_a_subscription_filters_for()
    {
        var (topic, name) = (await aws.TopicAsync(aws.Name("audit")), aws.Name("subscribed"));
        var queue = await aws.QueueAsync(name);
        await aws.SubscribeAsync(topic, name, """{"actor":["alice & bob"]}""");
        var wanted = Outgoing.Of(Outgoing.Entry(1) with { Actor = new Actor(ActorSource.Stamp, "alice & bob") });

        await DoneAsync($"sns:{topic}", [wanted, Outgoing.Of(Outgoing.Entry(2) with { Actor = new Actor(ActorSource.Stamp, "carol") }), Outgoing.Of(Outgoing.Entry(3))]);

        (await aws.ReceiveAsync(queue)).Select(Body).ShouldBe([Text(wanted)]);
    }

    [Fact]
    public async Task A_FIFO_topic_passes_on_in_order()
    {
        var (topic, name) = (await aws.TopicAsync(aws.Name("audit") + ".fifo"), aws.Name("subscribed") + ".fifo");
        var queue = await aws.QueueAsync(name);
        await aws.SubscribeAsync(topic, name);
        var batch = Enumerable.Range(1, 5).Select(number => Outgoing.Of(Outgoing.Entry(number)) with { Item = "Orders/one" }).ToList();

        foreach (var one in batch)
        {
            await DoneAsync($"sns:{topic}", [one]);
        }

        (await aws.ReceiveAsync(queue)).Select(Body).ShouldBe(batch.Select(Text));
    }

    [Fact]
    public async Task A_topic_that_is_gone_is_down()
    {
        await using var sink = aws.Open("sns:arn:aws:sns:us-east-1:123456789012:no-such-topic");

        (await Should.ThrowAsync<SinkException>(() => sink.SendAsync(Outgoing.Some(1), Ct))).IsDown.ShouldBeTrue();
    }

    [Fact]
    public async Task A_log_group_is_made_and_holds_entries_at_their_times_and_old_ones_at_the_current_one()
    {
        var group = aws.Name("/audit/orders");
        var now = DateTimeOffset.UnixEpoch.AddSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var batch = new[] { At(1, now.AddMinutes(-2)), At(2, now.AddDays(-15)), At(3, now.AddHours(-40)) };

        await using (var sink = aws.Open(new SinkOptions($"logs:{group}") { Retention = TimeSpan.FromDays(30) }))
        {
            (await sink.SendAsync(batch, Ct)).ShouldAllBe(one => one == Delivery.Done);
        }

        var groups = await aws.CallAsync(AwsTarget.Logs, "DescribeLogGroups", new { logGroupNamePrefix = group });
        groups.GetProperty("logGroups")[0].GetProperty("retentionInDays").GetInt32().ShouldBe(30);
        var events = (await aws.CallAsync(AwsTarget.Logs, "GetLogEvents", new { logGroupName = group, logStreamName = "afterimage", startFromHead = true })).GetProperty("events").EnumerateArray().ToList();
        events.Select(one => JsonSerializer.Deserialize<JsonElement>(one.GetProperty("message").GetString()!).GetProperty("id").GetString())
            .ShouldBe([batch[2].Entry.Id.Value, batch[0].Entry.Id.Value, batch[1].Entry.Id.Value]);
        events[0].GetProperty("timestamp").GetInt64().ShouldBe(now.AddHours(-40).ToUnixTimeMilliseconds());
        events[2].GetProperty("timestamp").GetInt64().ShouldBeGreaterThanOrEqualTo(now.ToUnixTimeMilliseconds());
        events[2].GetProperty("message").GetString()!.ShouldContain("\"sentLate\":");
    }

    [Fact]
    public async Task Firehose_brings_entries_to_a_bucket_a_line_each()
    {
        var (stream, bucket) = (aws.Name("audit"), aws.Name("afterimage-firehose"));
        using var s3 = Buckets();
        await s3.PutBucketAsync(bucket, Ct);
        await aws.CallAsync(AwsTarget.Firehose, "CreateDeliveryStream", new
        {
            DeliveryStreamName = stream,
            DeliveryStreamType = "DirectPut",
            ExtendedS3DestinationConfiguration = new { RoleARN = "arn:aws:iam::123456789012:role/firehose", BucketARN = $"arn:aws:s3:::{bucket}" },
        });
        var batch = Outgoing.Some(7);

        await DoneAsync($"firehose:{stream}", batch);

        var key = (await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket }, Ct)).S3Objects.ShouldHaveSingleItem().Key;
        using var held = await s3.GetObjectAsync(bucket, key, Ct);
        using var reader = new StreamReader(held.ResponseStream);
        (await reader.ReadToEndAsync(Ct)).ShouldBe(string.Concat(batch.Select(one => Text(one) + "\n")));
    }

    [Theory]
    [InlineData("sns:arn:aws:sns:us-east-1:123456789012:made.fifo")]
    [InlineData("sns:arn:aws:sns:us-east-1:123456789012:made")]
    [InlineData("sqs:http://127.0.0.1/123456789012/made.fifo")]
    [InlineData("logs:/made")]
    [InlineData("firehose:made")]
    [InlineData("table:made")]
    public async Task What_is_made_for_a_sink_takes_its_entries_and_is_made_once(string address)
    {
        var options = new SinkOptions(address.Replace("http://127.0.0.1", aws.Endpoint.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));
        if (address.StartsWith("firehose:", StringComparison.Ordinal))
        {
            using var s3 = Buckets();
            await s3.PutBucketAsync("made-by-setup", Ct);
            options = options with { Bucket = "made-by-setup", Role = "arn:aws:iam::123456789012:role/firehose" };
        }

        var setup = new SinkSetup(aws.Site);
        (await setup.PrepareAsync(options, Ct)).ShouldNotBeEmpty();
        (await setup.PrepareAsync(options, Ct)).ShouldBeEmpty();

        await DoneAsync(options.To, Outgoing.Some(1));
    }

    private AmazonS3Client Buckets() => new(
        new BasicAWSCredentials("afterimage", "afterimage"), new AmazonS3Config { ServiceURL = aws.Endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true });

    private static OutgoingEntry At(int number, DateTimeOffset time) => Outgoing.Of(Outgoing.Entry(number) with { Time = time });

    private static string Text(OutgoingEntry outgoing) => EntryJson.ToText(outgoing.Entry);

    private static string Body(JsonElement message) => message.GetProperty("Body").GetString()!;

    private async Task DoneAsync(string address, IReadOnlyList<OutgoingEntry> batch)
    {
        await using var sink = aws.Open(address);
        (await sink.SendAsync(batch, Ct)).ShouldBe(batch.Select(_ => Delivery.Done));
    }
}
