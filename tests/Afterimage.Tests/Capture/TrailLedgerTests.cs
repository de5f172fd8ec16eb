using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Capture;

public sealed class TrailLedgerTests
{
    // The simulator found a stream that was begun, never read, and gone: without a last sign of it nobody believed that.
    [Fact]
    public async Task To_have_begun_a_stream_is_a_sign_of_it()
    {
        var ct = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("afterimage-test-");
        var begun = new DateTimeOffset(2026, 11, 22, 7, 0, 0, TimeSpan.Zero);
        await using (var trail = await Trails.OpenFileAsync($"sqlite:{Path.Combine(folder.FullName, "trail.db")}", OpenMode.CreateOrWrite, ct))
        {
            using var recorder = new Recorder(trail, _ => TableRules.None, new Progress<KeptBatch>(), SeededSecrets.From(1));
            await recorder.BeginAsync(new StreamBeginning(FakeStream.Arn, null, begun, StartFrom.TrimHorizon, [new("shard")], [new("shard")]), ct);
            await trail.Leases.TakeAsync(new WorkerId("worker-1"), [new LeaseWish(FakeStream.Arn, new("shard"), null, 0)], ct);

            (await new TrailLedger(trail).ReadAsync(ct)).Streams.ShouldBe([new KnownStream(FakeStream.Arn, IsFinished: false, begun)]);
        }

        folder.Delete(recursive: true);
    }
}
