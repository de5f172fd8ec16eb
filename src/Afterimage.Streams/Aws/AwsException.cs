namespace Afterimage.Streams.Aws;

/// <summary>An AWS service answered with an error, with something unreadable, or not at all.</summary>
public class AwsException(string code, string message, int statusCode, string? requestId, Exception? innerException = null)
    : Exception($"{code}: {message}", innerException)
{
    /// <summary>
    /// The error's name without its namespace, such as <c>ResourceNotFoundException</c>. <c>UnreadableResponse</c> where the
    /// answer was not the JSON expected, <c>HTTP 503</c> where an error came without a name, <c>CredentialsNotRenewed</c> where
    /// credentials that were there before have run out and the SDK cannot get new ones.
    /// </summary>
    public string Code { get; } = code;

    /// <summary>What the service says, without the code.</summary>
    public string Text { get; } = message;

    /// <summary>The HTTP status; 0 where no answer came.</summary>
    public int StatusCode { get; } = statusCode;

    /// <summary>What AWS support asks for; null where the answer carried none.</summary>
    public string? RequestId { get; } = requestId;
}

/// <summary>The stream, shard or table does not exist (any more).</summary>
public sealed class ResourceNotFoundException(string message, int statusCode, string? requestId)
    : AwsException("ResourceNotFoundException", message, statusCode, requestId);

/// <summary>An iterator older than 15 minutes was used.</summary>
public sealed class ExpiredIteratorException(string message, int statusCode, string? requestId)
    : AwsException("ExpiredIteratorException", message, statusCode, requestId);

/// <summary>The wanted place lies before the horizon: records were trimmed after 24 hours.</summary>
public sealed class TrimmedDataException(string message, int statusCode, string? requestId)
    : AwsException("TrimmedDataAccessException", message, statusCode, requestId);

/// <summary>Too many calls: retries with back-off did not get through.</summary>
public sealed class ThrottledException(string code, string message, int statusCode, string? requestId)
    : AwsException(code, message, statusCode, requestId);

/// <summary>The caller may not do this, or the credentials are wrong or expired.</summary>
public sealed class AccessDeniedException(string code, string message, int statusCode, string? requestId)
    : AwsException(code, message, statusCode, requestId);

/// <summary>No answer came: the endpoint is down, its name does not resolve, or the network is broken. Retries did not mend it.</summary>
public sealed class EndpointUnreachableException(Uri endpoint, string reason, Exception? innerException = null)
    : AwsException("EndpointUnreachable", $"{endpoint} does not answer: {reason}", 0, null, innerException)
{
    /// <summary>The endpoint that was called.</summary>
    public Uri Endpoint { get; } = endpoint;
}
