using System.Diagnostics;

namespace Afterimage.App.Demo;

/// <summary>A program that ends with the process that started it, however that one ends.</summary>
/// <remarks>
/// A shell stands between the two and reads a pipe that nobody writes to. The pipe closes when its owner lets go of it or dies, even by
/// kill -9, and then the shell kills the program. Signals that a terminal or a service manager sends to all processes of a group
/// are ignored by the shell and, by inheritance, by the program: its owner still needs it while it cleans up.
/// </remarks>
internal sealed class OwnedProcess : IAsyncDisposable
{
    /// <summary>The script of the shell between; its arguments are the program and the program's arguments.</summary>
    internal const string Guard = """
        trap '' HUP INT QUIT TERM
        exec 3<&0 2>&1
        "$@" </dev/null 3<&- &
        program=$!
        { read -r _ <&3; kill -9 "$program"; } >/dev/null &
        watcher=$!
        wait "$program"
        code=$?
        kill -9 "$watcher"
        exit "$code"
        """;

    private const int LinesKept = 20;

    private readonly Process process;
    private readonly Queue<string> tail = new();
    private readonly Task reading;

    private OwnedProcess(Process process)
    {
        this.process = process;
        reading = ReadOutputAsync();
    }

    /// <summary>Whether the program has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>The last lines that the program wrote, to standard output or error.</summary>
    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (tail)
            {
                return [.. tail];
            }
        }
    }

    public static OwnedProcess Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (IEnumerable<string>)["-c", Guard, "guard", program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return new OwnedProcess(Process.Start(start) ?? throw new InvalidOperationException("The shell did not start."));
    }

    /// <summary>Waits until the program has ended by itself and its last line is read.</summary>
    public async Task EndedAsync()
    {
        await process.WaitForExitAsync();
        await reading;
    }

    /// <summary>Kills the program, unless it has ended by itself, and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await EndedAsync();
        process.Dispose();
    }

    private async Task ReadOutputAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (tail)
            {
                tail.Enqueue(line);
                if (tail.Count > LinesKept)
                {
                    tail.Dequeue();
                }
            }
        }
    }
}
