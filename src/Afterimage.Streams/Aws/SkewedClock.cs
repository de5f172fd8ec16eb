namespace Afterimage.Streams.Aws;

/// <summary>This machine's clock, corrected by what a service has shown of its own: requests signed more than minutes off are refused.</summary>
internal sealed class SkewedClock(TimeProvider time)
{
    // SigV4 allows five minutes; a minute less leaves room for the way there.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(4);

    private long offsetTicks;

    /// <summary>The service's time, as far as is known.</summary>
    public DateTimeOffset Now => time.GetUtcNow() + new TimeSpan(Interlocked.Read(ref offsetTicks));

    /// <summary>Takes the service's time over when an error may come from a wrong clock.</summary>
    /// <param name="code">The error's name.</param>
    /// <param name="signedAt">The time the refused request carried.</param>
    /// <param name="serverTime">The answer's Date header.</param>
    /// <returns>Whether the clock was corrected, so that the same request is worth another try.</returns>
    public bool TryCorrect(string code, DateTimeOffset signedAt, DateTimeOffset? serverTime)
    {
        if (serverTime is not { } server)
        {
            return false;
        }

        var wrong = code switch
        {
            "RequestTimeTooSkewed" or "RequestExpired" or "RequestInTheFuture" => true,
            // These have other causes too, mostly a wrong key: only the clocks can tell.
            "InvalidSignatureException" or "SignatureDoesNotMatch" or "AuthFailure" => (server - signedAt).Duration() > Tolerance,
            _ => false,
        };
        if (wrong)
        {
            Interlocked.Exchange(ref offsetTicks, (server - time.GetUtcNow()).Ticks);
        }

        return wrong;
    }
}
