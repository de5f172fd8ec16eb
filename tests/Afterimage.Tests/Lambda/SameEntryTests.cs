using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Relay;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Relay;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Lambda;

/// <summary>What a sink gets straight from the function, held to what the trail of a worker holds.</summary>
public sealed class SameEntryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_the_entry_that_a_worker_keeps_but_for_its_place()
    {
        var rules = new TableRules
        {
            Service = "orders-api",
            Actor = AttributePath.Parse("/by"),
            Entity = AttributePath.Parse("/kind"),
            Tenant = AttributePath.Parse("/line"),
            Ignore = [AttributePath.Parse("/by")],
            Redact = [AttributePath.Parse("/a")],
        };
        var orders = new OrderRecords(new Random(2));
        var records = Enumerable.Range(100, 200).Select(number => orders.Record(number, Noon)).ToList();
        var sink = new FakeSink();
        await using var rig = new DirectRig(rules, (sink, new SinkOptions("test:sink")));

        (await rig.CallAsync(EventSource.EventOf(records.Select(EventSource.Delivered)))).ShouldBeEmpty();

        var kept = await KeptAsync(records, rules);
        kept.Count.ShouldBe(200);
        sink.Arrived.OrderBy(one => one.Entry.SequenceNumber, StringComparer.Ordinal).Select(one => Placeless(EntryJson.Read(one.Text)))
            .ShouldBe(kept.OrderBy(entry => entry.SequenceNumber, StringComparer.Ordinal).Select(Placeless));
    }

    private static async Task<List<AuditEntry>> KeptAsync(IEnumerable<byte[]> records, TableRules rules)
    {
        await using var trail = FakeTrail.Open(FakeTrail.Table(new Random(1)), OpenMode.CreateOrWrite, "worker");
        await trail.KeepTableAsync(new TrailTable("Orders", new KeyAttribute("id", AttributeKind.S), new KeyAttribute("line", AttributeKind.N), FakeStream.Arn, Followed: true), Ct);
        using var recorder = new Recorder(trail, _ => rules, new Progress<KeptBatch>(), SeededSecrets.From(1));
        var batch = new StreamBatch(FakeStream.Arn, new("shard"), [.. records.Select(record => (ReadOnlyMemory<byte>)record)], EndsShard: false);
        (await recorder.KeepAsync(batch, ShardProgress.None(new Shard(new("shard"), null, null, null)), Ct)).ShouldBeOfType<KeepResult.Kept>();
        return await trail.SearchAsync(new SearchFilter(), Ct).Select(found => found.Entry).Where(entry => entry.Kind == EntryKind.Change).ToListAsync(Ct);
    }

    private static string Placeless(AuditEntry entry) => EntryJson.ToText(entry with { ShardId = string.Empty, Index = 0 });
}
