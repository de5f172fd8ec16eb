using System.Net;
using System.Net.Sockets;
using System.Text;
using Afterimage.IntegrationTests.Support;

namespace Afterimage.IntegrationTests;

/// <summary>Metrics as a receiver of OTLP gets them.</summary>
public sealed class TelemetryTests(LocalDatabase database)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pain_17_lag_and_time_to_trim_reach_a_receiver_that_the_environment_names()
    {
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        using var receiver = new HttpListener();
        var address = $"http://127.0.0.1:{FreePort()}/";
        receiver.Prefixes.Add(address);
        receiver.Start();
        var table = await StreamedTable.CreateAsync(client, "Metered", ["id"], Ct);
        await client.PutItemAsync(table.Name, new() { ["id"] = new("1") }, Ct);

        using var process = AfterimageProcess.Start(
            folder.Path,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_METRIC_EXPORT_INTERVAL"] = "500" },
            "run", "--table", table.Name, "--endpoint", (await database.EndpointAsync()).ToString());
        try
        {
            // The wait is the assertion: an export that holds all of them comes, or the time is up.
            await ReceiveAsync(
                receiver, [table.Name, "afterimage.shard.time_to_trim", "afterimage.stream.lag", "afterimage.stream.records", "afterimage.entries", "service.name", "afterimage"]);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(Ct);
        }
    }

    // Names and values are plain text within protobuf.
    private static async Task ReceiveAsync(HttpListener receiver, string[] parts)
    {
        while (true)
        {
            var call = await receiver.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(60), Ct);
            using var body = new MemoryStream();
            await call.Request.InputStream.CopyToAsync(body, Ct);
            call.Response.Close();
            var text = Encoding.Latin1.GetString(body.ToArray());
            if (call.Request.Url!.AbsolutePath == "/v1/metrics" && parts.All(part => text.Contains(part, StringComparison.Ordinal)))
            {
                return;
            }
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
