using Afterimage.Capture;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Capture;

/// <summary>A stream that is denied is gone, or the endpoint is another one than before: only the first is a gap.</summary>
public sealed class GoneStreamTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);
    private static readonly StreamArn Denied = Arn("Orders", "2026-11-01T00:00:00.000");

    [Fact]
    public void Of_a_table_that_was_deleted_more_than_a_day_ago_it_is_gone() => IsGone(table: null, Now.AddHours(-30)).ShouldBeTrue();

    [Fact]
    public void Of_a_table_that_was_made_anew_more_than_a_day_ago_it_is_gone() => IsGone(Table(Arn("Orders", "2026-11-20T00:00:00.000")), Now.AddHours(-30)).ShouldBeTrue();

    [Fact]
    public void A_table_that_still_names_it_contradicts() => IsGone(Table(Denied), Now.AddHours(-30)).ShouldBeFalse();

    [Fact]
    public void A_table_whose_stream_was_switched_off_may_name_it_for_longer_than_it_is_there()
    {
        IsGone(Table(Denied) with { StreamEnabled = false }, Now.AddHours(-30)).ShouldBeTrue();
        IsGone(Table(Denied) with { StreamEnabled = false }, Now.AddHours(-2)).ShouldBeFalse();
    }

    [Fact]
    public void A_stream_that_was_read_within_the_last_day_cannot_be_gone_so_that_it_must_be_another_endpoint() =>
        IsGone(Table(Arn("Orders", "2026-11-21T19:00:00.000")), Now.AddHours(-2)).ShouldBeFalse();

    [Fact]
    public void In_another_region_nothing_is_gone() => IsGone(table: null, Now.AddHours(-30), region: "eu-west-1").ShouldBeFalse();

    [Fact]
    public void In_another_account_nothing_is_gone() => IsGone(table: null, Now.AddHours(-30), account: "999999999999").ShouldBeFalse();

    [Fact]
    public void A_test_server_that_was_started_anew_forgets_all_streams_and_none_is_gone() =>
        IsGone(Table(Local("Orders", "2026-11-21T19:00:00.000")), Now.AddDays(-3), denied: Local("Orders", "2026-11-01T00:00:00.000")).ShouldBeFalse();

    [Fact]
    public void An_endpoint_that_still_shows_another_stream_of_the_trail_is_the_same_as_before() =>
        IsGone(table: null, Now.AddHours(-2), others: [Arn("Users", "2026-10-01T00:00:00.000")]).ShouldBeTrue();

    [Fact]
    public void A_stream_that_was_made_since_does_not_make_it_the_same_endpoint() =>
        IsGone(table: null, Now.AddHours(-2), others: [Arn("Users", "2026-11-21T19:30:00.000")]).ShouldBeFalse();

    [Fact]
    public void A_stream_of_which_nothing_was_kept_is_passed_over() => IsGone(table: null, lastSign: null, isKnown: false).ShouldBeTrue();

    private static bool IsGone(
        TableDescription? table,
        DateTimeOffset? lastSign,
        string region = "us-east-1",
        string? account = null,
        StreamArn[]? others = null,
        StreamArn? denied = null,
        bool isKnown = true)
    {
        var stream = denied ?? Denied;
        var tables = new FakeTables();
        var place = new AccountRegion(region, account, tables, new StreamsAccess(tables, new LeapingTime(Now)));
        KnownStream[] mine = isKnown ? [new KnownStream(stream, IsFinished: false, lastSign)] : [];
        var known = new KnownTables([], [.. mine, .. (others ?? []).Select(other => new KnownStream(other, IsFinished: false, Now))]);
        return GoneStream.IsCredible(stream, table, place, others ?? [], known, Now);
    }

    private static TableDescription Table(StreamArn latest) => FakeTables.Describe("Orders", latest);

    private static StreamArn Arn(string table, string label) => new($"arn:aws:dynamodb:us-east-1:123456789012:table/{table}/stream/{label}");

    private static StreamArn Local(string table, string label) => new($"arn:aws:dynamodb:ddblocal:000000000000:table/{table}/stream/{label}");
}
