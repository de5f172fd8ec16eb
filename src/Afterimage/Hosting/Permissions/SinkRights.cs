using Afterimage.Relay;
using Afterimage.Relay.Sinks;

namespace Afterimage.Hosting.Permissions;

/// <summary>What sending to each sink takes (docs/sinks.md).</summary>
internal static class SinkRights
{
    /// <summary>The statements of all sinks: one for each kind of right.</summary>
    public static IEnumerable<IamStatement> Of(IEnumerable<SinkOptions> sinks, AwsPlace place) => sinks
        .SelectMany(sink => Of(sink, SinkAddress.Read(sink.To).Address, place))
        .GroupBy(statement => statement.Sid)
        .Select(kind => new IamStatement(kind.Key, kind.First().Actions, [.. kind.SelectMany(statement => statement.Resources)]));

    private static IEnumerable<IamStatement> Of(SinkOptions sink, SinkAddress? address, AwsPlace place) => address switch
    {
        SinkAddress.OnTopic topic => [new("PublishToTopics", ["sns:Publish"], [topic.Arn])],
        SinkAddress.OnQueue queue => [new("SendToQueues", ["sqs:SendMessage"], [ArnOf(queue, sink, place)])],
        SinkAddress.InFirehose stream => [new("PutToFirehose", ["firehose:PutRecordBatch"], [place.Arn("firehose", $"deliverystream/{stream.Stream}", stream.Region ?? sink.Region)])],
        SinkAddress.InTable table => [new("PutToTables", ["dynamodb:DescribeTable", "dynamodb:PutItem"], [place.Arn("dynamodb", $"table/{table.Name}", table.Region ?? sink.Region)])],
        SinkAddress.InLogs logs => OnGroup(place.Arn("logs", $"log-group:{logs.Group}", logs.Region ?? sink.Region), keeps: sink.Retention is not null),
        _ => [],
    };

    // Group and stream are made by the first that sends. Rights on a group are written with a colon and a star behind it (CloudWatch Logs user guide, resources).
    private static IEnumerable<IamStatement> OnGroup(string group, bool keeps)
    {
        yield return new("PutToLogs", ["logs:PutLogEvents"], [$"{group}:log-stream:{LogsSink.Stream}"]);
        yield return new("MakeLogs", ["logs:CreateLogGroup", "logs:CreateLogStream"], [$"{group}:*"]);
        if (keeps)
        {
            yield return new("KeepLogs", ["logs:PutRetentionPolicy"], [$"{group}:*"]);
        }
    }

    // The URL of a queue ends with its account and its name.
    private static string ArnOf(SinkAddress.OnQueue queue, SinkOptions sink, AwsPlace place)
    {
        var parts = queue.Url.AbsolutePath.Split('/');
        var owner = parts.Length > 1 && parts[^2].Length == 12 && parts[^2].All(char.IsAsciiDigit) ? parts[^2] : place.Account;
        return (place with { Account = owner }).Arn("sqs", parts[^1], queue.Region ?? sink.Region);
    }
}
