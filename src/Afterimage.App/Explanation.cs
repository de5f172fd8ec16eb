using Afterimage.Relay;
using Afterimage.Streams.Aws;

namespace Afterimage.App;

/// <summary>What went wrong, in sentences with what to do about it, and what the program answers to its caller.</summary>
internal sealed record Explanation(IReadOnlyList<Problem> Problems, int ExitCode)
{
    /// <summary>The explanation of a failure that a user can do something about; null for a fault of the program.</summary>
    public static Explanation? Of(Exception e) => e switch
    {
        UsageException usage => new(usage.Problems, App.ExitCode.Usage),
        AwsConfigurationException wrong => new([new Problem(wrong.Message, wrong.Hint)], App.ExitCode.Usage),
        AfterimageException known => Failed(known.Message, known.Hint),
        SinkException sink => Failed(sink.Message, sink.Hint),
        EndpointUnreachableException down => Failed(down.Message, "Check the address given with --endpoint or AWS_ENDPOINT_URL, and the network."),
        AccessDeniedException denied => Failed(
            denied.Message,
            "Check which credentials are in force (aws sts get-caller-identity) and that they allow dynamodb:DescribeTable, ListTables, DescribeStream, GetShardIterator and GetRecords."),
        ResourceNotFoundException missing => Failed(missing.Message, "Check the name, the region and the endpoint; a local DynamoDB that was restarted has forgotten its streams."),
        ThrottledException throttled => Failed(throttled.Message, "Try again later; another reader may be using up the account's limits."),
        AwsException aws => Failed(aws.Message, $"Look this error up in the AWS documentation{(aws.RequestId is { } id ? $"; the request was {id}" : string.Empty)}."),
        _ => null,
    };

    private static Explanation Failed(string what, string hint) => new([new Problem(what, hint)], App.ExitCode.Failed);
}
