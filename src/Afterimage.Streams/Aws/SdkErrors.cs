using System.Net;
using Amazon.Runtime;

namespace Afterimage.Streams.Aws;

/// <summary>Brings what the SDK's own clients throw into the one family that callers know.</summary>
internal static class SdkErrors
{
    /// <summary>Whether an exception tells of a failed call, and is not the caller's own cancellation or a bug.</summary>
    public static bool IsFromSdk(Exception thrown, CancellationToken ct)
    {
        if (thrown is OperationCanceledException && ct.IsCancellationRequested)
        {
            return false;
        }

        return thrown is AmazonServiceException or AmazonClientException
            || IsSilence(thrown)
            || Find<AwsConfigurationException>(thrown) is not null
            || Find<AwsException>(thrown) is not null;
    }

    /// <summary>The exception to throw instead.</summary>
    /// <param name="thrown">What the SDK threw.</param>
    /// <param name="endpoint">Where it called; asked only if no answer came.</param>
    public static Exception Translate(Exception thrown, Func<Uri> endpoint) => thrown switch
    {
        // Our own credentials failed inside the SDK's client.
        _ when Find<AwsConfigurationException>(thrown) is { } ours => new AwsConfigurationException(ours.Message, ours.Hint, thrown),
        _ when Find<AwsException>(thrown) is { } ours => new AwsException(ours.Code, ours.Text, ours.StatusCode, ours.RequestId, thrown),
        _ when IsSilence(thrown) => new EndpointUnreachableException(endpoint(), Deepest(thrown).Message, thrown),
        AmazonUnmarshallingException e => new AwsException(AwsErrors.Unreadable, e.Message, (int)e.StatusCode, e.RequestId, e),
        AmazonServiceException e => AwsErrors.Create(CodeOf(e), e.Message, (int)e.StatusCode, e.RequestId),
        _ => new AwsConfigurationException(thrown.Message, "Check region, profile and endpoint.", thrown),
    };

    private static string CodeOf(AmazonServiceException e) => string.IsNullOrEmpty(e.ErrorCode) ? $"HTTP {(int)e.StatusCode}" : e.ErrorCode;

    // An answer has a status; without one it is the network that failed.
    private static bool IsSilence(Exception thrown) => thrown switch
    {
        HttpRequestException or IOException or TimeoutException or OperationCanceledException or WebException => true,
        AmazonServiceException { StatusCode: default(HttpStatusCode), InnerException: { } inner } => IsSilence(inner),
        _ => false,
    };

    private static T? Find<T>(Exception? thrown)
        where T : Exception => thrown is null or T ? thrown as T : Find<T>(thrown.InnerException);

    private static Exception Deepest(Exception thrown) => thrown.InnerException is { } inner ? Deepest(inner) : thrown;
}
