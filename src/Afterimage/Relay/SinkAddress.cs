namespace Afterimage.Relay;

/// <summary>Where a sink sends to, read from its address.</summary>
internal abstract record SinkAddress
{
    /// <summary>How addresses of sinks are written.</summary>
    public const string Forms =
        "Write console:, file:PATH, logs:GROUP, firehose:STREAM, sns:ARN, sqs:URL, table:NAME or webhook:URL, such as file:entries.jsonl.";

    /// <summary>Reads an address.</summary>
    /// <returns>The place; or, where the text is none, what is wrong with it.</returns>
    public static (SinkAddress? Address, Problem? Problem) Read(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (scheme, rest) = colon < 0 ? (string.Empty, text) : (text[..colon].ToLowerInvariant(), text[(colon + 1)..]);
        (SinkAddress? Address, string Hint) read = scheme switch
        {
            "console" => (rest.Length == 0 ? new OnConsole() : null, "Write console: alone; --json makes it JSON Lines."),
            "file" => (FileAt(rest), "Write file:PATH, such as file:entries.jsonl."),
            "logs" => (Logs(rest), "Write logs:GROUP, such as logs:/audit/orders, or the group's ARN behind logs:."),
            "firehose" => (Firehose(rest), "Write firehose:STREAM, such as firehose:audit, or the stream's ARN behind firehose:."),
            "sns" => (Topic(rest), "Write the topic's ARN, such as sns:arn:aws:sns:eu-west-1:123456789012:audit.fifo."),
            "sqs" => (Queue(rest), QueueHint(rest)),
            "table" => (Table(rest), "Write table:NAME, such as table:AuditTrailTable, or the table's ARN behind table:."),
            "webhook" => (Webhook(rest), "Write the whole URL without a user's name, such as webhook:https://example.com/audit."),
            _ => (null, Forms),
        };
        return read.Address is null ? (null, new Problem($"'{text}' is not the address of a sink.", read.Hint)) : (read.Address, null);
    }

    private static InFile? FileAt(string path) => path.Length > 0 && !Path.EndsInDirectorySeparator(path)
        && (!path.StartsWith("//", StringComparison.Ordinal) || path.StartsWith("///", StringComparison.Ordinal)) ? new(path) : null;

    // API reference, CreateLogGroup.
    private static InLogs? Logs(string text) => Named(text, "logs", "log-group:", 512, "._-/#") is { } found ? new(found.Name, found.Region) : null;

    // API reference, CreateDeliveryStream.
    private static InFirehose? Firehose(string text) => Named(text, "firehose", "deliverystream/", 64, "._-") is { } found ? new(found.Name, found.Region) : null;

    // API reference, CreateTable.
    private static InTable? Table(string text) => Named(text, "dynamodb", "table/", 255, "._-") is { Name.Length: >= 3 } found ? new(found.Name, found.Region) : null;

    // API reference, CreateTopic.
    private static OnTopic? Topic(string text) => PartsOf(text, "sns") is { } arn && IsFifoOr(arn.Resource, 256, out var isFifo) ? new(text, arn.Region, isFifo) : null;

    private static OnQueue? Queue(string text)
    {
        if (!IsUrl(text, out var url) || url.Query.Length > 0)
        {
            return null;
        }

        // API reference, CreateQueue.
        var name = url.AbsolutePath.Split('/')[^1];
        return IsFifoOr(name, 80, out var isFifo) ? new(url, RegionIn(url.Host), isFifo) : null;
    }

    private static string QueueHint(string text) => PartsOf(text, "sqs") is { } arn
        ? $"Write the queue's URL, sqs:https://sqs.{arn.Region}.amazonaws.com/{arn.Account}/{arn.Resource}."
        : "Write the queue's URL, such as sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/audit.fifo.";

    private static AtUrl? Webhook(string text) => IsUrl(text, out var url) ? new(url) : null;

    private static bool IsUrl(string text, out Uri url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url!) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.Fragment.Length == 0;

    // sqs.eu-west-1.amazonaws.com, eu-west-1.queue.amazonaws.com, sqs.eu-west-1.api.aws, vpce-1.sqs.eu-west-1.vpce.amazonaws.com (developer guide, queue URLs and VPC endpoints).
    private static string? RegionIn(string host) => host.Split('.') switch
    {
        ["queue", "amazonaws", "com"] => "us-east-1",
        [var region, "queue", "amazonaws", ..] => region,
        ["sqs" or "sqs-fips", var region, "amazonaws" or "api", ..] => region,
        [.., "sqs", var region, "vpce", "amazonaws", "com"] => region,
        _ => null,
    };

    private static bool IsFifoOr(string name, int lengthMax, out bool isFifo)
    {
        isFifo = name.EndsWith(".fifo", StringComparison.Ordinal);
        return name.Length <= lengthMax && Consists(isFifo ? name[..^".fifo".Length] : name, "_-");
    }

    private static (string Name, string? Region)? Named(string text, string service, string before, int lengthMax, string signs)
    {
        var arn = PartsOf(text, service);
        var name = arn is null ? text : arn.Value.Resource.StartsWith(before, StringComparison.Ordinal) ? arn.Value.Resource[before.Length..] : string.Empty;
        // The ARNs of log groups end with `:*` where permissions are written.
        name = name.EndsWith(":*", StringComparison.Ordinal) ? name[..^2] : name;
        return name.Length <= lengthMax && Consists(name, signs) ? (name, arn?.Region) : null;
    }

    private static bool Consists(string name, string signs) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || signs.Contains(c, StringComparison.Ordinal));

    private static (string Region, string Account, string Resource)? PartsOf(string text, string service) => text.Split(':', 6) switch
    {
        ["arn", { Length: > 0 }, var named, { Length: > 0 } region, { Length: 12 } account, { Length: > 0 } resource]
            when named == service && region.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') => (region, account, resource),
        _ => null,
    };

    /// <summary>The program's output.</summary>
    internal sealed record OnConsole : SinkAddress;

    /// <summary>A file of this machine.</summary>
    internal sealed record InFile(string Path) : SinkAddress;

    /// <summary>A group of CloudWatch Logs.</summary>
    internal sealed record InLogs(string Group, string? Region) : SinkAddress;

    /// <summary>A stream of Amazon Data Firehose.</summary>
    internal sealed record InFirehose(string Stream, string? Region) : SinkAddress;

    /// <summary>A topic.</summary>
    internal sealed record OnTopic(string Arn, string Region, bool IsFifo) : SinkAddress;

    /// <summary>A queue.</summary>
    /// <param name="Url">Its URL.</param>
    /// <param name="Region">The region that the URL names; null where it is not one of AWS.</param>
    /// <param name="IsFifo">Whether it keeps order.</param>
    internal sealed record OnQueue(Uri Url, string? Region, bool IsFifo) : SinkAddress
    {
        /// <summary>Where it is asked for, if that is not the endpoint of SQS in its region: a server of one's own, or an endpoint within a network.</summary>
        public Uri? Elsewhere => Region is null || Url.Host.Contains(".vpce.", StringComparison.Ordinal) ? new Uri(Url.GetLeftPart(UriPartial.Authority)) : null;
    }

    /// <summary>A table.</summary>
    internal sealed record InTable(string Name, string? Region) : SinkAddress;

    /// <summary>A receiver of alerts.</summary>
    internal sealed record AtUrl(Uri Url) : SinkAddress;
}
