using System.Text.Json;

namespace Afterimage.Tests.App;

public sealed class GapsCommandTests : IDisposable
{
    private readonly ProgramInFolder program = new();

    [Fact]
    public async Task Every_gap_is_listed_with_what_is_missing_and_what_to_do()
    {
        await program.FillWithGapsAsync();

        var answer = await program.RunAsync("gaps", "list");

        answer.ExitCode.ShouldBe(0, answer.Error);
        answer.Out.ShouldContain("GAP");
        answer.Out.ShouldContain("changes are missing: DynamoDB trims records after 24 hours, and these were not read by then (after sequence number 7)");
        answer.Out.ShouldContain("changes may be missing");
        answer.Out.ShouldContain("afterimage gaps acknowledge ");
        answer.Error.ShouldContain("2 gaps, 2 of them not acknowledged.");
    }

    [Fact]
    public async Task A_gap_that_is_acknowledged_stays_with_its_reason_and_warns_no_more()
    {
        await program.FillWithGapsAsync();
        var id = (await GapsAsync())[0].GetProperty("entry").GetProperty("id").GetString()!;

        (await program.RunAsync("gaps", "acknowledge", id, "--reason", "worker was down")).ExitCode.ShouldBe(0);

        (await GapsAsync())[0].GetProperty("acknowledged").GetProperty("reason").GetString().ShouldBe("worker was down");
        (await program.RunAsync("search")).Error.ShouldContain("; 1 gap: Orders: changes may be missing");
        (await program.RunAsync("gaps", "list")).Out.ShouldContain("worker was down");
    }

    [Fact]
    public async Task A_second_reason_is_said_to_change_nothing()
    {
        await program.FillWithGapsAsync();
        var id = (await GapsAsync())[0].GetProperty("entry").GetProperty("id").GetString()!;
        await program.RunAsync("gaps", "acknowledge", id, "--reason", "worker was down");

        var answer = await program.RunAsync("gaps", "acknowledge", id, "--reason", "other");

        answer.Out.ShouldContain("worker was down");
        answer.Error.ShouldContain("the first reason stays");
    }

    [Theory]
    [InlineData("history", "Orders", "id=o1")]
    [InlineData("search")]
    [InlineData("status")]
    public async Task Every_answer_says_that_there_are_gaps(params string[] args)
    {
        await program.FillWithGapsAsync();

        (await program.RunAsync(args)).Error.ShouldContain("2 gaps, 1 of them certain. See afterimage gaps list");
    }

    [Fact]
    public async Task The_state_as_JSON_counts_gaps()
    {
        await program.FillWithGapsAsync();

        var state = JsonElement.Parse((await program.RunAsync("status", "--json")).Out);

        state.GetProperty("gaps").GetInt32().ShouldBe(2);
        state.GetProperty("openGaps").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task All_that_is_wrong_with_an_acknowledgement_is_said_at_once()
    {
        await program.FillWithGapsAsync();

        var answer = await program.RunAsync("gaps", "acknowledge", "nonsense", "--reason", " ");

        answer.ExitCode.ShouldBe(2);
        answer.Error.ShouldContain("'nonsense' is not the id of a gap.");
        answer.Error.ShouldContain("--reason is empty.");
    }

    [Fact]
    public async Task What_is_no_gap_cannot_be_acknowledged()
    {
        await program.FillAsync();

        var answer = await program.RunAsync("gaps", "acknowledge", new string('0', 26), "--reason", "x");

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldContain("holds no gap");
    }

    public void Dispose() => program.Dispose();

    private async Task<List<JsonElement>> GapsAsync() =>
        [.. (await program.RunAsync("gaps", "list", "--json")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
}
