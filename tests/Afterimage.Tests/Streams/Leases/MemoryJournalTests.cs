using Afterimage.Streams.Leases;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Contracts;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Streams.Leases;

/// <summary>The journal that is kept in memory.</summary>
public sealed class MemoryJournalTests : LeaseContract, IDisposable
{
    private readonly List<string> handled = [];
    private readonly MemoryJournal journal;

    public MemoryJournalTests() => journal = new MemoryJournal((batch, _) =>
    {
        handled.AddRange(batch.Records.Select(raw => StreamRecord.Read(raw).SequenceNumber.Text));
        return Task.CompletedTask;
    });

    protected override ILeaseStore Store => journal;

    protected override IShardJournal Journal => journal;

    [Fact]
    public async Task A_batch_that_repeats_records_hands_on_the_new_ones()
    {
        var begun = await journal.KeepAsync(Batch("8", "9"), new ShardProgress(new ShardId("a"), null, null, 0, false), TestContext.Current.CancellationToken);
        await journal.KeepAsync(Batch("9", "10"), ((KeepResult.Kept)begun).After, TestContext.Current.CancellationToken);

        handled.ShouldBe(["8", "9", "10"]);
    }

    [Fact]
    public async Task A_batch_whose_handler_fails_is_not_kept()
    {
        using var failing = new MemoryJournal((_, _) => throw new InvalidOperationException("no"));

        await Should.ThrowAsync<InvalidOperationException>(() => failing.KeepAsync(Batch("8"), new ShardProgress(new ShardId("a"), null, null, 0, false), TestContext.Current.CancellationToken));

        (await failing.ReadAsync(FakeStream.Arn, TestContext.Current.CancellationToken)).Shards.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_workers_that_share_a_journal_read_every_record_once()
    {
        var stream = new FakeStream();
        for (var shard = 1; shard <= 6; shard++)
        {
            stream.AddShard($"closed{shard}", null, isClosed: true, $"1{shard}1", $"1{shard}2", $"1{shard}3", $"1{shard}4");
            stream.AddShard($"open{shard}", $"closed{shard}", isClosed: false, $"2{shard}1", $"2{shard}2");
        }

        await Task.WhenAll(DrainAsync(stream, 1), DrainAsync(stream, 2));

        handled.Order().ShouldBe(Enumerable.Range(1, 6).SelectMany(n => new[] { $"1{n}1", $"1{n}2", $"1{n}3", $"1{n}4", $"2{n}1", $"2{n}2" }).Order());
    }

    public void Dispose() => journal.Dispose();

    private Task DrainAsync(FakeStream stream, int seed)
    {
        var time = new LeapingTime();
        var worker = new StreamsWorker(journal, new WorkerOptions { DrainAfter = TimeSpan.FromSeconds(2) }, new Progress<WorkerNotice>(), time, new Random(seed), journal);
        return worker.RunAsync(stream.AsSource(time), TestContext.Current.CancellationToken, CancellationToken.None);
    }

    private static StreamBatch Batch(params string[] sequences) =>
        new(FakeStream.Arn, new ShardId("a"), [.. sequences.Select(sequence => (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(FakeStream.Record(sequence)))], EndsShard: false);
}
