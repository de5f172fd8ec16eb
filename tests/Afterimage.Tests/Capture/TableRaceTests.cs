using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Capture;

/// <summary>Two processes that meet a table for the first time while it is made anew. The simulator found that each began with the stream that it saw.</summary>
public sealed class TableRaceTests : ITableLedger, IAsyncLifetime
{
    private static readonly StreamArn First = new("arn:aws:dynamodb:us-east-1:123456789012:table/Orders/stream/2026-11-01T00:00:00.000");

    private readonly string folder = Directory.CreateTempSubdirectory("afterimage-test-").FullName;
    private ITrail trail = null!;
    private TrailTable? rival = new("Orders", new KeyAttribute("id", AttributeKind.S), null, First, Followed: true);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => trail = await Trails.OpenFileAsync($"sqlite:{Path.Combine(folder, "trail.db")}", OpenMode.CreateOrWrite, Ct);

    [Fact]
    public async Task What_another_process_noted_meanwhile_is_read_first()
    {
        var tables = new FakeTables();
        tables.Put("Orders", "2026-11-01");
        tables.Put("Orders", "2026-11-02");
        var region = new AccountRegion("us-east-1", null, tables, new StreamsAccess(tables, new LeapingTime()));
        var source = new TableSource([new TableOptions("Orders", TableRules.None)], _ => region, this, new Progress<WorkerNotice>(), new LeapingTime());

        var streams = await source.LookAsync(Ct);

        streams.Select(stream => (stream.Stream.Label[..10], stream.Previous?.Label[..10])).ShouldBe([("2026-11-01", null), ("2026-11-02", "2026-11-01")]);
        (await trail.TablesAsync(Ct)).Single().Stream.ShouldBe(First);
    }

    public async ValueTask DisposeAsync()
    {
        await trail.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    Task<KnownTables> ITableLedger.ReadAsync(CancellationToken ct) => new TrailLedger(trail).ReadAsync(ct);

    async Task<bool> ITableLedger.TryKeepAsync(TrailTable table, TrailTable? seen, CancellationToken ct)
    {
        if (rival is { } first)
        {
            rival = null;
            await trail.KeepTableAsync(first, ct);
        }

        return await new TrailLedger(trail).TryKeepAsync(table, seen, ct);
    }
}
