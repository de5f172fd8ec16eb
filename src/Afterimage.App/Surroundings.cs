namespace Afterimage.App;

/// <summary>All that the program takes from the process it runs in, so that a test can hand it in.</summary>
/// <param name="Out">Answers.</param>
/// <param name="Error">Messages.</param>
/// <param name="Environment">Environment variables; null where one is not set.</param>
/// <param name="Time">The clock and the reader's time zone.</param>
/// <param name="Random">Jitter, and the demo's choices.</param>
/// <param name="Secrets">Makes a secret of so many random bytes.</param>
/// <param name="Signals">Requests to stop.</param>
/// <param name="IsTerminal">Whether answers go to a terminal, where lines are cut to its width and coloured.</param>
/// <param name="Width">The terminal's width in characters.</param>
internal sealed record Surroundings(
    TextWriter Out, TextWriter Error, Func<string, string?> Environment, TimeProvider Time, Random Random, Func<int, byte[]> Secrets, StopSignals Signals, bool IsTerminal, int Width);

/// <summary>Two stages of stopping: the first finishes what is in hand, the second gives it up.</summary>
/// <param name="Stop">Set by the first Ctrl-C or SIGTERM.</param>
/// <param name="Abandon">Set by the second.</param>
internal sealed record StopSignals(CancellationToken Stop, CancellationToken Abandon)
{
    public static StopSignals None { get; } = new(CancellationToken.None, CancellationToken.None);
}
