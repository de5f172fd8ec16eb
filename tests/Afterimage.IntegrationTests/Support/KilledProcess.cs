using System.Diagnostics;

namespace Afterimage.IntegrationTests.Support;

/// <summary>A process that is to run until it is killed. Nobody listens to what it says.</summary>
internal sealed class KilledProcess
{
    private readonly Process process;

    public KilledProcess(Process process, CancellationToken ct)
    {
        this.process = process;
        _ = process.StandardError.ReadToEndAsync(ct);
        _ = process.StandardOutput.ReadToEndAsync(ct);
    }

    /// <summary>Kills it; one that ended by itself fails the test.</summary>
    public async Task KillAsync(CancellationToken ct)
    {
        process.HasExited.ShouldBeFalse();
        process.Kill();
        await process.WaitForExitAsync(ct);
        process.Dispose();
    }
}
