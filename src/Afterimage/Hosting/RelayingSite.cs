using Afterimage.Entries;
using Afterimage.Relay;

namespace Afterimage.Hosting;

/// <summary>What sinks are served with.</summary>
/// <param name="Access">How AWS is reached.</param>
/// <param name="Show">Shows entries on the console.</param>
/// <param name="News">Is told what stands in the way of a sink, and when it no longer does.</param>
/// <param name="Environment">The environment's variables by name.</param>
/// <param name="Time">The clock.</param>
/// <param name="Random">Seeds the jitter of waits.</param>
/// <param name="Secrets">Makes names that no other process has.</param>
/// <param name="LookEvery">How often to look for what other processes keep.</param>
public sealed record RelayingSite(
    SinkAccess Access,
    Action<IReadOnlyList<AuditEntry>> Show,
    IProgress<SinkNews> News,
    Func<string, string?> Environment,
    TimeProvider Time,
    Random Random,
    Func<int, byte[]> Secrets,
    TimeSpan LookEvery)
{
    /// <summary>What sinks are opened with.</summary>
    internal SinkSite Sinks => new(Time, Environment, Show, Access.Of, Access.Http);
}
