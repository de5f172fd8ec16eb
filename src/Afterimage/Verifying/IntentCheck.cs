using Afterimage.Entries;
using Afterimage.Streams.Records;

namespace Afterimage.Verifying;

/// <summary>Holds what is kept of intents to the stamps that are proven.</summary>
internal static class IntentCheck
{
    /// <summary>What cannot be; null if nothing is wrong.</summary>
    /// <remarks>The intent itself is gone. A stamp that was made for none cannot have had one, and where there is no stream nothing else is kept.</remarks>
    public static string? Problem(StreamArn stream, StampStanding standing, StampUse? use) => standing == StampStanding.InTransaction
        ? use is { Borne.InTransaction: true } ? null : "it is kept as committed with an intent, and its stamp is not of a transaction"
        : TransactionStream.Is(stream) ? "its table had no stream, and it is kept as if it were not of a transaction" : null;
}
