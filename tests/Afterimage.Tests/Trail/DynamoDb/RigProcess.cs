using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;
using Afterimage.Trail;
using Afterimage.Trail.DynamoDb;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>A process that writes to a trail: it takes shards, keeps batches, and brings records without a shard. It remembers nothing that its memory would not hold.</summary>
internal sealed class RigProcess : IDisposable, IProgress<KeptBatch>
{
    private readonly Recorder recorder;
    private readonly IntakeRecorder intake;
    private readonly string writer;

    public RigProcess(FakeTable table, string writer, TableRules rules, TimeProvider time)
    {
        this.writer = writer;
        Trail = new DynamoTrail("dynamodb:trail", table, OpenMode.CreateOrWrite, writer, time, null);
        recorder = new Recorder(Trail, _ => rules, this, SeededSecrets.From(5));
        intake = new IntakeRecorder(Trail, _ => rules, SeededSecrets.From(6));
    }

    public DynamoTrail Trail { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Where a shard stands.</summary>
    public async Task<ShardProgress> RowAsync(ShardId shard) => (await Trail.ShardAsync(FakeStream.Arn, shard, Ct))?.Progress ?? new ShardProgress(shard, null, null, 0, Finished: false);

    /// <summary>Takes a shard from whoever has it; null if another was first.</summary>
    public async Task<ShardProgress?> TakeAsync(ShardId shard)
    {
        var seen = (await RowAsync(shard)).Epoch;
        return await Trail.Leases.TakeAsync(new WorkerId(writer), [new LeaseWish(FakeStream.Arn, shard, null, seen)], Ct) is [var taken] ? taken.Row : null;
    }

    /// <summary>Keeps records behind where a shard was seen to stand.</summary>
    public async Task<ShardProgress?> KeepAsync(ShardProgress before, IReadOnlyList<ReadOnlyMemory<byte>> batch, bool afterGap = false)
    {
        var gap = afterGap && !before.EndsInGap ? new ShardGap(FakeStream.Arn, before.Shard, before.Last, null, GapCause.Trimmed, GapCertainty.Possible, TrailRig.Start) : null;
        return await recorder.KeepAsync(new StreamBatch(FakeStream.Arn, before.Shard, batch, EndsShard: false) { Gap = gap }, before, Ct) is KeepResult.Kept kept ? kept.After : null;
    }

    /// <summary>Keeps records where the shard stands now, whatever is in its way.</summary>
    public async Task KeepOnAsync(ShardId shard, IReadOnlyList<ReadOnlyMemory<byte>> batch)
    {
        for (var row = await TakeAsync(shard); row is null || await KeepAsync(row, batch) is null; row = await TakeAsync(shard))
        {
        }
    }

    /// <summary>Brings records without a shard.</summary>
    public async Task BringAsync(IReadOnlyList<ReadOnlyMemory<byte>> batch) =>
        (await intake.PutAsync(FakeStream.Arn, batch, TrailRig.Start, Ct)).ShouldAllBe(outcome => outcome != IntakeOutcome.Differs);

    public void Report(KeptBatch value) => value.Differing.ShouldBeEmpty();

    public void Dispose() => recorder.Dispose();
}
