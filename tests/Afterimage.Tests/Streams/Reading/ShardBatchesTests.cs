using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Streams.Reading;

/// <summary>One shard, read without a worker.</summary>
public sealed class ShardBatchesTests
{
    private readonly FakeStream stream = new();
    private readonly LeapingTime time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_closed_shard_is_read_to_its_end_and_the_records_of_the_last_response_with_it()
    {
        stream.AddShard("a", null, isClosed: true, "1", "2", "3", "-", "4", "5");

        var batches = await Read(after: null).ToListAsync(Ct);

        batches.SelectMany(Numbers).ShouldBe(["1", "2", "3", "4", "5"]);
        batches.Select(batch => batch.EndsShard).ShouldBe([false, true]);
    }

    [Fact]
    public async Task Reading_goes_on_after_the_place_that_was_handed_in()
    {
        stream.AddShard("a", null, isClosed: true, "8", "9", "10");

        (await Read(after: "8").ToListAsync(Ct)).SelectMany(Numbers).ShouldBe(["9", "10"]);
    }

    [Fact]
    public async Task A_shard_that_ends_without_another_record_says_so_in_a_batch_without_any()
    {
        stream.AddShard("a", null, isClosed: true, "8");

        var batch = (await Read(after: "8").ToListAsync(Ct)).ShouldHaveSingleItem();

        batch.Records.ShouldBeEmpty();
        batch.EndsShard.ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_written_while_it_waits_is_read_and_the_pauses_are_a_workers()
    {
        stream.AddShard("a", sequences: ["1"]);
        var reads = new List<DateTimeOffset>();
        stream.Before = call =>
        {
            reads.Add(time.GetUtcNow());
            if (call == "GetRecords" && reads.Count == 6)
            {
                stream.Write("a", "2");
                stream.Close("a");
            }
        };

        (await Read(after: null).ToListAsync(Ct)).SelectMany(Numbers).ShouldBe(["1", "2"]);
        reads.Skip(1).Zip(reads.Skip(2), (one, next) => (next - one).TotalMilliseconds).ShouldBe([200, 200, 400, 800]);
    }

    [Fact]
    public async Task A_place_that_was_trimmed_gives_a_gap_and_reading_goes_on_at_the_horizon()
    {
        stream.AddShard("a", null, isClosed: true, "5", "6");
        stream.BeforeIterator = after =>
        {
            if (after is not null)
            {
                throw new TrimmedDataException("older than the horizon", 400, null);
            }
        };

        var batch = (await Read(after: "2").ToListAsync(Ct)).ShouldHaveSingleItem();

        Numbers(batch).ShouldBe(["5", "6"]);
        batch.Gap.ShouldNotBeNull().ShouldBe(new ShardGap(
            FakeStream.Arn, new ShardId("a"), new SequenceNumber("2"), new SequenceNumber("5"), GapCause.Trimmed, GapCertainty.Possible, batch.Gap!.FoundAt));
    }

    [Fact]
    public async Task An_iterator_that_expired_is_replaced()
    {
        stream.AddShard("a", null, isClosed: true, "1", "2", "3", "4");
        var reads = 0;
        stream.Before = call =>
        {
            if (call == "GetRecords" && ++reads == 2)
            {
                throw new ExpiredIteratorException("too old", 400, null);
            }
        };

        (await Read(after: null).ToListAsync(Ct)).SelectMany(Numbers).ShouldBe(["1", "2", "3", "4"]);
    }

    [Fact]
    public async Task A_shard_that_is_not_there_is_an_error() =>
        (await Should.ThrowAsync<ResourceNotFoundException>(() => Read(after: null).ToListAsync(Ct).AsTask())).Message.ShouldContain("Shard a");

    [Fact]
    public async Task An_endpoint_that_fails_is_an_error_and_no_silence()
    {
        stream.AddShard("a", sequences: ["1"]);
        stream.Before = _ => throw new EndpointUnreachableException(new Uri("http://localhost:1"), "refused");

        await Should.ThrowAsync<EndpointUnreachableException>(() => Read(after: null).ToListAsync(Ct).AsTask());
    }

    [Fact]
    public async Task Whoever_has_enough_just_leaves()
    {
        stream.AddShard("a", sequences: ["1", "2", "3", "4"]);

        (await Read(after: null).Take(1).ToListAsync(Ct)).SelectMany(Numbers).ShouldBe(["1", "2", "3"]);
    }

    private IAsyncEnumerable<StreamBatch> Read(string? after) =>
        ShardBatches.ReadAsync(stream, FakeStream.Arn, new ShardId("a"), after is null ? null : new SequenceNumber(after), time, Ct);

    private static IEnumerable<string> Numbers(StreamBatch batch) => batch.Records.Select(raw => StreamRecord.Read(raw).SequenceNumber.Text);
}
