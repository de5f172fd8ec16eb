using System.Text.Json;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.App;

public sealed class CommandLineTests : IDisposable
{
    private readonly ProgramInFolder program = new();

    [Fact]
    public async Task A_history_shows_each_change_with_what_differs()
    {
        await program.FillAsync();

        var answer = await program.RunAsync("history", "Orders", "id=o1");

        answer.ExitCode.ShouldBe(0, answer.Error);
        answer.Out.ShouldContain("INSERT");
        answer.Out.ShouldContain("~ /status \"PLACED\" → \"SHIPPED\"");
        answer.Out.ShouldContain("REMOVE");
        answer.Error.ShouldContain("read through 2026-11-21 20:11:07Z");
    }

    [Fact]
    public async Task As_JSON_there_is_one_entry_a_line_and_nothing_else_on_standard_output()
    {
        await program.FillAsync();

        var answer = await program.RunAsync("history", "Orders", "id=o1", "--json", "--reverse");

        var lines = answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        lines.Select(line => line.GetProperty("action").GetString()).ShouldBe(["REMOVE", "MODIFY", "INSERT"]);
    }

    [Fact]
    public async Task A_search_ends_at_its_limit_and_says_how_to_go_on()
    {
        await program.FillAsync();

        var first = await program.RunAsync("search", "--limit", "2", "--json");
        var cursor = first.Error.Split("--after ")[1].Split('\n')[0].Trim();
        var second = await program.RunAsync("search", "--after", cursor, "--json");

        first.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        JsonElement.Parse(second.Out).GetProperty("action").GetString().ShouldBe("INSERT");
    }

    [Fact]
    public async Task A_search_finds_a_change_from_one_value_to_another()
    {
        await program.FillAsync();

        var found = await program.RunAsync("search", "--changed", "/status", "--from", "PLACED", "--to", "SHIPPED", "--json");
        var not = await program.RunAsync("search", "--changed", "/status", "--from", "SHIPPED", "--to", "PLACED", "--json");

        JsonElement.Parse(found.Out).GetProperty("action").GetString().ShouldBe("MODIFY");
        (not.ExitCode, not.Out).ShouldBe((0, string.Empty));
    }

    [Fact]
    public async Task One_entry_is_shown_by_its_id_in_either_case()
    {
        await program.FillAsync();
        var id = JsonElement.Parse((await program.RunAsync("search", "--limit", "1", "--json")).Out).GetProperty("id").GetString()!;

        var shown = await program.RunAsync("show", id.ToUpperInvariant());

        shown.ExitCode.ShouldBe(0, shown.Error);
        shown.Out.ShouldContain(id);
        shown.Out.ShouldContain(SampleEntries.Arn);
    }

    [Fact]
    public async Task An_id_that_the_trail_does_not_hold_ends_with_3()
    {
        await program.FillAsync();

        var answer = await program.RunAsync("show", "00000000000000000000000000");

        answer.ExitCode.ShouldBe(3);
        answer.Error.ShouldContain("holds no entry");
    }

