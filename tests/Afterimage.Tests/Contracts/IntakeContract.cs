using System.Text;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Sealing;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;
using Afterimage.Trail;
using Afterimage.Verifying;

namespace Afterimage.Tests.Contracts;

/// <summary>What every trail does with entries that come without a shard, alone and beside a worker that brings the same ones.</summary>
public abstract class IntakeContract : IAsyncLifetime
{
    private const string Name = "audit.example.com/orders";

    private static readonly ShardId Shard = new("shardId-1");
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    private readonly OrderRecords records = new(new Random(7));
    private readonly SetTime time = new(Start);
    private readonly MemoryKey key = new();
    private readonly List<KeptBatch> told = [];
    private ITrail trail = null!;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        trail = await OpenAsync(OpenMode.CreateOrWrite);
        await trail.NameAsync(Name, Ct);
        await trail.KeepTableAsync(new TrailTable("Orders", new KeyAttribute("id", AttributeKind.S), new KeyAttribute("line", AttributeKind.N), FakeStream.Arn, Followed: true), Ct);
    }

    public virtual async ValueTask DisposeAsync()
    {
        key.Dispose();
        await trail.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_came_without_a_shard_is_answered_at_once_and_has_its_place_in_the_end()
    {
        var batch = Batch(1, 30);

        (await PutAsync(batch)).ShouldAllBe(outcome => outcome == IntakeOutcome.Kept);

        (await NumbersAsync()).ShouldBe(Enumerable.Range(1, 30).Select(n => $"{n}"), ignoreOrder: true);
        await trail.PlaceIntakeAsync(Ct);
        (await trail.PlaceIntakeAsync(Ct)).ShouldBe(0);
        (await PlacesAsync(TrailShard.Intake)).ShouldBe(Enumerable.Range(1, 30).Select(place => (long)place));
        await SoundAsync("NOT OBSERVED");
    }

    [Fact]
    public async Task A_batch_as_large_as_a_function_is_given_is_kept_and_what_comes_twice_in_it_comes_once()
    {
        var batch = Batch(1, 1_000);

        (await PutAsync([.. batch, batch[7]])).Count(outcome => outcome == IntakeOutcome.Kept).ShouldBe(1_000);

        await trail.PlaceIntakeAsync(Ct);
        (await trail.PlaceIntakeAsync(Ct)).ShouldBe(0);
        (await PlacesAsync(TrailShard.Intake)).ShouldBe(Enumerable.Range(1, 1_000).Select(place => (long)place));
        await SoundAsync("NOT OBSERVED");
    }

    [Fact]
    public async Task What_waits_gets_its_places_in_the_order_in_which_it_happened_however_many_puts_wait()
    {
        for (var first = 1; first <= 120; first += 3)
        {
            await PutAsync(Batch(first, 3));
        }

        await trail.PlaceIntakeAsync(Ct);

        var numbers = await trail.ShardEntriesAsync(FakeStream.Arn, TrailShard.Intake, 0, Ct).Select(entry => entry.SequenceNumber).ToListAsync(Ct);
        numbers.ShouldBe(Enumerable.Range(1, 120).Select(number => $"{number}"));
    }

    [Fact]
    public async Task A_retry_of_a_batch_is_known_again_whatever_was_done_meanwhile()
    {
        var batch = Batch(1, 5);
        await PutAsync(batch[..3]);

        (await PutAsync(batch)).ShouldBe([IntakeOutcome.Held, IntakeOutcome.Held, IntakeOutcome.Held, IntakeOutcome.Kept, IntakeOutcome.Kept]);
        await trail.PlaceIntakeAsync(Ct);
        (await PutAsync(batch)).ShouldAllBe(outcome => outcome == IntakeOutcome.Held);

        (await NumbersAsync()).Count.ShouldBe(5);
        await SoundAsync("NOT OBSERVED");
    }

    [Fact]
    public async Task The_same_id_with_other_values_is_told_and_the_first_stays()
    {
        var batch = Batch(1, 2);
        await PutAsync(batch);
        var forged = batch.Select(raw => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(raw.Span).Replace("\"by\"", "\"byy\"", StringComparison.Ordinal))).ToList();
        var before = await TextsAsync();

        (await PutAsync(forged)).ShouldAllBe(outcome => outcome == IntakeOutcome.Differs);

        (await TextsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_function_brought_is_only_seen_by_the_worker_that_reads_it_later(bool isPlaced)
    {
        var batch = Batch(1, 20);
        await PutAsync(batch[5..10]);
        await PutAsync([batch[15]]);
        if (isPlaced)
        {
            await trail.PlaceIntakeAsync(Ct);
        }

        await KeepAsync(batch);
        await trail.PlaceIntakeAsync(Ct);

        (await NumbersAsync()).ShouldBe(Enumerable.Range(1, 20).Select(n => $"{n}"), ignoreOrder: true);
        (await PlacesAsync(TrailShard.Intake)).Count.ShouldBe(6);
        (await PlacesAsync(Shard)).ShouldBe(Enumerable.Range(1, 20).Where(place => place is not ((> 5 and <= 10) or 16)).Select(place => (long)place));
        told.SelectMany(kept => kept.Differing).ShouldBeEmpty();
        await SoundAsync();
    }

    [Fact]
    public async Task What_a_worker_kept_is_held_when_a_function_brings_it_later()
    {
        var batch = Batch(1, 20);
        await KeepAsync(batch);

        (await PutAsync(batch)).ShouldAllBe(outcome => outcome == IntakeOutcome.Held);
        (await trail.PlaceIntakeAsync(Ct)).ShouldBe(0);

        (await NumbersAsync()).Count.ShouldBe(20);
        await SoundAsync();
    }

    [Fact]
    public async Task A_stream_moves_from_a_function_to_a_worker_and_back_while_both_run()
    {
        var random = new Random(3);
        var batch = Batch(1, 200);
        var byFunction = Task.Run(
            async () =>
            {
                foreach (var part in batch.Chunk(7))
                {
                    await PutAsync(part);
                    await trail.PlaceIntakeAsync(Ct);
                }
            },
            Ct);
        foreach (var part in batch.Chunk(1 + random.Next(25)))
        {
            await KeepAsync(part);
        }

        await byFunction;
        await trail.PlaceIntakeAsync(Ct);

        (await NumbersAsync()).ShouldBe(Enumerable.Range(1, 200).Select(n => $"{n}"), ignoreOrder: true);
        await SoundAsync();
    }

    [Fact]
    public async Task A_worker_that_reads_other_values_than_a_function_brought_says_so()
    {
        var batch = Batch(1, 3);
        await PutAsync([.. batch.Select(raw => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(raw.Span).Replace("\"by\"", "\"byy\"", StringComparison.Ordinal)))]);

        await KeepAsync(batch);

        told.SelectMany(kept => kept.Differing).Count().ShouldBe(3);
        (await NumbersAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_record_that_nobody_can_read_comes_in_once_by_either_way()
    {
        ReadOnlyMemory<byte>[] rubbish = [Encoding.UTF8.GetBytes("rubbish")];
        await PutAsync(rubbish);
        await KeepAsync([.. Batch(1, 1), .. rubbish]);
        (await PutAsync(rubbish)).ShouldBe([IntakeOutcome.Held]);
        await trail.PlaceIntakeAsync(Ct);

        (await trail.SearchAsync(new SearchFilter(), Ct).Select(found => found.Entry).ToListAsync(Ct)).Count(entry => entry.Unreadable is not null).ShouldBe(1);
        await SoundAsync();
    }

    [Fact]
    public async Task Histories_sort_what_came_in_by_either_way()
    {
        var batch = Batch(1, 60);
        await PutAsync([.. batch.Where((_, at) => at % 2 == 0)]);
        await KeepAsync(batch);

        var some = (await trail.FindAsync((await TextsAsync()).Select(text => EntryJson.Read(Encoding.UTF8.GetBytes(text))).First().Id, Ct)).ShouldNotBeNull();
        var history = await trail.HistoryAsync(new HistoryFilter("Orders", new([new("id", some.Keys!["id"])]), Reverse: false, null), Ct).ToListAsync(Ct);

        history.Select(entry => int.Parse(entry.SequenceNumber!, System.Globalization.CultureInfo.InvariantCulture)).ShouldBeInOrder();
        history.Count.ShouldBeGreaterThan(1);
    }

    /// <summary>Opens the one trail of this test once more.</summary>
    protected abstract Task<ITrail> OpenAsync(OpenMode mode);

    private List<ReadOnlyMemory<byte>> Batch(int first, int count) => [.. Enumerable.Range(first, count).Select(n => (ReadOnlyMemory<byte>)records.Record(n, Start.AddSeconds(n)))];

    private Task<IReadOnlyList<IntakeOutcome>> PutAsync(IReadOnlyList<ReadOnlyMemory<byte>> batch) =>
        new IntakeRecorder(trail, _ => TableRules.None, SeededSecrets.From(5)).PutAsync(FakeStream.Arn, batch, Start, Ct);

    // As a worker that has just taken the shard.
    private async Task KeepAsync(IReadOnlyList<ReadOnlyMemory<byte>> batch)
    {
        using var recorder = new Recorder(trail, _ => TableRules.None, new Listener(told), SeededSecrets.From(5));
        KeepResult result;
        do
        {
            var row = (await trail.ShardAsync(FakeStream.Arn, Shard, Ct))?.Progress ?? new ShardProgress(Shard, null, null, 0, Finished: false);
            result = await recorder.KeepAsync(new StreamBatch(FakeStream.Arn, Shard, batch, EndsShard: false), row, Ct);
        }
        while (result is KeepResult.Superseded);
    }

    private async Task<List<string?>> NumbersAsync() => await trail.SearchAsync(new SearchFilter(), Ct).Where(found => found.Entry.SequenceNumber is not null).Select(found => found.Entry.SequenceNumber).ToListAsync(Ct);

    private async Task<List<string>> TextsAsync() => await trail.SearchAsync(new SearchFilter(), Ct).Select(found => EntryJson.ToText(found.Entry)).ToListAsync(Ct);

    private async Task<List<long>> PlacesAsync(ShardId shard) => await trail.ShardEntriesAsync(FakeStream.Arn, shard, 0, Ct).Select(entry => entry.Index).ToListAsync(Ct);

    // Sealed and checked, nothing is wrong; what is not known to be whole is named.
    private async Task SoundAsync(params string[] incomplete)
    {
        time.Now += TimeSpan.FromMinutes(5);
        await new Sealer(trail, Name, key, [], time).SealAsync(DateTimeOffset.MaxValue, Ct);
        var verified = await new Verifier(trail, key.Verifier(Name), [], new VerifierOptions(), time, SeededSecrets.From(9)).RunAsync(new Progress<long>(), Ct);
        verified.Findings.Select(finding => finding.Check).ShouldBe(incomplete, string.Join('\n', verified.Findings));
    }

    private sealed class Listener(List<KeptBatch> told) : IProgress<KeptBatch>
    {
        public void Report(KeptBatch value) => told.Add(value);
    }
}
