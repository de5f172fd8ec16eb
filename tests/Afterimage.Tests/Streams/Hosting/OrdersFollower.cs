using System.Text;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Hosting;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Afterimage.Tests.Streams.Hosting;

/// <summary>A program that prints every change of a table: <c>await OrdersFollower.Create(args).Build().RunAsync();</c>.</summary>
internal static class OrdersFollower
{
    public static HostApplicationBuilder Create(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddSingleton(Console.Out);
        builder.Services.AddScoped<IBatchHandler, ChangePrinter>();
        builder.Services.AddDynamoDbStreams(options =>
        {
            options.Tables = ["Orders"];
            options.Aws = new AwsSettings(Region: "eu-west-1");
        });
        return builder;
    }
}

/// <summary>Handles what is read. What it throws is never passed over: the batch comes again.</summary>
internal sealed class ChangePrinter(TextWriter output) : IBatchHandler
{
    public async Task HandleAsync(StreamBatch batch, CancellationToken ct)
    {
        if (batch.Gap is { } gap)
        {
            await output.WriteLineAsync($"{batch.Stream.Table}: changes are missing ({gap.Cause}, {gap.Certainty}).");
        }

        foreach (var raw in batch.Records)
        {
            var record = StreamRecord.Read(raw);
            await output.WriteLineAsync($"{record.EventName} {batch.Stream.Table} {Encoding.UTF8.GetString(record.Keys.Span)}");
        }
    }
}
