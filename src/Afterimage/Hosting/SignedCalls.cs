using Afterimage.Relay;
using Afterimage.Streams.Aws;

namespace Afterimage.Hosting;

/// <summary>A service as sinks call it, on the signed client.</summary>
internal sealed class SignedCalls(SignedJsonClient client) : IServiceCalls
{
    // Names of errors that say that there is no such target, besides ResourceNotFoundException: SNS, SQS (in both of its protocols).
    private static readonly string[] Missing = ["NotFound", "NotFoundException", "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "QueueDeletedRecently", "InvalidAddress"];

    /// <inheritdoc/>
    public async Task<T> CallAsync<T>(string operation, ReadOnlyMemory<byte> body, Func<ReadOnlyMemory<byte>, T> read, CancellationToken ct)
    {
        try
        {
            return await client.CallAsync(operation, body, read, ct);
        }
        catch (AwsException e)
        {
            throw new CallException(KindOf(e), e.Code, e.Message, e);
        }
        catch (AwsConfigurationException e)
        {
            throw new CallException(CallFailure.Misconfigured, "Configuration", e.Message, e, e.Hint);
        }
    }

    /// <summary>What kind of failure an error is.</summary>
    internal static CallFailure KindOf(AwsException error) => error switch
    {
        _ when RetryPlan.Classify(error) != AttemptFailure.Final => CallFailure.Unavailable,
        AccessDeniedException => CallFailure.Denied,
        ResourceNotFoundException => CallFailure.Missing,
        _ when Missing.Contains(error.Code, StringComparer.Ordinal) => CallFailure.Missing,
        // KMSDisabled, KmsAccessDenied, InvalidKMSResourceException: the key of the topic, queue or stream.
        _ when error.Code.Contains("KMS", StringComparison.OrdinalIgnoreCase) => CallFailure.Denied,
        // A redirect, or a page without a name that is not about this request's size or form: something else answers there.
        { StatusCode: < 400 } => CallFailure.Misconfigured,
        { Code: "HTTP 404" or "HTTP 405" } => CallFailure.Missing,
        _ => CallFailure.Refused,
    };
}
