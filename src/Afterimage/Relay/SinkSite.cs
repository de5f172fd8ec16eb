using Afterimage.Entries;

namespace Afterimage.Relay;

/// <summary>What sinks are opened with.</summary>
/// <param name="Time">The clock of deadlines and of late log events.</param>
/// <param name="Environment">The environment's variables by name.</param>
/// <param name="Show">Shows entries on the console: a line each for people, or JSON Lines.</param>
/// <param name="Aws">Where AWS is reached: by service, region (null is the one in force), and an address other than AWS's own (null where there is none).</param>
/// <param name="Http">The connections of webhooks; they follow no redirects.</param>
internal sealed record SinkSite(
    TimeProvider Time,
    Func<string, string?> Environment,
    Action<IReadOnlyList<AuditEntry>> Show,
    Func<AwsTarget, string?, Uri?, IServiceCalls> Aws,
    HttpMessageInvoker Http);
