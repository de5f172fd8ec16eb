using Afterimage.Relay.Sinks;

namespace Afterimage.Relay;

/// <summary>What is wrong with a sink's options, as far as can be said without opening it.</summary>
internal static class SinkProblems
{
    private const int NameMax = 100;

    // API reference, PutRetentionPolicy.
    private static readonly int[] RetentionDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    /// <summary>Everything that is wrong, each with what to do about it.</summary>
    public static IReadOnlyList<Problem> Of(SinkOptions options)
    {
        var (address, problem) = SinkAddress.Read(options.To);
        return [.. problem is null ? [] : (Problem[])[problem], .. ProblemsOfSending(options, address), .. ProblemsOfMaking(options, address)];
    }

    /// <summary>Everything that is wrong with having these side by side.</summary>
    public static IReadOnlyList<Problem> OfSeveral(IReadOnlyList<SinkOptions> sinks) =>
    [
        .. from sink in sinks.CountBy(sink => sink.Name)
           where sink.Value > 1
           select new Problem($"The sink '{sink.Key}' stands there {sink.Value} times.", "What was served is remembered by its name: take all but one out, or give each a \"name\" of its own."),
        .. from file in sinks.DistinctBy(sink => sink.Name).Select(sink => SinkAddress.Read(sink.To).Address).OfType<SinkAddress.InFile>().CountBy(file => Path.GetFullPath(file.Path))
           where file.Value > 1
           select new Problem($"{file.Value} sinks write to {file.Key}.", "Give each a file of its own."),
    ];

    private static IEnumerable<Problem> ProblemsOfSending(SinkOptions options, SinkAddress? address)
    {
        if (options.GivenName is { } name && (name.Length is 0 or > NameMax || name.Any(char.IsControl)))
        {
            yield return Wrong(options, "name", $"'{name}'", $"Give from 1 to {NameMax} characters on one line.");
        }

        if (options.BatchSize is { } size && LimitsOf(address) is { } limits && (size < 1 || size > limits.EntriesMax))
        {
            yield return Wrong(options, "batchSize", $"{size}", $"Give from 1 to {limits.EntriesMax}, the most that it takes in one call.");
        }

        if (options.RetryAttempts < 0)
        {
            yield return Wrong(options, "retryAttempts", $"{options.RetryAttempts}", "Give 0 to set aside at once what the target refuses, or how often it is sent again.");
        }

        // The longest that Lambda takes too (API reference, MaximumBatchingWindowInSeconds).
        if (options.MaxBatchingWindow < TimeSpan.Zero || options.MaxBatchingWindow > TimeSpan.FromMinutes(5))
        {
            yield return Wrong(options, "maxBatchingWindow", $"{options.MaxBatchingWindow}", "Give from 0s to 300s.");
        }

        if (options.Region is { } region && address is not null)
        {
            if (region.Length is 0 or > 63 || !region.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            {
                yield return Wrong(options, "region", $"'{region}'", "Regions look like eu-west-1.");
            }
            else if (RegionOf(address) is { } named && named != region)
            {
                yield return Wrong(options, "region", $"'{region}', and its address says {named}", "Leave the region out: the address has it.");
            }
        }
    }

    // What only the targets have that are made here.
    private static IEnumerable<Problem> ProblemsOfMaking(SinkOptions options, SinkAddress? address)
    {
        if (options.Retention is { } retention)
        {
            if (address is not (null or SinkAddress.InLogs))
            {
                yield return Wrong(options, "retention", $"{retention.TotalDays}d", "Only groups of CloudWatch Logs have one: leave it out.");
            }
            else if (!RetentionDays.Any(days => retention == TimeSpan.FromDays(days)))
            {
                yield return Wrong(options, "retention", $"{retention.TotalDays}d", $"CloudWatch Logs knows {string.Join(", ", RetentionDays)} days; leave it out to keep entries for good.");
            }
        }

        foreach (var subscription in options.Subscriptions.Where(one => address is not (null or SinkAddress.OnTopic) || one.Split(':', 2) is not [{ Length: > 0 }, { Length: > 0 }]))
        {
            yield return Wrong(options, "subscriptions", $"'{subscription}'", "Only topics have them, as PROTOCOL:ENDPOINT, such as email:ops@example.com or sqs:arn:aws:sqs:eu-west-1:123456789012:alerts.");
        }

        if ((options.Bucket ?? options.Role) is { } given && address is not (null or SinkAddress.InFirehose))
        {
            yield return Wrong(options, options.Bucket is null ? "role" : "bucket", $"'{given}'", "Only delivery streams of Firehose have one: leave it out.");
        }
        else if (options.Role is { } role && role.Split(':', 6) is not ["arn", { Length: > 0 }, "iam", "", { Length: 12 }, ['r', 'o', 'l', 'e', '/', _, ..]])
        {
            yield return Wrong(options, "role", $"'{role}'", "Roles look like arn:aws:iam::123456789012:role/firehose.");
        }
    }

    private static Problem Wrong(SinkOptions options, string name, string value, string hint) => new($"{name} of the sink '{options.To}' is {value}.", hint);

    private static string? RegionOf(SinkAddress address) => address switch
    {
        SinkAddress.InLogs logs => logs.Region,
        SinkAddress.InFirehose firehose => firehose.Region,
        SinkAddress.OnTopic topic => topic.Region,
        SinkAddress.OnQueue queue => queue.Region,
        SinkAddress.InTable table => table.Region,
        _ => null,
    };

    private static SinkLimits? LimitsOf(SinkAddress? address) => address switch
    {
        SinkAddress.OnConsole => ConsoleSink.Takes,
        SinkAddress.InFile => FileSink.Takes,
        SinkAddress.InLogs => LogsSink.Takes,
        SinkAddress.InFirehose => FirehoseSink.Takes,
        SinkAddress.OnTopic or SinkAddress.OnQueue => MessageAttributes.Takes,
        SinkAddress.InTable => TableSink.Takes,
        SinkAddress.AtUrl => WebhookSink.Takes,
        _ => null,
    };
}