    [Fact]
    public async Task The_state_of_the_trail_is_told_for_people_and_as_JSON()
    {
        await program.FillAsync();

        (await program.RunAsync("status")).Out.ShouldContain("3 entries");
        var json = JsonElement.Parse((await program.RunAsync("status", "--json")).Out);

        json.GetProperty("entries").GetInt64().ShouldBe(3);
        var shard = json.GetProperty("tables")[0].GetProperty("shards")[0];
        shard.GetProperty("position").GetString().ShouldBe("7");
        shard.GetProperty("finished").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_disabled_table_is_said_to_be_no_longer_followed()
    {
        await program.FillAsync();

        (await program.RunAsync("disable", "Orders")).ExitCode.ShouldBe(0);

        (await program.RunAsync("status")).Out.ShouldContain("not followed");
    }

    [Theory]
    [InlineData("Error: There is no trail at", "history", "Orders", "id=1")]
    [InlineData("Error: There is no trail at", "search")]
    [InlineData("Error: There is no trail at", "status")]
    [InlineData("Error: There is no trail at", "disable", "Orders")]
    public async Task A_question_to_a_trail_that_does_not_exist_is_an_error_and_makes_none(string expected, params string[] args)
    {
        var answer = await program.RunAsync(args);

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldStartWith(expected);
        answer.Error.ShouldContain("Try: ");
        File.Exists(program.PathOf("trail.db")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("holds nothing of a table 'Users'", "history", "Users", "id=1")]
    [InlineData("'nr=1' is not a key of Orders", "history", "Orders", "nr=1")]
    [InlineData("--since is 'soon'", "history", "Orders", "id=o1", "--since", "soon")]
    [InlineData("--limit is '0', which is no whole number above 0", "history", "Orders", "id=o1", "--limit", "0")]
    [InlineData("--limit is 'abc', which is no whole number above 0", "search", "--limit", "abc")]
    [InlineData("--limit is '99999999999'", "search", "--limit", "99999999999")]
    [InlineData("--changes is '-1'", "demo", "--changes", "-1")]
    [InlineData("is not where a search of this trail ended", "search", "--after", "zzz")]
    [InlineData("is not the address of a trail", "status", "--trail", "postgres://x")]
    [InlineData("--action is 'UPDATE'", "search", "--action", "UPDATE")]
    [InlineData("--key needs --table", "search", "--key", "id=o1")]
    [InlineData("--from and --to need --changed", "search", "--to", "SHIPPED")]
    [InlineData("'abc' is not the id of an entry", "show", "abc")]
    [InlineData("--ennpoint", "run", "--ennpoint", "http://x")]
    [InlineData("'--unknown'", "search", "--unknown")]
    [InlineData("No table is named", "run")]
    [InlineData("--endpoint is 'localhost:8000'", "run", "--table", "Orders", "--endpoint", "localhost:8000")]
    [InlineData("--drain-after is 'x'", "run", "--table", "Orders", "--drain-after", "x")]
    [InlineData("'Or ders' is no table's name", "run", "--table", "Or ders")]
    [InlineData("region", "run", "--table", "Orders")]
    public async Task Wrong_usage_ends_with_2_and_says_what_to_do(string expected, params string[] args)
    {
        await program.FillAsync();

        var answer = await program.RunAsync(args);

        answer.ExitCode.ShouldBe(2, answer.Error);
        answer.Error.ShouldContain(expected);
        answer.Error.ShouldContain("Try: ");
        answer.Error.ShouldNotContain("   at ");
        answer.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task All_wrong_filters_are_reported_at_once()
    {
        await program.FillAsync();

        var answer = await program.RunAsync("search", "--action", "X", "--since", "soon", "--changed", "status", "--table", "Users");

        answer.Error.Split("Error: ").Length.ShouldBe(5);
    }

    [Fact]
    public async Task A_configuration_file_with_problems_ends_with_2()
    {
        await File.WriteAllTextAsync(program.PathOf("wrong.json"), """{"tabels": []}""", TestContext.Current.CancellationToken);

        var answer = await program.RunAsync("status", "--config", program.PathOf("wrong.json"));

        answer.ExitCode.ShouldBe(2);
        answer.Error.ShouldContain("'tabels' is unknown.");
    }

    [Fact]
    public async Task A_configuration_file_that_is_named_must_be_there() =>
        (await program.RunAsync("status", "--config", program.PathOf("none.json"))).ExitCode.ShouldBe(2);

    [Fact]
    public async Task The_environment_can_name_the_trail()
    {
        await program.FillAsync();
        program.Environment["AFTERIMAGE_TRAIL"] = program.Trail;

        (await program.RunAsync("status")).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("afterimage [command] [options]", "--help")]
    [InlineData("afterimage run [options]", "run", "--help")]
    [InlineData("afterimage history <TABLE> <KEY> [options]", "history", "-h")]
    public async Task The_usage_is_told_by_the_name_that_people_type(string usage, params string[] args)
    {
        var answer = await program.RunAsync(args);

        answer.ExitCode.ShouldBe(0, answer.Error);
        answer.Out.ShouldContain(usage);
    }

    [Theory]
    [InlineData]
    [InlineData("tables")]
    public async Task A_line_without_a_verb_ends_with_2(params string[] args)
    {
        var answer = await program.RunAsync(args);

        answer.ExitCode.ShouldBe(2);
        answer.Error.ShouldContain("Try: afterimage --help");
    }

    [Fact]
    public async Task The_version_is_told()
    {
        var answer = await program.RunAsync("--version");

        (answer.ExitCode, answer.Out.Trim()).ShouldBe((0, "0.1.0"));
    }

    [Fact]
    public void Text_that_would_steer_a_terminal_is_escaped() =>
        Afterimage.App.Output.Text.Safe("a\u001b[2Jb\u202ec\n").ShouldBe("a\\u001b[2Jb\\u202ec\\n");

    public void Dispose() => program.Dispose();
}
