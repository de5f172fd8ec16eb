using System.Text.Json;
using Afterimage.Relay.Sinks;

namespace Afterimage.Relay;

/// <summary>Makes what sinks send to, where it is not there: for people who begin. What is there is left as it is.</summary>
/// <param name="site">What sinks are opened with.</param>
internal sealed class SinkSetup(SinkSite site)
{
    private const string NotThere = "ResourceNotFoundException";

    /// <summary>Makes the target of a sink, if it is one that can be made and is not there.</summary>
    /// <returns>What was made, a sentence each; empty where nothing was to do.</returns>
    /// <exception cref="UsageException">The options are wrong, or do not say enough to make it.</exception>
    /// <exception cref="SinkException">A call failed.</exception>
    public async Task<IReadOnlyList<string>> PrepareAsync(SinkOptions options, CancellationToken ct)
    {
        var problems = SinkProblems.Of(options);
        return problems.Count > 0 ? throw new UsageException(problems) : SinkAddress.Read(options.To).Address switch
        {
            SinkAddress.OnTopic topic => await TopicAsync(topic, Calls(options, AwsTarget.Sns, topic.Region, "topic", "sns:CreateTopic, sns:GetTopicAttributes and sns:Subscribe"), options.Subscriptions, ct),
            SinkAddress.OnQueue queue => await QueueAsync(queue, new SinkCalls(
                site.Aws(AwsTarget.Sqs, queue.Region ?? options.Region, queue.Elsewhere), options.To, "queue", "sqs:CreateQueue and sqs:GetQueueUrl"), ct),
            SinkAddress.InFirehose stream => await StreamAsync(stream, Calls(options, AwsTarget.Firehose, stream.Region, "delivery stream", "firehose:CreateDeliveryStream, firehose:DescribeDeliveryStream and iam:PassRole"), options, ct),
            SinkAddress.InTable table => await TableAsync(table, Calls(options, AwsTarget.DynamoDb, table.Region, "table", "dynamodb:CreateTable and dynamodb:DescribeTable"), ct),
            SinkAddress.InLogs logs => await LogsAsync(logs, options, ct),
            _ => [],
        };
    }

    private SinkCalls Calls(SinkOptions options, AwsTarget target, string? region, string what, string rights) =>
        new(site.Aws(target, region ?? options.Region, null), options.To, what, rights);

    private static async Task<IReadOnlyList<string>> TopicAsync(SinkAddress.OnTopic topic, SinkCalls calls, IReadOnlyList<string> subscriptions, CancellationToken ct)
    {
        var made = new List<string>();
        if (await calls.TryCallAsync("GetTopicAttributes", QueryProtocol.Form("GetTopicAttributes", ("TopicArn", topic.Arn)), ["NotFound"], ct) is not null)
        {
            var name = topic.Arn.Split(':')[^1];
            (string, string)[] fifo = topic.IsFifo ? [("Attributes.entry.1.key", "FifoTopic"), ("Attributes.entry.1.value", "true")] : [];
            var arn = await calls.CallAsync(
                "CreateTopic", QueryProtocol.Form("CreateTopic", [("Name", name), .. fifo]), answer => QueryProtocol.Text(QueryProtocol.Result(answer, "CreateTopic"), "TopicArn"), ct);
            made.Add(arn == topic.Arn ? $"Made the topic {arn}." : throw new SinkException(
                isDown: true, $"sns:{topic.Arn}: the credentials in force make topics elsewhere: {arn} was made.", "Correct the sink's address, or the credentials; remove what was made."));
        }

        foreach (var subscription in subscriptions)
        {
            var parts = subscription.Split(':', 2);
            var (protocol, endpoint) = (parts[0], parts[1]);

            // The same subscription a second time is the first one (API reference, Subscribe).
            _ = await calls.TryCallAsync("Subscribe", QueryProtocol.Form("Subscribe", ("TopicArn", topic.Arn), ("Protocol", protocol), ("Endpoint", endpoint)), [], ct);
            made.Add($"Subscribed {subscription} to {topic.Arn}{(protocol is "sqs" or "lambda" or "firehose" ? string.Empty : "; it has to be confirmed there")}.");
        }

        return made;
    }

