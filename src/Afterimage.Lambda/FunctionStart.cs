using Afterimage.Capture;
using Afterimage.Hosting;
using Afterimage.Relay;
using Afterimage.Streams.Aws;
using Afterimage.Trail;

namespace Afterimage.Lambda;

/// <summary>Starts the function with what its environment and the file in its package say: over a trail, or over sinks alone. What it opens ends with it.</summary>
/// <param name="environment">The environment's variables by name.</param>
/// <param name="clock">The clock.</param>
/// <param name="random">Seeds the jitter of waits.</param>
/// <param name="secrets">Makes a secret of so many random bytes.</param>
/// <param name="log">Is told what happened.</param>
internal sealed class FunctionStart(Func<string, string?> environment, TimeProvider clock, Random random, Func<int, byte[]> secrets, FunctionLog log) : IAsyncDisposable
{
    private ITrail? trail;
    private DirectSinks? sinks;
    private SinkAccess? access;

    /// <summary>Opens what is configured.</summary>
    /// <exception cref="AfterimageException">The trail is not there.</exception>
    /// <exception cref="UsageException">What is configured is wrong: all that is.</exception>
    public async Task<StreamFunction> OpenAsync(CancellationToken ct)
    {
        var options = EnvironmentSettings.Apply(await OptionsAsync(ct), environment);
        IOutlet outlet = options.NamedTrail is null && options.Sinks.Count > 0 ? ToSinks(options) : await ToTrailAsync(options, ct);
        return new StreamFunction(outlet, clock, log);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (trail?.DisposeAsync() ?? default);
        await (sinks?.DisposeAsync() ?? default);
        access?.Dispose();
    }

    private async Task<TrailOutlet> ToTrailAsync(AfterimageOptions options, CancellationToken ct)
    {
        if (!Trails.IsInTable(options.Trail))
        {
            throw new UsageException(
                $"'{options.Trail}' is not a trail that a function can write to.",
                "Set AFTERIMAGE_TRAIL to dynamodb:TABLE, since what a function keeps must outlive it; or name AFTERIMAGE_SINKS and no trail, and entries go straight to them.");
        }

        var aws = new AwsSettings(options.Region, options.Profile, options.TrailEndpoint ?? options.Endpoint);
        trail = await Trails.OpenAsync(options.Trail, OpenMode.CreateOrWrite, new TrailSite(aws, environment, clock, random, secrets), ct);
        if (options.Sinks.Count > 0)
        {
            log.Warning(
                "The function keeps entries in the trail and passes none on: a worker does, that follows the trail.",
                ("sinks", options.Sinks.Select(sink => sink.Name).ToArray()),
                ("hint", "Start afterimage run with this trail and these sinks, or leave the trail out: then entries go straight to the sinks."));
        }

        return new TrailOutlet(trail, new IntakeRecorder(trail, options.RulesOf, secrets), clock, log);
    }

    private SinkOutlet ToSinks(AfterimageOptions options)
    {
        access = new SinkAccess(new AwsSettings(options.Region, options.Profile, options.Endpoint), environment, clock, random);
        sinks = DirectSinks.Of(options.Sinks, new SinkSite(clock, environment, log.Show, access.Of, access.Http), random);
        return new SinkOutlet(sinks, new UnkeptEntries(options.RulesOf), clock, log);
    }

    private async Task<AfterimageOptions> OptionsAsync(CancellationToken ct)
    {
        var named = environment(EnvironmentSettings.ConfigFile) is { Length: > 0 } given ? Path.Combine(AppContext.BaseDirectory, given) : null;
        var path = named ?? Path.Combine(AppContext.BaseDirectory, ConfigurationFile.DefaultPath);
        if (File.Exists(path))
        {
            return ConfigurationFile.Read(path, await File.ReadAllBytesAsync(path, ct));
        }

        // Without the file that somebody named, what it says to redact would be kept.
        return named is null
            ? new AfterimageOptions()
            : throw new UsageException($"{path} is not there.", $"Put it into the package, or take {EnvironmentSettings.ConfigFile} from the function's environment.");
    }
}
