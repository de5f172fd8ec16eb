using Afterimage.Streams.Hosting;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Streams.Hosting;

/// <summary>At least once: handled first, kept then.</summary>
public sealed class HandlingJournalTests
{
    private readonly ListJournal inner = new();
    private readonly List<StreamBatch> handled = [];
    private readonly ShardProgress begin = new(new ShardId("a"), null, null, 0, false);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Progress_moves_only_after_the_handler_returned()
    {
        var journal = new HandlingJournal(inner, (batch, _) =>
        {
            inner.Rows.ShouldBeEmpty();
            handled.Add(batch);
            return Task.CompletedTask;
        });

        await journal.KeepAsync(Batch("1"), begin, Ct);

        handled.Count.ShouldBe(1);
        inner.Rows.Single().Last.ShouldBe(new SequenceNumber("1"));
    }

    [Fact]
    public async Task What_a_handler_throws_leaves_the_progress_where_it_was()
    {
        var journal = new HandlingJournal(inner, (_, _) => throw new InvalidOperationException("no"));

        await Should.ThrowAsync<InvalidOperationException>(() => journal.KeepAsync(Batch("1"), begin, Ct));

        inner.Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_lies_between_two_streams_of_a_table_is_handed_on_once_as_a_gap()
    {
        var journal = Handling();
        var beginning = new StreamBeginning(FakeStream.Arn, new("arn:aws:dynamodb:us-east-1:123456789012:table/Orders/stream/2026-11-01T00:00:00.000"), DateTimeOffset.UnixEpoch, StartFrom.TrimHorizon, [], []);

        await journal.BeginAsync(beginning, Ct);
        await journal.BeginAsync(beginning, Ct);

        var batch = handled.ShouldHaveSingleItem();
        batch.Gap.ShouldNotBeNull().Cause.ShouldBe(GapCause.ReEnabled);
        batch.Shard.Value.ShouldBe("_table/Orders");
        batch.Records.ShouldBeEmpty();
        inner.Beginnings.ShouldBe([beginning]);
    }

    [Fact]
    public async Task The_first_stream_of_a_table_begins_without_a_gap()
    {
        await Handling().BeginAsync(new StreamBeginning(FakeStream.Arn, null, DateTimeOffset.UnixEpoch, StartFrom.TrimHorizon, [], []), Ct);

        handled.ShouldBeEmpty();
        inner.Beginnings.Count.ShouldBe(1);
    }

    private HandlingJournal Handling() => new(inner, (batch, _) =>
    {
        handled.Add(batch);
        return Task.CompletedTask;
    });

    private static StreamBatch Batch(string sequence) =>
        new(FakeStream.Arn, new ShardId("a"), [System.Text.Encoding.UTF8.GetBytes(FakeStream.Record(sequence))], EndsShard: false);
}