    private static async Task<IReadOnlyList<string>> QueueAsync(SinkAddress.OnQueue queue, SinkCalls calls, CancellationToken ct)
    {
        var name = queue.Url.AbsolutePath.Split('/')[^1];
        if (await calls.TryCallAsync("GetQueueUrl", SinkCalls.Json(writer => writer.WriteString("QueueName"u8, name)), ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"], ct) is null)
        {
            return [];
        }

        var url = await calls.CallAsync("CreateQueue", SinkCalls.Json(writer =>
        {
            writer.WriteString("QueueName"u8, name);
            if (queue.IsFifo)
            {
                writer.WriteStartObject("Attributes"u8);
                writer.WriteString("FifoQueue"u8, "true"u8);
                writer.WriteEndObject();
            }
        }), answer => SinkCalls.Read(answer).GetProperty("QueueUrl").GetString()!, ct);
        return new Uri(url).AbsolutePath == queue.Url.AbsolutePath ? [$"Made the queue {url}."] : throw new SinkException(
            isDown: true, $"sqs:{queue.Url}: the credentials in force make queues elsewhere: {url} was made.", "Correct the sink's address, or the credentials; remove what was made.");
    }

    private static async Task<IReadOnlyList<string>> StreamAsync(SinkAddress.InFirehose stream, SinkCalls calls, SinkOptions options, CancellationToken ct)
    {
        var described = SinkCalls.Json(writer => writer.WriteString("DeliveryStreamName"u8, stream.Stream));
        if (await calls.FindAsync("DescribeDeliveryStream", described, NotThere, ct) is not null)
        {
            return [];
        }

        if (options is not { Bucket: { } bucket, Role: { } role })
        {
            throw new UsageException(
                $"The delivery stream of the sink '{options.To}' is not there, and cannot be made without a bucket and a role.",
                "Give the sink the name of a bucket and the ARN of a role with which Firehose may write to it, or make the stream yourself.");
        }

        _ = await calls.TryCallAsync("CreateDeliveryStream", SinkCalls.Json(writer =>
        {
            writer.WriteString("DeliveryStreamName"u8, stream.Stream);
            writer.WriteString("DeliveryStreamType"u8, "DirectPut"u8);
            writer.WriteStartObject("ExtendedS3DestinationConfiguration"u8);
            writer.WriteString("RoleARN"u8, role);
            writer.WriteString("BucketARN"u8, $"arn:{role.Split(':')[1]}:s3:::{bucket}");
            writer.WriteString("CompressionFormat"u8, "GZIP"u8);
            writer.WriteEndObject();
        }), [], ct);
        return [$"Made the delivery stream {stream.Stream} to the bucket {bucket}. It takes a minute to be there."];
    }

    private static async Task<IReadOnlyList<string>> TableAsync(SinkAddress.InTable table, SinkCalls calls, CancellationToken ct)
    {
        if (await calls.FindAsync("DescribeTable", SinkCalls.Json(writer => writer.WriteString("TableName"u8, table.Name)), NotThere, ct) is not null)
        {
            return [];
        }

        _ = await calls.TryCallAsync("CreateTable", SinkCalls.Json(writer =>
        {
            writer.WriteString("TableName"u8, table.Name);
            writer.WriteString("BillingMode"u8, "PAY_PER_REQUEST"u8);
            Key(writer, "AttributeDefinitions", "AttributeType", "S");
            Key(writer, "KeySchema", "KeyType", "HASH");
        }), ["ResourceInUseException"], ct);
        return [$"Made the table {table.Name}, with the partition key EventId and on-demand capacity. It takes a moment to be there."];

        static void Key(Utf8JsonWriter writer, string list, string name, string value)
        {
            writer.WriteStartArray(list);
            writer.WriteStartObject();
            writer.WriteString("AttributeName"u8, "EventId"u8);
            writer.WriteString(name, value);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }
    }

    private async Task<IReadOnlyList<string>> LogsAsync(SinkAddress.InLogs logs, SinkOptions options, CancellationToken ct)
    {
        await using var sink = new LogsSink(options.To, logs, options.Retention, site.Aws(AwsTarget.Logs, logs.Region ?? options.Region, null), site.Time);
        return await sink.MakeAsync(ct);
    }
}
