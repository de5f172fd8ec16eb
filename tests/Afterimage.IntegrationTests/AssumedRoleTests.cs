using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Afterimage.IntegrationTests.Support;

namespace Afterimage.IntegrationTests;

/// <summary>Tables that are read by a role, which an emulated STS gives out.</summary>
public sealed class AssumedRoleTests(LocalDatabase database)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_is_read_by_the_role_that_its_configuration_names()
    {
        SystemPackage.DemandBy("moto_server", "pip install 'moto[server]==5.2.1'");
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        var table = await StreamedTable.CreateAsync(client, "Assumed", ["id"], Ct);
        await client.PutItemAsync(table.Name, new() { ["id"] = new("1") }, Ct);
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "afterimage.json"),
            $$"""{"tables": [{"name": "{{table.Name}}", "role": "arn:aws:iam::123456789012:role/afterimage-reader"}]}""",
            Ct);
        using var sts = new EmulatedSts();
        await sts.ReadyAsync(Ct);

        using var run = AfterimageProcess.Start(
            folder.Path,
            new Dictionary<string, string> { ["AWS_ENDPOINT_URL_STS"] = sts.Endpoint.ToString() },
            "run", "--drain", "--json", "--trail", "sqlite:t.db", "--endpoint", (await database.EndpointAsync()).ToString());
        var kept = await run.StandardOutput.ReadToEndAsync(Ct);
        var said = await run.StandardError.ReadToEndAsync(Ct);
        await run.WaitForExitAsync(Ct);

        run.ExitCode.ShouldBe(0, said);
        var last = kept.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        JsonElement.Parse(last).GetProperty("action").GetString().ShouldBe("INSERT");
        (await sts.RolesAssumedAsync(Ct)).ShouldBeGreaterThan(0);
    }

    /// <summary>An STS of this test's own.</summary>
    private sealed class EmulatedSts : IDisposable
    {
        private readonly Process process;
        private readonly HttpClient http = new();
        private readonly List<string> log = [];

        public EmulatedSts()
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

        public Uri Endpoint { get; }

        public async Task ReadyAsync(CancellationToken ct)
        {
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

        /// <summary>How many calls it has answered, of which none is anything else here.</summary>
        public async Task<int> RolesAssumedAsync(CancellationToken ct)
        {
            while (true)
            {
                lock (log)
                {
                    if (log.Count(line => line.Contains("\"POST / HTTP/1.1\" 200", StringComparison.Ordinal)) is > 0 and var calls)
                    {
                        return calls;
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
            http.Dispose();
        }

        private void Note(string? line)
        {
            lock (log)
            {
                log.Add(line ?? string.Empty);
            }
        }
    }
}
