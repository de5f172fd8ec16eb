using System.Text;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Capture;

public sealed class RecorderTests : IAsyncLifetime
{
    private static readonly ShardProgress Unread = new(new ShardId("shard"), null, null, 0, false);

    private readonly string folder = Directory.CreateTempSubdirectory("afterimage-test-").FullName;
    private readonly List<AuditEntry> told = [];
    private readonly List<Recorder> recorders = [];
    private ITrail trail = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        trail = await Trails.OpenFileAsync($"sqlite:{Path.Combine(folder, "trail.db")}", OpenMode.CreateOrWrite, Ct);
        await trail.KeepTableAsync(new TrailTable("Orders", new KeyAttribute("id", AttributeKind.S), null, FakeStream.Arn, Followed: true), Ct);
    }

    [Fact]
    public async Task A_batch_that_comes_again_is_kept_once()
    {
        var first = await KeepAsync(Unread, "8", "9");
        var second = await KeepAsync(first, "8", "9", "10");

        second.Size.ShouldBe(4);
        (await EntriesAsync()).Select(entry => entry.SequenceNumber).ShouldBe(["8", "9", "10"]);
        told.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_batch_read_from_where_the_shard_no_longer_stands_is_not_kept()
    {
        await KeepAsync(Unread, "8", "9");

        (await Recorder().KeepAsync(Batch("8"), Unread, Ct)).ShouldBeOfType<KeepResult.Superseded>();

        (await EntriesAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Pain_of_the_articles_two_changes_of_one_item_in_the_same_second_are_two_entries()
    {
        string[] records = [Change("5", "1"), Change("6", "2")];

        await Recorder().KeepAsync(new StreamBatch(FakeStream.Arn, Unread.Shard, [.. records.Select(Utf8)], EndsShard: false), Unread, Ct);

        (await EntriesAsync()).Select(entry => entry.Id).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_record_without_a_number_that_can_be_read_is_kept_once_though_it_comes_again()
    {
        var batch = new StreamBatch(FakeStream.Arn, Unread.Shard, [Utf8("rubbish"), Utf8("rubbish")], EndsShard: false);
        var first = (KeepResult.Kept)await Recorder().KeepAsync(batch, Unread, Ct);

        await Recorder().KeepAsync(batch, first.After, Ct);

        (await EntriesAsync()).Single().Unreadable.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_record_that_hides_its_time_is_filed_under_the_one_before_wherever_batches_are_cut(int cut)
    {
        ReadOnlyMemory<byte>[] records = [Utf8(FakeStream.Record("8")), Utf8("rubbish")];
        var progress = Unread;
        foreach (var part in records.Chunk(cut))
        {
            progress = ((KeepResult.Kept)await Recorder().KeepAsync(new StreamBatch(FakeStream.Arn, Unread.Shard, part, EndsShard: false), progress, Ct)).After;
        }

        var entries = await EntriesAsync();
        entries[1].Time.ShouldBe(entries[0].Time);
    }

    [Fact]
    public async Task The_end_of_a_shard_is_kept_with_its_last_records()
    {
        await Recorder().KeepAsync(Batch("8") with { EndsShard = true }, Unread, Ct);

        (await trail.ShardsAsync(FakeStream.Arn, Ct)).Single().Progress.Finished.ShouldBeTrue();
    }

    public async ValueTask DisposeAsync()
    {
        recorders.ForEach(recorder => recorder.Dispose());
        await trail.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static StreamBatch Batch(params string[] sequences) =>
        new(FakeStream.Arn, Unread.Shard, [.. sequences.Select(sequence => Utf8(FakeStream.Record(sequence)))], EndsShard: false);

    private static string Change(string sequence, string value) =>
        $$$"""{"eventID":"{{{sequence}}}","eventName":"INSERT","dynamodb":{"ApproximateCreationDateTime":1795302519,"Keys":{"id":{"S":"one"}},"NewImage":{"id":{"S":"one"},"v":{"N":"{{{value}}}"}},"SequenceNumber":"{{{sequence}}}","StreamViewType":"NEW_AND_OLD_IMAGES"} }""";

    private static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    // Each as another run of the program would have it.
    private Recorder Recorder()
    {
        var recorder = new Recorder(trail, _ => TableRules.None, new Told(told), SeededSecrets.From(1));
        recorders.Add(recorder);
        return recorder;
    }

    private async Task<ShardProgress> KeepAsync(ShardProgress before, params string[] sequences) => ((KeepResult.Kept)await Recorder().KeepAsync(Batch(sequences), before, Ct)).After;

    private Task<List<AuditEntry>> EntriesAsync() => trail.ShardEntriesAsync(FakeStream.Arn, Unread.Shard, 0, Ct).ToListAsync(Ct).AsTask();

    private sealed class Told(List<AuditEntry> list) : IProgress<KeptBatch>
    {
        public void Report(KeptBatch value) => list.AddRange(value.Entries());
    }
}
