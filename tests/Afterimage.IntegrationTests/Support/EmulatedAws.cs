using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Afterimage.IntegrationTests.Support;

/// <summary>Services of AWS as moto emulates them, in a process of one test class's own.</summary>
internal sealed class EmulatedAws : IDisposable
{
    private readonly Process process;
    private readonly List<string> log = [];

    private EmulatedAws()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        Endpoint = new Uri($"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo("moto_server", ["-p", port.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>Where all of its services answer.</summary>
    public Uri Endpoint { get; }

    /// <summary>Starts it and waits until it answers. Skips the test where there is no moto, or fails it where everything must run.</summary>
    public static async Task<EmulatedAws> StartAsync(CancellationToken ct)
    {
        SystemPackage.DemandBy("moto_server", "pip install 'moto[server]==5.2.1'");
        var started = new EmulatedAws();
        try
        {
            await started.ReadyAsync(ct);
            return started;
        }
        catch
        {
            started.Dispose();
            throw;
        }
    }

    /// <summary>Waits until it has answered a call, which its log shows with this text.</summary>
    public async Task AnsweredAsync(string call, CancellationToken ct)
    {
        while (true)
        {
            lock (log)
            {
                if (log.Any(line => line.Contains(call, StringComparison.Ordinal)))
                {
                    return;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ct);
        }
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private async Task ReadyAsync(CancellationToken ct)
    {
        using var http = new HttpClient();
        while (!process.HasExited)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Endpoint, "moto-api/data.json"), ct);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ct);
            }
        }

        throw new InvalidOperationException($"moto_server has ended: {string.Join(Environment.NewLine, log)}");
    }

    private void Note(string? line)
    {
        lock (log)
        {
            log.Add(line ?? string.Empty);
        }
    }
}
