using Afterimage.Relay.Sinks;

namespace Afterimage.Relay;

/// <summary>Opens sinks by their addresses.</summary>
internal static class SinkOpener
{
    /// <summary>Opens a sink without any call: whether its target is there shows with the first batch.</summary>
    /// <exception cref="UsageException">The options are wrong: all that is.</exception>
    public static ISink Open(SinkOptions options, SinkSite site)
    {
        var problems = SinkProblems.Of(options);
        return problems.Count > 0 ? throw new UsageException(problems) : SinkAddress.Read(options.To).Address! switch
        {
            SinkAddress.OnConsole => new ConsoleSink(options.To, site),
            SinkAddress.InFile file => new FileSink(options.To, file.Path),
            SinkAddress.InLogs logs => new LogsSink(options.To, logs, options.Retention, Aws(AwsTarget.Logs, logs.Region), site.Time),
            SinkAddress.InFirehose firehose => new FirehoseSink(options.To, firehose, Aws(AwsTarget.Firehose, firehose.Region)),
            SinkAddress.OnTopic topic => new SnsSink(options.To, topic, Aws(AwsTarget.Sns, topic.Region)),
            SinkAddress.OnQueue queue => new SqsSink(options.To, queue, site.Aws(AwsTarget.Sqs, queue.Region ?? options.Region, queue.Elsewhere)),
            SinkAddress.InTable table => new TableSink(options.To, table, Aws(AwsTarget.DynamoDb, table.Region)),
            SinkAddress.AtUrl webhook => new WebhookSink(options.To, webhook.Url, WebhookSink.SecretIn(site.Environment), site),
            var other => throw new InvalidOperationException($"There is no sink for {other}."),
        };

        IServiceCalls Aws(AwsTarget target, string? region) => site.Aws(target, region ?? options.Region, null);
    }
}
