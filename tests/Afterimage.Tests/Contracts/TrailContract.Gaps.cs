using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail;

namespace Afterimage.Tests.Contracts;

public abstract partial class TrailContract
{
    [Fact]
    public async Task How_a_stream_began_is_kept_with_its_append_and_only_there()
    {
        var beginning = new StreamBeginning(
            Shop.Stream, Shop.StreamOf("Orders", "2026-11-19T00:00:00.000"), Shop.Noon, StartFrom.Latest, [Shop.Shard, new ShardId("other")], [Shop.Shard]);
        (await Trail.BeginningAsync(Shop.Stream, Ct)).ShouldBeNull();
        var append = Shop.Append(Shop.Unread(TrailShard.OfTable("Orders")), Shop.Entry("1") with { ShardId = "_table/Orders" }) with { Beginning = beginning };

        await KeepAsync(append);
        await KeepAsync(append);

        var kept = (await Trail.BeginningAsync(Shop.Stream, Ct)).ShouldNotBeNull();
        (kept with { Listed = beginning.Listed, Begins = beginning.Begins }).ShouldBe(beginning);
        kept.Listed.ShouldBe(beginning.Listed);
        kept.Begins.ShouldBe(beginning.Begins);
        (await Trail.BegunAsync(Ct)).ShouldBe(new Dictionary<StreamArn, DateTimeOffset> { [Shop.Stream] = Shop.Noon });
        (await Trail.BeginningAsync(Shop.StreamOf("Orders", "2026-11-19T00:00:00.000"), Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task A_shard_that_ends_in_a_gap_says_so_until_something_follows()
    {
        var append = Shop.Append(Shop.Unread(Shop.Shard), Gap("1"));
        await KeepAsync(append with { After = append.After with { Last = null, GapFoundAt = Shop.Noon } });
        (await RowAsync()).Progress.GapFoundAt.ShouldBe(Shop.Noon);

        await KeepAsync(Shop.Append((await RowAsync()).Progress with { GapFoundAt = null }, Shop.Entry("2")));

        (await RowAsync()).Progress.GapFoundAt.ShouldBeNull();
    }

    [Fact]
    public async Task Gaps_are_listed_as_they_were_kept()
    {
        await KeepAsync(Shop.Entry("1"), Gap("2"), Shop.Entry("3"), Gap("4"));

        var gaps = await Trail.GapsAsync(Ct);

        gaps.Select(gap => gap.Entry.Id).ShouldBe([Gap("2").Id, Gap("4").Id]);
        gaps.ShouldAllBe(gap => gap.Acknowledged == null && gap.Reason == null);
        gaps[0].Entry.Gap.ShouldBe(Gap("2").Gap);
        (await Trail.FindAsync(Gap("2").Id, Ct)).ShouldNotBeNull().Kind.ShouldBe(EntryKind.Gap);
    }

    [Fact]
    public async Task A_gap_is_acknowledged_once_and_the_first_reason_stays()
    {
        await Trail.NameAsync("a trail", Ct);
        await KeepAsync(Gap("1"), Gap("2"));

        (await Trail.AcknowledgeGapAsync(Gap("2").Id, Shop.Noon, "the worker was down", Ct)).ShouldNotBeNull().Reason.ShouldBe("the worker was down");
        (await Trail.AcknowledgeGapAsync(Gap("2").Id, Shop.Noon.AddDays(1), "other", Ct)).ShouldNotBeNull().Reason.ShouldBe("the worker was down");

        var gaps = await Trail.GapsAsync(Ct);
        gaps.Select(gap => gap.Acknowledged).ShouldBe([null, Shop.Noon]);
        (await Trail.Log.LeavesAsync(TreeName.Administration, 0, long.MaxValue, Ct).SelectMany(run => run.Texts.ToAsyncEnumerable()).CountAsync(Ct)).ShouldBe(2);
    }

    [Fact]
    public async Task What_is_no_gap_cannot_be_acknowledged()
    {
        await KeepAsync(Shop.Entry("1"));

        (await Trail.AcknowledgeGapAsync(Shop.Entry("1").Id, Shop.Noon, "no gap", Ct)).ShouldBeNull();
        (await Trail.AcknowledgeGapAsync(Gap("9").Id, Shop.Noon, "not there", Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task The_newest_entrys_time_is_that_of_a_change()
    {
        await KeepAsync(Shop.Entry("1", time: Shop.Noon), Gap("2") with { Time = Shop.Noon.AddHours(2) });

        (await RowAsync()).LastEntryTime.ShouldBe(Shop.Noon);
    }

    private static AuditEntry Gap(string last) => Shop.Entry(last) with
    {
        Id = EntryId.OfGap(Shop.Stream.Value, Shop.Shard.Value, new SequenceNumber(last), GapCause.Trimmed),
        Kind = EntryKind.Gap,
        Action = null,
        Keys = null,
        OldImage = null,
        NewImage = null,
        Changes = null,
        SequenceNumber = null,
        Gap = new EntryGap(last, null, GapCause.Trimmed, GapCertainty.Possible, null),
    };
}
