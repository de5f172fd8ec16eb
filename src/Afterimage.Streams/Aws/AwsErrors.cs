using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Afterimage.Streams.Aws;

/// <summary>Makes the right kind of <see cref="AwsException"/> from what a service says.</summary>
internal static class AwsErrors
{
    /// <summary>The code of an answer that is not the JSON expected.</summary>
    public const string Unreadable = "UnreadableResponse";

    /// <summary>The code when credentials that were there before cannot be renewed.</summary>
    public const string CredentialsNotRenewed = "CredentialsNotRenewed";

    private const int QuotedMax = 200;

    // The SDK's list (Amazon.Runtime.RetryPolicy).
    private static readonly FrozenSet<string> Throttles = FrozenSet.Create(
        StringComparer.Ordinal,
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "TooManyRequestsException",
        "ProvisionedThroughputExceededException",
        "TransactionConflictException",
        "TransactionInProgressException",
        "RequestLimitExceeded",
        "BandwidthLimitExceeded",
        // SNS and SQS, where the key of a topic or queue is asked for too often.
        "Throttled",
        "KmsThrottled",
        "KMSThrottling",
        "LimitExceededException",
        "SlowDown",
        "PriorRequestNotComplete");

    private static readonly FrozenSet<string> Refusals = FrozenSet.Create(
        StringComparer.Ordinal,
        "AccessDenied",
        "AccessDeniedException",
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "NotAuthorized",
        "OptInRequired",
        "RequestExpired",
        "RequestInTheFuture",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "UnauthorizedOperation",
        "UnrecognizedClientException");

    /// <summary>Sorts an error by its code.</summary>
    /// <param name="code">The error's name, with or without its namespace.</param>
    /// <param name="message">The error's text.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="requestId">The request's id.</param>
    public static AwsException Create(string code, string message, int statusCode, string? requestId)
    {
        var name = NameOf(code);
        return name switch
        {
            "ResourceNotFoundException" => new ResourceNotFoundException(message, statusCode, requestId),
            "ExpiredIteratorException" => new ExpiredIteratorException(message, statusCode, requestId),
            "TrimmedDataAccessException" => new TrimmedDataException(message, statusCode, requestId),
            "TransactionCanceledException" when IsCollision(message) => new ThrottledException(name, message, statusCode, requestId),
            _ when statusCode == 429 || Throttles.Contains(name) => new ThrottledException(name, message, statusCode, requestId),
            _ when statusCode is 401 or 403 || Refusals.Contains(name) => new AccessDeniedException(name, message, statusCode, requestId),
            _ => new AwsException(name, message, statusCode, requestId),
        };
    }

    /// <summary>Reads the answer to a request that failed; proxies and load balancers answer with HTML or nothing.</summary>
    /// <param name="body">The answer's body.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="errorType">The header x-amzn-ErrorType.</param>
    /// <param name="requestId">The header x-amzn-RequestId.</param>
    public static AwsException Read(ReadOnlySpan<byte> body, int statusCode, string? errorType, string? requestId)
    {
        if (body is [(byte)'<', ..] && QueryErrors.Read(body) is { Code: { } named } error)
        {
            return Create(named, error.Message ?? Quote(body), statusCode, error.RequestId ?? requestId);
        }

        string? code = null;
        string? message = null;
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isCode = reader.ValueTextEquals("__type"u8) || reader.ValueTextEquals("code"u8);
                var isMessage = reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("Message"u8);
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    code = isCode ? code ?? reader.GetString() : code;
                    message = isMessage ? message ?? reader.GetString() : message;
                }

                reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON: what is known is the status, and the text is quoted below.
        }

        return Create(code ?? errorType ?? $"HTTP {statusCode}", message ?? Quote(body), statusCode, requestId);
    }

    /// <summary>An answer with status 200 that is not what was asked for.</summary>
    public static AwsException UnreadableAnswer(Uri endpoint, string target, ReadOnlySpan<byte> body, string? requestId, Exception cause)
    {
        var message = $"{endpoint} answered {target} with something else than the JSON expected ({cause.Message}): {Quote(body)}";
        return new(Unreadable, message, 200, requestId, cause);
    }

    // A transaction that met another one, or too little capacity, and whose conditions held as far as they were looked at (API reference, TransactWriteItems, cancellation reasons).
    private static bool IsCollision(string message) =>
        !message.Contains("ConditionalCheckFailed", StringComparison.Ordinal)
        && (message.Contains("TransactionConflict", StringComparison.Ordinal) || message.Contains("ThrottlingError", StringComparison.Ordinal) || message.Contains("ProvisionedThroughputExceeded", StringComparison.Ordinal));

    // "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "ThrottlingException:http://internal.amazon.com/coral/..."
    private static string NameOf(string code)
    {
        var name = code.AsSpan()[(code.IndexOf('#', StringComparison.Ordinal) + 1)..];
        var colon = name.IndexOf(':');
        return (colon < 0 ? name : name[..colon]).ToString();
    }

    private static string Quote(ReadOnlySpan<byte> body) => body.Length == 0
        ? "(no text)"
        : Encoding.UTF8.GetString(body[..Math.Min(body.Length, QuotedMax)]).ReplaceLineEndings(" ")
            + (body.Length > QuotedMax ? "…" : string.Empty);
}
