namespace Afterimage.Streams.Aws;

/// <summary>What kind of failure an attempt met.</summary>
internal enum AttemptFailure
{
    /// <summary>Trying again gives the same answer.</summary>
    Final,

    /// <summary>The service or the network failed; it may be over soon.</summary>
    Transient,

    /// <summary>Too many calls: more of them at once make it worse.</summary>
    Throttled,
}

/// <summary>Whether and when a failed call is tried again: full jitter under an exponential bound.</summary>
internal static class RetryPlan
{
    /// <summary>How often a call is attempted in all.</summary>
    public const int AttemptsMax = 5;

    /// <summary>The longest wait between two attempts.</summary>
    public static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan TransientBase = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ThrottledBase = TimeSpan.FromMilliseconds(500);

    /// <summary>The wait before the next attempt; null ends the call.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="failure">How it failed.</param>
    /// <param name="jitter">At least 0 and below 1.</param>
    public static TimeSpan? DelayAfter(int attempt, AttemptFailure failure, double jitter)
    {
        if (failure == AttemptFailure.Final || attempt >= AttemptsMax)
        {
            return null;
        }

        var bound = (failure == AttemptFailure.Throttled ? ThrottledBase : TransientBase) * Math.Pow(2, attempt - 1);
        return (bound < DelayMax ? bound : DelayMax) * jitter;
    }

    /// <summary>Sorts an error.</summary>
    public static AttemptFailure Classify(AwsException error) => error switch
    {
        ThrottledException => AttemptFailure.Throttled,
        EndpointUnreachableException => AttemptFailure.Transient,
        { StatusCode: >= 500 } => AttemptFailure.Transient,
        { Code: AwsErrors.Unreadable or AwsErrors.CredentialsNotRenewed } => AttemptFailure.Transient,
        { Code: "RequestTimeout" or "RequestTimeoutException" or "InternalServerError" or "InternalFailure" } => AttemptFailure.Transient,
        _ => AttemptFailure.Final,
    };
}
