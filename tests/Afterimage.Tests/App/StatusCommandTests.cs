using System.Text.Json;

namespace Afterimage.Tests.App;

/// <summary>What <c>status</c> says of the health, and what a probe makes of it.</summary>
public sealed class StatusCommandTests : IDisposable
{
    private readonly ProgramInFolder program = new();

    [Fact]
    public async Task A_trail_that_was_read_lately_is_healthy()
    {
        await program.FillAsync();

        (await program.RunAsync("status")).Out.ShouldContain("Health: healthy");
        (await program.RunAsync("status", "--check")).ShouldBe((0, "Health: healthy\n", string.Empty));
    }

    [Fact]
    public async Task Pain_3_a_check_fails_where_nobody_reads_a_table_and_says_what_to_do()
    {
        await program.FillAsync();
        program.Start = program.Start.AddHours(22);

        var check = await program.RunAsync("status", "--check");

        check.ExitCode.ShouldBe(1);
        check.Out.ShouldContain("Health: unhealthy");
        check.Out.ShouldContain("Orders: nothing was read through since 2026-11-21 20:11:12Z");
        check.Out.ShouldContain("may be trimmed in 2h ");
        check.Out.ShouldContain("See that afterimage run runs");
        (await program.RunAsync("status")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_trail_whose_tables_were_all_let_go_is_healthy()
    {
        await program.FillAsync();
        await program.RunAsync("disable", "Orders");
        program.Start = program.Start.AddHours(22);

        (await program.RunAsync("status", "--check")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task The_health_is_there_as_JSON()
    {
        await program.FillAsync();
        program.Start = program.Start.AddHours(13);

        var health = JsonElement.Parse((await program.RunAsync("status", "--json")).Out).GetProperty("health");

        health.GetProperty("level").GetString().ShouldBe("unhealthy");
        health.GetProperty("reasons").EnumerateArray().Select(reason => $"{reason.GetProperty("level")} {reason.GetProperty("table")} {reason.GetProperty("cause")}")
            .ShouldBe(["unhealthy Orders abandoned", "alarm Orders trimmedSoon"]);
        JsonElement.Parse((await program.RunAsync("status", "--check", "--json")).Out).GetProperty("level").GetString().ShouldBe("unhealthy");
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "nonsense")]
    public async Task A_receiver_of_metrics_that_is_no_address_is_said_before_anything_is_read(string name, string value)
    {
        program.Environment[name] = value;

        var answer = await program.RunAsync("run", "--table", "Orders");

        answer.ExitCode.ShouldBe(2);
        answer.Error.ShouldContain($"{name} is '{value}'.");
    }

    public void Dispose() => program.Dispose();
}
