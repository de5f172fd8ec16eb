using Afterimage.Streams.Aws;
using Afterimage.Streams.Hosting;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Streams.Hosting;

/// <summary>Which streams of the tables that are named are read.</summary>
public sealed class TableStreamsTests : IProgress<WorkerNotice>
{
    private readonly FakeTables tables = new();
    private readonly ListJournal journal = new();
    private readonly List<string> notices = [];
    private readonly LeapingTime time = new();

    [Fact]
    public async Task The_newest_stream_of_each_table_is_followed()
    {
        tables.Put("Orders", "2026-11-01");
        tables.Put("Orders", "2026-11-02");
        tables.Put("Customers", "2026-11-03");

        (await LookAsync(Source("Orders", "Customers"))).ShouldBe(["Orders 02", "Customers 03"]);
    }

    [Fact]
    public async Task Pain_11_a_re_enabled_stream_and_those_that_came_and_went_between_are_followed_after_it_without_a_restart()
    {
        var source = Source("Orders");
        tables.Put("Orders", "2026-11-01");
        await LookAsync(source);
        tables.Put("Orders", "2026-11-02");
        tables.Put("Orders", "2026-11-03");

        (await LookAsync(source)).ShouldBe(["Orders 01", "Orders 02 after 01", "Orders 03 after 02"]);
        (await LookAsync(source)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task After_a_restart_what_the_journal_knows_is_read_to_its_end_before_what_came_since()
    {
        tables.Put("Orders", "2026-11-01");
        var known = tables.Put("Orders", "2026-11-02")!.Value;
        tables.Put("Orders", "2026-11-03");
        journal.Beginnings.Add(new StreamBeginning(known, null, time.GetUtcNow(), StartFrom.TrimHorizon, [], []));

        (await LookAsync(Source("Orders"))).ShouldBe(["Orders 02", "Orders 03 after 02"]);
    }

    [Fact]
    public async Task At_the_start_every_table_that_lacks_something_is_named_at_once()
    {
        tables.Put("Orders", day: null);

        var error = await Should.ThrowAsync<AwsConfigurationException>(() => LookAsync(Source("Orders", "Customers")));

        error.Message.ShouldBe("Orders has no stream. There is no table Customers.");
    }

    [Fact]
    public async Task A_table_that_goes_is_said_once_and_its_stream_read_on()
    {
        var source = Source("Orders");
        tables.Put("Orders", "2026-11-01");
        await LookAsync(source);
        tables.Delete("Orders");

        (await LookAsync(source)).ShouldBe(["Orders 01"]);
        await LookAsync(source);
        notices.ShouldBe(["There is no table Orders."]);
    }

    [Fact]
    public async Task A_table_that_cannot_be_looked_at_does_not_stop_the_others()
    {
        tables.Put("Orders", "2026-11-01");
        tables.Put("Customers", "2026-11-01");
        var source = Source("Orders", "Customers");
        tables.Before = table => _ = table == "Orders" ? throw new AccessDeniedException("AccessDeniedException", "no", 400, null) : 0;

        (await LookAsync(source)).ShouldBe(["Customers 01"]);
        notices.ShouldHaveSingleItem().ShouldStartWith("Orders cannot be looked at");
    }

    [Fact]
    public async Task Where_no_table_can_be_looked_at_that_is_the_error()
    {
        tables.Before = _ => throw new AccessDeniedException("AccessDeniedException", "no", 400, null);

        await Should.ThrowAsync<AccessDeniedException>(() => LookAsync(Source("Orders")));
    }

    [Fact]
    public async Task A_denied_stream_is_gone_only_a_day_after_it_was_seen_last()
    {
        tables.Put("Orders", "2026-11-01");
        var source = Source("Orders");
        var stream = (await source.LookAsync(TestContext.Current.CancellationToken)).Single();

        (await source.IsGoneAsync(stream, TestContext.Current.CancellationToken)).ShouldBeFalse();
        tables.Delete("Orders");
        (await source.IsGoneAsync(stream, TestContext.Current.CancellationToken)).ShouldBeFalse();
        await Task.Delay(TimeSpan.FromHours(24), time, TestContext.Current.CancellationToken);
        (await source.IsGoneAsync(stream, TestContext.Current.CancellationToken)).ShouldBeTrue();
        tables.Put("Orders", "2026-11-01");
        (await source.IsGoneAsync(stream, TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    void IProgress<WorkerNotice>.Report(WorkerNotice value) => notices.Add(value.ShouldBeOfType<WorkerNotice.Noted>().What);

    private TableStreams Source(params string[] names) => new(names, StartFrom.TrimHorizon, tables, new StreamsAccess(tables, time), journal, this, time);

    private static async Task<IReadOnlyList<string>> LookAsync(TableStreams source) =>
        [.. (await source.LookAsync(TestContext.Current.CancellationToken)).Select(stream => $"{stream.Stream.Table} {Day(stream.Stream)}{(stream.Previous is { } one ? $" after {Day(one)}" : string.Empty)}")];

    private static string Day(StreamArn stream) => stream.Label[8..10];
}
