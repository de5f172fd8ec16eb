using System.Diagnostics.Metrics;
using Afterimage.Capture;
using Afterimage.Hosting;
using Afterimage.Streams.Reading;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Afterimage.App;

/// <summary>Sends metrics over OTLP where the standard environment variables of OpenTelemetry name a receiver.</summary>
internal sealed class Telemetry : IDisposable
{
    private static readonly string[] Endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];
    private static readonly string[] Protocols = ["OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"];

    private readonly MeterProvider provider;

    private Telemetry(Surroundings surroundings)
    {
        provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty()
                .AddService("afterimage", serviceInstanceId: $"{surroundings.Random.NextInt64():x16}")
                .AddTelemetrySdk()
                .AddEnvironmentVariableDetector())
            .AddMeter(StreamsWorker.MeterName, EntryMeter.Name)
            .AddOtlpExporter()
            .Build();
    }

    /// <summary>The meter of the worker.</summary>
    public Meter Streams { get; } = new(StreamsWorker.MeterName);

    /// <summary>The meter of what is kept.</summary>
    public Meter Entries { get; } = new(EntryMeter.Name);

    /// <summary>Begins to send; null where nobody is named to receive it, and then nothing of it is loaded.</summary>
    /// <exception cref="UsageException">Every variable that the SDK would silently pass over.</exception>
    public static Telemetry? Start(Surroundings surroundings)
    {
        var isWanted = Endpoints.Any(name => Text(name) is not null) && Text("OTEL_METRICS_EXPORTER") is (null or "otlp")
            && Text("OTEL_SDK_DISABLED")?.Equals("true", StringComparison.OrdinalIgnoreCase) != true;
        if (!isWanted)
        {
            return null;
        }

        var problems = Endpoints.Where(name => Text(name) is { } text && !ConfigurationFile.IsHttp(text))
            .Select(name => new Problem($"{name} is '{Text(name)}'.", "Set it to http://host:port or https://host."))
            .Concat(Protocols.Where(name => Text(name) is not (null or "grpc" or "http/protobuf"))
                .Select(name => new Problem($"{name} is '{Text(name)}'.", "Set it to grpc or http/protobuf.")))
            .ToList();
        return problems.Count == 0 ? new Telemetry(surroundings) : throw new UsageException(problems);

        string? Text(string name) => surroundings.Environment(name) is { Length: > 0 } text ? text : null;
    }

    /// <summary>Sends what was not sent yet, and ends.</summary>
    public void Dispose()
    {
        provider.Dispose();
        Streams.Dispose();
        Entries.Dispose();
    }
}
