using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Capture;

/// <summary>What is followed, while tables and streams come and go.</summary>
public sealed class TableSourceTests : ITableLedger, IProgress<WorkerNotice>
{
    private readonly Dictionary<string, FakeTables> regions = new() { ["us-east-1"] = new FakeTables() };
    private readonly Dictionary<string, AccountRegion> places = [];
    private readonly Dictionary<string, TrailTable> rows = [];
    private readonly List<KnownStream> known = [];
    private readonly List<WorkerNotice> notices = [];
    private TableSource? source;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FakeTables Tables => regions["us-east-1"];

    [Fact]
    public async Task Pain_11_a_re_enabled_stream_is_followed_after_the_one_before_without_a_restart()
    {
        Tables.Put("Orders", "2026-11-01");
        (await LookAsync("Orders")).ShouldBe(["Orders 01"]);
        Keep("Orders", "2026-11-01");

        Tables.Put("Orders", "2026-11-03");
        (await LookAsync("Orders")).ShouldBe(["Orders 01", "Orders 03 after 01"]);
        rows["Orders"].Stream!.Value.Label.ShouldStartWith("2026-11-01");

        Keep("Orders", "2026-11-03");
        Finish("Orders", "2026-11-01");
        (await LookAsync("Orders")).ShouldBe(["Orders 03"]);
        rows["Orders"].Stream!.Value.Label.ShouldStartWith("2026-11-03");
        Said().ShouldBe(["Orders has a new stream. It is read once 2026-11-01T00:00:00.000 has been read to its end."]);
    }

    [Fact]
    public async Task A_restart_finds_every_stream_that_came_and_went_while_the_program_was_down()
    {
        Tables.Put("Orders", "2026-11-01");
        await LookAsync("Orders");
        Keep("Orders", "2026-11-01");
        Tables.Put("Orders", "2026-11-02");
        Tables.Put("Orders", "2026-11-03");
        source = null;

        (await LookAsync("Orders")).ShouldBe(["Orders 01", "Orders 02 after 01", "Orders 03 after 02"]);
    }

    [Fact]
    public async Task A_stream_waits_as_long_as_nobody_may_tell_what_came_between()
    {
        Tables.Put("Orders", "2026-11-01");
        await LookAsync("Orders");
        Keep("Orders", "2026-11-01");
        Tables.Put("Orders", "2026-11-03");
        Tables.Before = Denied("Orders/streams");

        (await LookAsync("Orders")).ShouldBe(["Orders 01"]);

        notices.OfType<WorkerNotice.Failing>().Single().What.ShouldBe("Orders: listing its streams");
    }

    [Fact]
    public async Task A_table_that_is_deleted_is_said_once_and_taken_up_when_it_is_made_again()
    {
        Tables.Put("Orders", "2026-11-01");
        await LookAsync("Orders");
        Keep("Orders", "2026-11-01");
        Tables.Delete("Orders");

        (await LookAsync("Orders")).ShouldBe(["Orders 01"]);
        (await LookAsync("Orders")).ShouldBe(["Orders 01"]);
        Said().Count(what => what.StartsWith("There is no table Orders any more.", StringComparison.Ordinal)).ShouldBe(1);

        Tables.Put("Orders", null);
        (await LookAsync("Orders")).ShouldBe(["Orders 01"]);
        Tables.Put("Orders", "2026-11-02");
        (await LookAsync("Orders")).ShouldBe(["Orders 01", "Orders 02 after 01"]);
    }

    [Fact]
    public async Task A_table_that_was_deleted_while_the_program_was_down_does_not_stop_the_others()
    {
        Tables.Put("Orders", "2026-11-01");
        Tables.Put("Users", "2026-11-01");
        await LookAsync("Orders", "Users");
        Keep("Orders", "2026-11-01");
        Tables.Delete("Orders");
        source = null;

        (await LookAsync("Orders", "Users")).ShouldBe(["Orders 01", "Users 01"]);
        source = null;
        (await LookAsync("*")).ShouldBe(["Users 01", "Orders 01"]);
    }

