using System.Globalization;
using Afterimage.Bench;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

if (args is ["compare"])
{
    Comparison.Run(TimeProvider.System);
    return;
}

if (args is ["end-to-end"])
{
    await EndToEnd.RunAsync(TimeProvider.System, CancellationToken.None);
    return;
}

if (args is ["idle-polls"])
{
    await IdlePolls.RunAsync(TimeProvider.System, CancellationToken.None);
    return;
}

if (args is ["idle-polls", var endpoint])
{
    await IdlePolls.MeasureAsync(new Uri(endpoint), TimeProvider.System, CancellationToken.None);
    return;
}

if (args is ["verify", var kept])
{
    await Verifications.RunAsync(int.Parse(kept, CultureInfo.InvariantCulture), TimeProvider.System, CancellationToken.None);
    return;
}

if (args is ["tables", var changes])
{
    await IntoTables.RunAsync(int.Parse(changes, CultureInfo.InvariantCulture), TimeProvider.System, CancellationToken.None);
    return;
}

if (args is ["sinks", var passed])
{
    await SinkRates.RunAsync(int.Parse(passed, CultureInfo.InvariantCulture), TimeProvider.System, CancellationToken.None);
    return;
}

if (args is ["stamps", var calls])
{
    await StampCosts.RunAsync(int.Parse(calls, CultureInfo.InvariantCulture), TimeProvider.System, CancellationToken.None);
    return;
}

if (args is ["append", var entries])
{
    await Appends.RunAsync(int.Parse(entries, CultureInfo.InvariantCulture), CancellationToken.None);
    return;
}

// In this process: what is measured is the build that was started, and nothing is built again beside it.
var config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .WithArtifactsPath("artifacts/bench");
BenchmarkSwitcher.FromAssembly(typeof(EntryBenchmarks).Assembly).Run(args, config);
