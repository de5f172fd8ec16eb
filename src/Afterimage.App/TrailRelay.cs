using System.Diagnostics.Metrics;
using Afterimage.Capture;
using Afterimage.Hosting;
using Afterimage.Relay;
using Afterimage.Trail;

namespace Afterimage.App;

/// <summary>Passes entries on beside the worker that keeps them.</summary>
internal sealed class TrailRelay : IAsyncDisposable, IProgress<KeptBatch>
{
    // Looking at a table costs read units; what this process keeps itself is seen at once.
    private static readonly TimeSpan LookAtFileEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookAtTableEvery = TimeSpan.FromSeconds(5);

    private readonly SinkAccess access;
    private readonly IProgress<KeptBatch> next;
    private Relaying? relaying;

    // It owns the ways to AWS from the first moment, so that whatever goes wrong while sinks are opened lets them go.
    private TrailRelay(Invocation call, IProgress<KeptBatch> next)
    {
        access = AccessOf(call);
        this.next = next;
    }

    /// <summary>Begins.</summary>
    /// <param name="call">What is configured.</param>
    /// <param name="trail">The trail.</param>
    /// <param name="next">Is told what was kept.</param>
    public static async Task<TrailRelay> StartAsync(Invocation call, ITrail trail, IProgress<KeptBatch> next)
    {
        var relay = new TrailRelay(call, next);
        try
        {
            relay.relaying = await Relaying.StartAsync(trail, call.Options.Sinks, SiteOf(call, relay.access), call.Surroundings.Signals.Abandon);
            foreach (var sink in call.Options.Sinks)
            {
                call.Printer.Message($"Passing entries on to {sink.Name}.");
            }

            return relay;
        }
        catch
        {
            await relay.DisposeAsync();
            throw;
        }
    }

    /// <summary>How sinks reach AWS.</summary>
    public static SinkAccess AccessOf(Invocation call) => new(call.Aws, call.Surroundings.Environment, call.Surroundings.Time, call.Surroundings.Random);

    /// <summary>What sinks are served with.</summary>
    public static RelayingSite SiteOf(Invocation call, SinkAccess access) => new(
        access,
        call.Printer.Lines,
        new Trouble(call.Printer),
        call.Surroundings.Environment,
        call.Surroundings.Time,
        call.Surroundings.Random,
        call.Surroundings.Secrets,
        Trails.IsInTable(call.Options.Trail) ? LookAtTableEvery : LookAtFileEvery);

    /// <summary>Whether this is a sink that shows entries where the worker shows them too.</summary>
    public static bool IsConsole(SinkOptions sink) => sink.To == "console:";

    public void Report(KeptBatch value)
    {
        relaying?.Nudge();
        next.Report(value);
    }

    /// <summary>Has the sinks measured.</summary>
    public void Measure(Meter meter) => SinkMeter.Watch(meter, () => relaying!.States);

    /// <summary>Ends.</summary>
    /// <param name="all">Whether everything that the trail holds is passed on first.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Whether every sink was served all that the trail holds.</returns>
    public Task<bool> FinishAsync(bool all, CancellationToken ct) => relaying!.FinishAsync(all, ct);

    public async ValueTask DisposeAsync()
    {
        if (relaying is not null)
        {
            await relaying.DisposeAsync();
        }

        access.Dispose();
    }

    private sealed class Trouble(Output.Printer printer) : IProgress<SinkNews>
    {
        public void Report(SinkNews value)
        {
            if (value.Hint is { } hint)
            {
                printer.Warn($"{value.Sink}: {value.What} {hint}");
            }
            else
            {
                printer.Message($"{value.Sink}: {value.What}");
            }
        }
    }
}