    [Fact]
    public async Task New_tables_that_fit_a_pattern_are_followed_also_where_it_fitted_nothing_before()
    {
        Tables.Put("Users", "2026-11-01");
        (await LookAsync("Users", "Orders*")).ShouldBe(["Users 01"]);
        Said().Single().ShouldStartWith("No table fits 'Orders*'.");

        Tables.Put("Orders2", "2026-11-02");

        (await LookAsync("Users", "Orders*")).ShouldBe(["Users 01", "Orders2 02"]);
        Said()[^1].ShouldBe("Orders2 is followed from now on.");
    }

    [Fact]
    public async Task One_table_among_many_without_permission_is_said_and_the_others_go_on()
    {
        Tables.Put("Orders", "2026-11-01");
        Tables.Put("Secrets", "2026-11-01");
        Tables.Before = Denied("Secrets");

        (await LookAsync("Orders", "Secrets")).ShouldBe(["Orders 01"]);
        (await LookAsync("Orders", "Secrets")).ShouldBe(["Orders 01"]);
        notices.Single().ShouldBeOfType<WorkerNotice.Failing>().What.ShouldBe("Secrets: looking it up");

        Tables.Before = _ => { };
        (await LookAsync("Orders", "Secrets")).ShouldBe(["Orders 01", "Secrets 01"]);
        notices.OfType<WorkerNotice.Recovered>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_table_whose_permission_is_lost_is_followed_on_by_what_was_known_of_it()
    {
        Tables.Put("Orders", "2026-11-01");
        Tables.Put("Users", "2026-11-01");
        await LookAsync("Orders", "Users");
        Tables.Before = Denied("Users");

        (await LookAsync("Orders", "Users")).ShouldBe(["Orders 01", "Users 01"]);
    }

    [Fact]
    public async Task Where_nothing_can_be_looked_up_at_all_that_is_the_error()
    {
        Tables.Put("Orders", "2026-11-01");
        Tables.Before = Denied("Orders");

        await Should.ThrowAsync<AccessDeniedException>(() => LookAsync("Orders"));
    }

    [Fact]
    public async Task At_the_start_all_problems_are_told_at_once_and_later_they_stop_nobody()
    {
        Tables.Put("Plain", null);
        (await Should.ThrowAsync<UsageException>(() => LookAsync("Plain", "Missing", "None*"))).Problems.Select(problem => problem.What)
            .ShouldBe(["Plain has no stream, so its changes cannot be followed.", "There is no table 'Missing'.", "No table fits 'None*'."]);
        rows.ShouldBeEmpty();

        source = null;
        Tables.Put("Orders", "2026-11-01");
        await LookAsync("Orders*");
        Tables.Put("Orders2", null);
        (await LookAsync("Orders*")).ShouldBe(["Orders 01"]);
        Said().Single().ShouldStartWith("Orders2 has no stream");
    }

    [Fact]
    public async Task A_table_that_is_disabled_while_it_is_followed_is_followed_no_more()
    {
        Tables.Put("Orders", "2026-11-01");
        Tables.Put("Users", "2026-11-01");
        await LookAsync("Orders", "Users");

        rows["Orders"] = rows["Orders"] with { Followed = false };

        (await LookAsync("Orders", "Users")).ShouldBe(["Users 01"]);
        rows["Orders"].Followed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_change_of_the_view_makes_a_new_stream_and_says_what_it_lacks()
    {
        Tables.Put("Orders", "2026-11-01");
        await LookAsync("Orders");
        Keep("Orders", "2026-11-01");
        Tables.Put("Orders", "2026-11-02", view: "KEYS_ONLY");

        (await LookAsync("Orders")).ShouldBe(["Orders 01", "Orders 02 after 01"]);
        Said().ShouldContain(what => what.Contains("carries keys only", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_that_is_switched_off_is_read_on_and_said()
    {
        Tables.Put("Orders", "2026-11-01");
        Tables.SwitchOff("Orders");

        (await LookAsync("Orders")).ShouldBe(["Orders 01"]);
        Said().Single().ShouldContain("is switched off");
    }

    [Fact]
    public async Task Tables_of_one_name_in_two_regions_do_not_share_a_trail()
    {
        regions["eu-west-1"] = new FakeTables("eu-west-1");
        Tables.Put("Orders", "2026-11-01");
        regions["eu-west-1"].Put("Orders", "2026-11-01");
        TableOptions[] both = [Options("Orders"), Options("Orders") with { Region = "eu-west-1" }];

        var problem = (await Should.ThrowAsync<UsageException>(() => LookAsync(both))).Problems.Single();
        problem.What.ShouldContain("arn:aws:dynamodb:eu-west-1:123456789012:table/Orders");

        source = null;
        await LookAsync(both[..1]);
        Keep("Orders", "2026-11-01");
        source = null;
        await Should.ThrowAsync<UsageException>(() => LookAsync(both[1..]));
    }

    [Fact]
    public async Task Tables_of_several_regions_are_reached_each_in_its_own()
    {
        regions["eu-west-1"] = new FakeTables("eu-west-1");
        Tables.Put("Orders", "2026-11-01");
        regions["eu-west-1"].Put("Users", "2026-11-01");

        (await LookAsync([Options("*"), Options("*") with { Region = "eu-west-1" }])).ShouldBe(["Orders 01", "Users 01"]);
        var streams = await source!.LookAsync(Ct);
        streams.Select(stream => stream.Access.Api).ShouldBe([Tables, regions["eu-west-1"]]);
    }

    [Fact]
    public async Task LATEST_is_for_the_first_stream_of_a_table_and_not_for_those_that_follow()
    {
        Tables.Put("Orders", "2026-11-01");
        TableOptions[] wanted = [Options("Orders") with { StartFrom = StartFrom.Latest }];
        await LookAsync(wanted);
        Keep("Orders", "2026-11-01");
        Tables.Put("Orders", "2026-11-02");

        (await source!.LookAsync(Ct)).Select(stream => stream.From).ShouldBe([StartFrom.Latest, StartFrom.TrimHorizon]);
    }

    Task<KnownTables> ITableLedger.ReadAsync(CancellationToken ct) => Task.FromResult(new KnownTables([.. rows.Values], [.. known]));

    Task<bool> ITableLedger.TryKeepAsync(TrailTable table, TrailTable? seen, CancellationToken ct)
    {
        var isAsSeen = rows.GetValueOrDefault(table.Name) == seen;
        rows[table.Name] = isAsSeen ? table : rows[table.Name];
        return Task.FromResult(isAsSeen);
    }

    void IProgress<WorkerNotice>.Report(WorkerNotice value) => notices.Add(value);

    private static TableOptions Options(string name) => new(name, TableRules.None);

    private static Action<string> Denied(string what) => name =>
        _ = name == what ? throw new AccessDeniedException("AccessDeniedException", $"not allowed on {what}", 400, null) : name;

    private void Keep(string table, string day) => known.Add(new KnownStream(Stream(table, day), IsFinished: false, null));

    private void Finish(string table, string day)
    {
        known.RemoveAll(one => one.Stream == Stream(table, day));
        known.Add(new KnownStream(Stream(table, day), IsFinished: true, null));
    }

    private static Afterimage.Streams.Records.StreamArn Stream(string table, string day) => new($"arn:aws:dynamodb:us-east-1:123456789012:table/{table}/stream/{day}T00:00:00.000");

    private List<string> Said() => [.. notices.OfType<WorkerNotice.Noted>().Select(notice => notice.What)];

    private Task<List<string>> LookAsync(params string[] names) => LookAsync([.. names.Select(Options)]);

    // The same source is asked again, until a test lets it go as a restart does.
    private async Task<List<string>> LookAsync(TableOptions[] wanted)
    {
        source ??= new TableSource(wanted, RegionOf, this, this, new LeapingTime());
        return [.. (await source.LookAsync(Ct)).Select(one => $"{one.Stream.Table} {one.Stream.Label[8..10]}{(one.Previous is { } before ? $" after {before.Label[8..10]}" : string.Empty)}")];
    }

    private AccountRegion RegionOf(TableOptions table)
    {
        var region = table.Region ?? "us-east-1";
        return places.TryGetValue(region, out var place)
            ? place
            : places[region] = new AccountRegion(region, null, regions[region], new StreamsAccess(regions[region], new LeapingTime()));
    }
}
