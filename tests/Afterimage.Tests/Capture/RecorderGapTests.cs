using System.Text;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Capture;

public sealed class RecorderGapTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Found = new(2026, 11, 22, 7, 0, 0, TimeSpan.Zero);
    private static readonly StreamArn Former = new("arn:aws:dynamodb:us-west-2:123456789012:table/Orders/stream/2020-01-01T00:00:00.000");
    private static readonly ShardProgress Unread = new(new ShardId("shard"), null, null, 0, false);

    private readonly string folder = Directory.CreateTempSubdirectory("afterimage-test-").FullName;
    private readonly List<Recorder> recorders = [];
    private ITrail trail = null!;

    private Recorder Keeping => recorders[0];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        trail = await Trails.OpenFileAsync($"sqlite:{Path.Combine(folder, "trail.db")}", OpenMode.CreateOrWrite, Ct);
        NewRecorder();
    }

    [Fact]
    public async Task A_table_begins_with_a_lifecycle_entry_and_no_gap()
    {
        await Keeping.BeginAsync(Beginning(), Ct);

        var entry = (await TableEntriesAsync()).Single();
        entry.Kind.ShouldBe(EntryKind.Lifecycle);
        entry.Lifecycle.ShouldBe(new EntryLifecycle(LifecycleEvent.Begin, StartFrom.TrimHorizon));
        entry.Time.ShouldBe(Found);
        (await trail.GapsAsync(Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stream_begins_once_however_often_it_is_begun()
    {
        await Keeping.BeginAsync(Beginning(), Ct);
        var again = await NewRecorder().BeginAsync(Beginning() with { At = Found.AddHours(1), From = StartFrom.Latest }, Ct);

        again.At.ShouldBe(Found);
        again.From.ShouldBe(StartFrom.TrimHorizon);
        (await TableEntriesAsync()).Count.ShouldBe(1);
        (await Keeping.ReadAsync(FakeStream.Arn, Ct)).Beginning.ShouldNotBeNull().At.ShouldBe(Found);
    }

    [Fact]
    public async Task Pain_11_a_stream_that_was_switched_off_and_on_begins_with_one_gap()
    {
        await Keeping.BeginAsync(Beginning() with { Previous = Former }, Ct);

        var gap = (await trail.GapsAsync(Ct)).Single().Entry;
        gap.Gap.ShouldBe(new EntryGap(null, null, GapCause.ReEnabled, GapCertainty.Possible, Former.Value));
        gap.ShardId.ShouldBe("_table/Orders");
    }

    [Fact]
    public async Task What_the_trail_says_of_a_stream_is_no_shard_of_it()
    {
        await Keeping.BeginAsync(Beginning(), Ct);

        (await Keeping.ReadAsync(FakeStream.Arn, Ct)).Shards.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pain_7_what_was_trimmed_is_an_entry_and_reading_goes_on_behind_it()
    {
        var first = await KeepAsync(Batch("5"), Unread);
        var second = await KeepAsync(Batch("9") with { Gap = Gap(first) with { Next = new SequenceNumber("9") } }, first);

        var entries = await EntriesAsync();
        entries.Select(entry => entry.Kind).ShouldBe([EntryKind.Change, EntryKind.Gap, EntryKind.Change]);
        entries[1].Gap.ShouldBe(new EntryGap("5", "9", GapCause.Trimmed, GapCertainty.Possible, null));
        entries.Select(entry => entry.Index).ShouldBe([1L, 2, 3]);
        second.EndsInGap.ShouldBeFalse();
    }

    [Fact]
    public async Task A_gap_at_the_end_of_what_is_kept_is_known_to_the_next_run()
    {
        var first = await KeepAsync(Batch("5"), Unread);

        await KeepAsync(Batch() with { Gap = Gap(first) }, first);

        (await NewRecorder().ReadAsync(FakeStream.Arn, Ct)).Shards.Single().GapFoundAt.ShouldBe(Found);
    }

    [Fact]
    public async Task The_gap_of_a_shard_that_was_lost_is_the_last_leaf_of_its_tree()
    {
        var first = await KeepAsync(Batch("5"), Unread);

        var lost = await KeepAsync(Batch() with { Gap = Gap(first), EndsShard = true }, first);

        lost.Finished.ShouldBeTrue();
        (await EntriesAsync())[^1].Index.ShouldBe(lost.Size - 1);
    }

    [Fact]
    public async Task A_gap_that_comes_again_is_kept_once()
    {
        var first = await KeepAsync(Batch("5"), Unread);
        var batch = Batch() with { Gap = Gap(first) };
        await KeepAsync(batch, first);

        (await NewRecorder().KeepAsync(batch, first, Ct)).ShouldBeOfType<KeepResult.Superseded>();

        (await trail.GapsAsync(Ct)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_shard_whose_parent_was_gone_when_its_stream_began_opens_at_the_beginning()
    {
        await Keeping.BeginAsync(Beginning() with { Begins = [Unread.Shard] }, Ct);

        await KeepAsync(Batch() with { EndsShard = true }, Unread with { Parent = new ShardId("gone") });

        (await TreeAsync()).ShouldBe(await OpenedBehindAsync("beginning"));
    }

    [Fact]
    public async Task A_shard_whose_parent_should_have_been_read_opens_behind_an_unread_one()
    {
        await Keeping.BeginAsync(Beginning(), Ct);

        await KeepAsync(Batch() with { EndsShard = true }, Unread with { Parent = new ShardId("gone") });

        (await TreeAsync()).ShouldBe(await OpenedBehindAsync("unread"));
    }

    public async ValueTask DisposeAsync()
    {
        recorders.ForEach(made => made.Dispose());
        await trail.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static StreamBeginning Beginning() => new(FakeStream.Arn, null, Found, StartFrom.TrimHorizon, [Unread.Shard], []);

    private static ShardGap Gap(ShardProgress after) => new(FakeStream.Arn, after.Shard, after.Last, null, GapCause.Trimmed, GapCertainty.Possible, Found);

    private static StreamBatch Batch(params string[] sequences) => new(
        FakeStream.Arn, Unread.Shard, [.. sequences.Select(sequence => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(FakeStream.Record(sequence)))], EndsShard: false);

    // The tree of a shard that was opened and closed, and held nothing.
    private async Task<TreeState> OpenedBehindAsync(string parent)
    {
        var name = await trail.NameAsync("unused", Ct);
        var open = $$"""{"enc":1,"i":0,"parent":"{{parent}}","shard":"shard","stream":"{{FakeStream.Arn.Value}}","t":"open","trail":"{{name}}"}""";
        return TreeState.Empty.Append(MerkleTree.Leaf(Encoding.UTF8.GetBytes(open)), MerkleTree.Leaf("""{"count":0,"ending":null,"i":1,"t":"close"}"""u8));
    }

    private async Task<TreeState> TreeAsync() => (await trail.ShardAsync(FakeStream.Arn, Unread.Shard, Ct))!.Tree;

    // Each as another run of the program would have it.
    private Recorder NewRecorder()
    {
        var made = new Recorder(trail, _ => TableRules.None, new Progress<KeptBatch>(), SeededSecrets.From(1));
        recorders.Add(made);
        return made;
    }

    private async Task<ShardProgress> KeepAsync(StreamBatch batch, ShardProgress before) => ((KeepResult.Kept)await Keeping.KeepAsync(batch, before, Ct)).After;

    private Task<List<AuditEntry>> EntriesAsync() => trail.ShardEntriesAsync(FakeStream.Arn, Unread.Shard, 0, Ct).ToListAsync(Ct).AsTask();

    private Task<List<AuditEntry>> TableEntriesAsync() => trail.ShardEntriesAsync(FakeStream.Arn, TrailShard.OfTable("Orders"), 0, Ct).ToListAsync(Ct).AsTask();
}
