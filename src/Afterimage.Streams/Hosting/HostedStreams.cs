using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Reading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Afterimage.Streams.Hosting;

/// <summary>Runs the worker as long as the host runs. What the application did not register has a stand-in here.</summary>
internal sealed class HostedStreams(
    IOptions<DynamoDbStreamsOptions> options,
    IServiceScopeFactory scopes,
    IServiceProviderIsService registered,
    ILogger<HostedStreams> logger,
    IShardJournal? journal = null,
    ILeaseStore? leases = null,
    IStreamSource? source = null,
    IStreamsApi? api = null,
    ITableLookup? tables = null,
    TimeProvider? clock = null,
    IMeterFactory? meters = null) : BackgroundService, IProgress<WorkerNotice>
{
    private readonly CancellationTokenSource abandon = new();

    /// <summary>Two stages: no further read is begun at once, and what is in hand is given up when the host's time is over.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await using var over = cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), abandon);
        await base.StopAsync(cancellationToken);
    }

    /// <summary>What the worker has to say goes to the log: nothing of it is ever missing from the batches.</summary>
    public void Report(WorkerNotice value)
    {
        var (level, what, cause) = value switch
        {
            WorkerNotice.Failing failing => (LogLevel.Warning, $"{failing.What} fails and is tried again.", failing.Cause),
            WorkerNotice.Recovered recovered => (LogLevel.Information, $"{recovered.What} works again.", null),
            WorkerNotice.Noted noted => (LogLevel.Warning, noted.What, null),
            WorkerNotice.Alarmed alarmed => (LogLevel.Warning, $"{alarmed.Reason.What} {alarmed.Reason.Hint}", null),
            WorkerNotice.Eased eased => (LogLevel.Information, $"Over: {eased.Reason.What}", null),
            _ => (LogLevel.Warning, $"{value}", null),
        };
        if (logger.IsEnabled(level))
        {
            logger.Log(level, cause, "{Notice}", what);
        }
    }

    public override void Dispose()
    {
        abandon.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var time = clock ?? TimeProvider.System;
        var random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
        using var memory = new MemoryJournal((_, _) => Task.CompletedTask);
        var progress = journal ?? memory;
        var handling = registered.IsService(typeof(IBatchHandler)) ? new HandlingJournal(progress, HandleAsync) : progress;
        using var aws = source is null && (api is null || tables is null) ? AwsAccess.Create(options.Value.Aws, Environment.GetEnvironmentVariable, time, random) : null;
        var followed = source ?? new TableStreams(
            options.Value.Tables, options.Value.StartFrom, tables ?? aws!.Tables, new StreamsAccess(api ?? aws!.Streams, time), progress, this, time);
        using var meter = meters?.Create(StreamsWorker.MeterName);
        var worker = new StreamsWorker(handling, options.Value.Worker, this, time, random, leases, meter);
        await worker.RunAsync(followed, stoppingToken, abandon.Token);
    }

    private async Task HandleAsync(StreamBatch batch, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IBatchHandler>().HandleAsync(batch, ct);
    }
}
