using Afterimage.Entries;
using Afterimage.Relay;

namespace Afterimage.Tests.Relay;

/// <summary>What sinks are opened with in tests: what a test does not hand in is not there.</summary>
internal static class Sites
{
    public static SinkSite At(
        TimeProvider? time = null,
        Func<string, string?>? environment = null,
        Action<IReadOnlyList<AuditEntry>>? show = null,
        Func<AwsTarget, string?, Uri?, IServiceCalls>? aws = null,
        HttpMessageInvoker? http = null) => new(
            time ?? TimeProvider.System,
            environment ?? (_ => null),
            show ?? (_ => throw new InvalidOperationException("This test has no console.")),
            aws ?? ((_, _, _) => throw new InvalidOperationException("This test has no AWS.")),
            http!);
}
