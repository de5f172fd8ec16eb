using System.Diagnostics;
using System.Globalization;
using Afterimage.App.Demo;

namespace Afterimage.IntegrationTests.Demo;

public sealed class OwnedProcessTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_program_is_gone_when_its_owner_was_killed_with_minus_9()
    {
        // The owner holds the pipe, as a process that started DynamoDB Local does, and prints its own id and the program's.
        const string OwnerAndProgram = """
            sh -c 'echo $$ >&2; exec sleep 600' | sh -c "$0" guard sh -c 'echo started; exec sleep 600'
            """;
        var start = new ProcessStartInfo("/bin/sh", ["-c", "sh -c \"$1\" \"$0\"", OwnedProcess.Guard, OwnerAndProgram])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var both = Process.Start(start)!;
        var owner = int.Parse((await both.StandardError.ReadLineAsync(Ct))!, CultureInfo.InvariantCulture);
        (await both.StandardOutput.ReadLineAsync(Ct)).ShouldBe("started");

        Process.GetProcessById(owner).Kill();

        // The output ends only when the program that holds it is gone.
        (await both.StandardOutput.ReadToEndAsync(Ct)).ShouldNotContain("started");
        await both.WaitForExitAsync(Ct);
    }

    [Fact]
    public async Task Signals_that_a_terminal_sends_to_everyone_are_left_to_the_owner()
    {
        // What the program inherits: the signals that it ignores, one bit each.
        await using var program = OwnedProcess.Start("grep", ["SigIgn", "/proc/self/status"]);
        await program.EndedAsync();

        var ignored = Convert.ToUInt64(program.Tail.ShouldHaveSingleItem().Split('\t')[1], 16);

        const int Hangup = 1;
        const int Interrupt = 2;
        const int Quit = 3;
        const int Terminate = 15;
        foreach (var signal in new[] { Hangup, Interrupt, Quit, Terminate })
        {
            (ignored >> (signal - 1) & 1).ShouldBe(1UL, $"signal {signal}");
        }
    }

    [Fact]
    public async Task What_the_program_said_last_is_kept()
    {
        await using var program = OwnedProcess.Start("sh", ["-c", "seq 100; echo sorry >&2; exit 3"]);
        await program.EndedAsync();

        program.Tail.Count.ShouldBe(20);
        program.Tail[^1].ShouldBe("sorry");
    }
}
