using System.Text.Json;
using Afterimage.Tests.Support;
using Afterimage.Tests.Verifying;

namespace Afterimage.Tests.App;

/// <summary>What <c>verify</c>, <c>prove</c> and <c>verify-proof</c> print, and what they end with.</summary>
public sealed class VerifyCommandTests : IAsyncLifetime
{
    private readonly ProgramInFolder program = new();
    private SealedTrail trail = null!;

    private string Key => trail.Key.Verifier(SealedTrail.Name).ToString();

    public async ValueTask InitializeAsync()
    {
        trail = await SealedTrail.FillAsync(41);
        program.Start = trail.Time.Now;
    }

    public async ValueTask DisposeAsync()
    {
        program.Dispose();
        await trail.DisposeAsync();
    }

    [Fact]
    public async Task A_sound_trail_ends_with_0_and_says_so_on_the_first_line()
    {
        var answer = await RunAsync("verify", "--key", Key);

        answer.ExitCode.ShouldBe(0);
        answer.Out.ReplaceLineEndings("\n").ShouldBe("intact and complete\n");
        answer.Error.ShouldContain("158 entries, log of size");
        answer.Error.ShouldContain("No witness is configured");
    }

    [Fact]
    public async Task An_altered_trail_ends_with_3_and_names_what_was_found()
    {
        trail.Alter("UPDATE word SET text = 'mallory' WHERE text = 'alice'");

        var answer = await RunAsync("verify", "--key", Key);

        answer.ExitCode.ShouldBe(3);
        answer.Out.ShouldStartWith("ALTERED: DERIVED");
        answer.Out.ShouldContain("actor 'mallory' and not 'alice'");
    }

    [Fact]
    public async Task An_incomplete_trail_ends_with_4()
    {
        program.Start = trail.Time.Now.AddHours(5);

        var answer = await RunAsync("verify", "--key", Key);

        answer.ExitCode.ShouldBe(4);
        answer.Out.ShouldStartWith("intact, incomplete: STALE");
    }

    [Fact]
    public async Task As_json_the_answer_is_one_object()
    {
        var answer = await RunAsync("verify", "--json", "--key", Key);

        var said = JsonElement.Parse(answer.Out);
        said.GetProperty("result").GetString().ShouldBe("intact and complete");
        said.GetProperty("vkey").GetString().ShouldBe(Key);
        said.GetProperty("entries").GetInt64().ShouldBe(158);
        said.GetProperty("size").GetInt64().ShouldBeGreaterThan(0);
        said.GetProperty("root").GetString()!.Length.ShouldBe(44);
        said.GetProperty("findings").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Another_key_than_the_trails_is_a_signature_that_does_not_hold()
    {
        using var other = new MemoryKey();

        var answer = await RunAsync("verify", "--key", other.Verifier(SealedTrail.Name).ToString());

        answer.ExitCode.ShouldBe(3);
        answer.Out.ShouldContain("SIGNATURE");
    }

    [Fact]
    public async Task Without_a_key_it_is_said_where_one_comes_from()
    {
        var answer = await RunAsync("verify");

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldContain("Try:");
        program.Environment["AFTERIMAGE_KEY"] = $"file:{program.PathOf("none.key")}";
        (await RunAsync("verify")).ExitCode.ShouldBe(1);
        (await RunAsync("verify", "--key", "nonsense")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task A_proof_is_made_and_holds_without_the_trail()
    {
        var (id, file) = (await AnyAsync(), program.PathOf("p.json"));

        (await RunAsync("prove", id, "--out", file)).ExitCode.ShouldBe(0);

        var answer = await program.RunAsync("verify-proof", file, "--key", Key);
        (answer.ExitCode, answer.Error).ShouldBe((0, string.Empty));
        answer.Out.ShouldStartWith("proven: sealed 2026-11-21 ");
        answer.Out.ShouldContain(id);
        JsonElement.Parse((await program.RunAsync("verify-proof", file, "--json", "--key", Key)).Out).GetProperty("result").GetString().ShouldBe("proven");
        (await RunAsync("verify", "--entry", id, "--key", Key)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_proof_for_another_key_or_cut_short_proves_nothing()
    {
        var (id, file) = (await AnyAsync(), program.PathOf("p.json"));
        await RunAsync("prove", id, "--out", file);
        using var other = new MemoryKey();

        var refuted = await program.RunAsync("verify-proof", file, "--key", other.Verifier(SealedTrail.Name).ToString());
        (refuted.ExitCode, refuted.Out).ShouldSatisfyAllConditions(said => said.ExitCode.ShouldBe(3), said => said.Out.ShouldStartWith("NOT PROVEN: SIGNATURE"));

        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, text[..(text.Length / 2)], TestContext.Current.CancellationToken);
        var cut = await program.RunAsync("verify-proof", file, "--key", Key);
        cut.ExitCode.ShouldBe(1);
        cut.Error.ShouldContain("is no proof");
        (await program.RunAsync("verify-proof", program.PathOf("none.json"), "--key", Key)).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_no_entry_of_the_trail_has_no_proof()
    {
        (await RunAsync("prove", "00000000000000000000000000")).ExitCode.ShouldBe(3);
        (await RunAsync("prove", "nonsense")).ExitCode.ShouldBe(2);
        (await RunAsync("verify", "--entry", "00000000000000000000000000", "--key", Key)).ExitCode.ShouldBe(3);
    }

    private Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] args) => program.RunAsync([.. args, "--trail", $"sqlite:{trail.Path}"]);

    private async Task<string> AnyAsync()
    {
        var first = (await RunAsync("search", "--json", "--limit", "1")).Out.Split('\n')[0];
        return JsonElement.Parse(first).GetProperty("id").GetString()!;
    }
}
