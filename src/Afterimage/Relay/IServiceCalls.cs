namespace Afterimage.Relay;

/// <summary>Calls one AWS service in one region: a request as UTF-8 out, an answer as UTF-8 in, signed, with retries.</summary>
/// <remarks>Relay does not know how AWS is reached: it is handed in by <see cref="SinkSite"/>. Any number of callers may use it at once.</remarks>
internal interface IServiceCalls
{
    /// <summary>Calls an operation.</summary>
    /// <param name="operation">Its name.</param>
    /// <param name="body">The request as the service's protocol has it.</param>
    /// <param name="read">Reads the answer; a FormatException, JsonException, InvalidOperationException or KeyNotFoundException says that it is not what was expected.</param>
    /// <param name="ct">Abandons the call.</param>
    /// <exception cref="CallException">The service refuses, or retries did not help.</exception>
    Task<T> CallAsync<T>(string operation, ReadOnlyMemory<byte> body, Func<ReadOnlyMemory<byte>, T> read, CancellationToken ct);
}

/// <summary>An AWS service that a sink calls.</summary>
internal enum AwsTarget
{
    /// <summary>DynamoDB.</summary>
    DynamoDb,

    /// <summary>Amazon Data Firehose.</summary>
    Firehose,

    /// <summary>CloudWatch Logs.</summary>
    Logs,

    /// <summary>Simple Notification Service, whose requests are forms and whose answers are XML.</summary>
    Sns,

    /// <summary>Simple Queue Service.</summary>
    Sqs,
}

/// <summary>What kind of failure a call ended with.</summary>
public enum CallFailure
{
    /// <summary>The service refuses what this request holds.</summary>
    Refused,

    /// <summary>The target of the call does not exist.</summary>
    Missing,

    /// <summary>The caller may not, or the credentials or the target's encryption key are not in order.</summary>
    Denied,

    /// <summary>Unreachable, throttled or failing: later may help.</summary>
    Unavailable,

    /// <summary>The call could not be made at all: credentials, region or endpoint are missing or wrong.</summary>
    Misconfigured,
}

/// <summary>A call failed.</summary>
/// <param name="failure">How.</param>
/// <param name="code">The error's name as the service gives it.</param>
/// <param name="message">The error's name and text.</param>
/// <param name="cause">What was caught.</param>
/// <param name="hint">What to do, where whoever called knows it; null leaves it to the sink.</param>
public sealed class CallException(CallFailure failure, string code, string message, Exception? cause = null, string? hint = null) : Exception(message, cause)
{
    /// <summary>How it failed.</summary>
    public CallFailure Failure { get; } = failure;

    /// <summary>The error's name as the service gives it.</summary>
    public string Code { get; } = code;

    /// <summary>What to do; null where only the sink knows.</summary>
    public string? Hint { get; } = hint;
}
