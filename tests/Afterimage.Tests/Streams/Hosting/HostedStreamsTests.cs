using Afterimage.Streams.Aws;
using Afterimage.Streams.Hosting;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Afterimage.Tests.Streams.Hosting;

/// <summary>The reader as a part of a host.</summary>
public sealed class HostedStreamsTests : IBatchHandler
{
    private readonly FakeStream stream = new();
    private readonly List<string> handled = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parents_and_children_of_a_table_reach_the_handler_as_long_as_the_host_runs()
    {
        stream.AddShard("child", "parent", isClosed: false, "3");
        stream.AddShard("parent", null, isClosed: true, "1", "2");

        await RunUntilAsync(3);

        handled.ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task A_batch_that_was_handled_but_not_kept_ends_the_run_and_comes_again_in_the_next()
    {
        stream.AddShard("a", sequences: ["1", "2"]);
        var journal = new ListJournal { Before = _ => throw new InvalidOperationException("after the handler, before the commit") };

        await Should.ThrowAsync<InvalidOperationException>(() => RunUntilAsync(3, journal));
        journal.Before = _ => Task.CompletedTask;
        await RunUntilAsync(4, journal);

        handled.ShouldBe(["1", "2", "1", "2"]);
        journal.Kept.ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task A_journal_that_is_registered_is_where_the_next_run_goes_on()
    {
        stream.AddShard("a", sequences: ["1", "2"]);
        var journal = new ListJournal();

        await RunUntilAsync(2, journal);
        stream.Write("a", "3");
        await RunUntilAsync(3, journal);

        handled.ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once_when_the_host_starts()
    {
        using var leases = new MemoryJournal((_, _) => Task.CompletedTask);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<ILeaseStore>(leases);
        builder.Services.AddDynamoDbStreams(options =>
        {
            options.Tables = ["Orders*", "Orders", "Orders"];
            options.Aws = new AwsSettings(Region: "nowhere at all");
            options.Worker = new WorkerOptions { ReadsMax = 0, SweepEvery = TimeSpan.Zero };
        });
        using var host = builder.Build();

        var problems = (await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync(Ct))).Failures.ToList();

        problems.Count.ShouldBe(7);
        foreach (var part in new[] { "IBatchHandler", "IShardJournal", "'Orders*'", "'Orders' is named 2 times", "Worker.SweepEvery", "Worker.ReadsMax", "nowhere at all" })
        {
            problems.ShouldContain(problem => problem.Contains(part, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_table_that_is_not_there_ends_the_host_with_what_to_do()
    {
        using var host = Build(journal: null, new FakeTables());

        await host.StartAsync(Ct);
        await host.WaitForShutdownAsync(Ct);

        var error = await Should.ThrowAsync<AwsConfigurationException>(() => host.Services.GetServices<IHostedService>().OfType<BackgroundService>().Single().ExecuteTask!);
        error.Message.ShouldBe("There is no table Orders.");
    }

    Task IBatchHandler.HandleAsync(StreamBatch batch, CancellationToken ct)
    {
        handled.AddRange(batch.Records.Select(raw => StreamRecord.Read(raw).SequenceNumber.Text));
        return Task.CompletedTask;
    }

    private async Task RunUntilAsync(int records, IShardJournal? journal = null)
    {
        using var host = Build(journal, tables: null);
        await host.StartAsync(Ct);
        var running = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().Single().ExecuteTask!;
        while (handled.Count < records && !running.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        }

        await host.StopAsync(Ct);
        await running;
    }

    private IHost Build(IShardJournal? journal, FakeTables? tables)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<TimeProvider>(new LeapingTime());
        builder.Services.AddSingleton<IStreamsApi>(stream);
        builder.Services.AddSingleton<ITableLookup>(tables ?? Orders());
        builder.Services.AddSingleton<IBatchHandler>(this);
        if (journal is not null)
        {
            builder.Services.AddSingleton(journal);
        }

        builder.Services.AddDynamoDbStreams(options => options.Tables = ["Orders"]);
        return builder.Build();
    }

    private static FakeTables Orders()
    {
        var tables = new FakeTables();
        tables.Put(FakeStream.Arn);
        return tables;
    }
}
