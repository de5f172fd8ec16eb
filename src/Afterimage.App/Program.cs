using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Afterimage.App;

using var stop = new CancellationTokenSource();
using var abandon = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
using var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true };

var isTerminal = !Console.IsOutputRedirected;
var surroundings = new Surroundings(
    output,
    error,
    Environment.GetEnvironmentVariable,
    TimeProvider.System,
    new Random(unchecked((int)TimeProvider.System.GetTimestamp()) ^ Environment.ProcessId),
    RandomNumberGenerator.GetBytes,
    new StopSignals(stop.Token, abandon.Token),
    isTerminal,
    isTerminal ? Math.Max(40, Console.WindowWidth) : int.MaxValue);
try
{
    return await CommandLine.RunAsync(args, surroundings);
}
catch (Exception e)
{
    // The process edge: what nobody foresaw is a fault of the program, and said as one.
    await error.WriteLineAsync($"Error: {e.GetType().Name}: {e.Message}");
    await error.WriteLineAsync("Try: this is a fault in afterimage; nothing that was kept is lost. Please report it with the command that was run and what AFTERIMAGE_TRACE=1 adds.");
    if (Environment.GetEnvironmentVariable("AFTERIMAGE_TRACE") is { Length: > 0 })
    {
        await error.WriteLineAsync(e.ToString());
    }

    return ExitCode.Failed;
}

void OnSignal(PosixSignalContext context)
{
    context.Cancel = true;
    (stop.IsCancellationRequested ? abandon : stop).Cancel();
}
