using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Afterimage.Tests.Support;

namespace Afterimage.IntegrationTests.Support;

/// <summary>The four routes of Lambda's runtime API, and a function's process that asks them, as Lambda starts it: with nothing in its environment but what is given.</summary>
internal sealed class LambdaRuntime : IAsyncDisposable
{
    private readonly LocalListener listener = new();
    private readonly Channel<byte[]> payloads = Channel.CreateUnbounded<byte[]>();
    private readonly Channel<(string Route, string Body)> answers = Channel.CreateUnbounded<(string Route, string Body)>();
    private readonly Process process;
    private readonly Task serving;

    /// <summary>Starts the function.</summary>
    public LambdaRuntime(IReadOnlyDictionary<string, string> environment)
    {
        serving = ServeAsync();
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "bootstrap.dll")]) { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal) || name.StartsWith("AFTERIMAGE_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment.Append(new("AWS_LAMBDA_RUNTIME_API", new Uri(listener.Endpoint).Authority)))
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start)!;
    }

    /// <summary>What the function logs.</summary>
    public StreamReader Log => process.StandardOutput;

    /// <summary>Makes one call.</summary>
    /// <returns>The route of the answer, its last word alone, and its body.</returns>
    public async Task<(string Route, JsonElement Body)> CallAsync(byte[] payload, CancellationToken ct)
    {
        await payloads.Writer.WriteAsync(payload, ct);
        return await AnsweredAsync(ct);
    }

    /// <summary>Waits for what the function posts.</summary>
    public async Task<(string Route, JsonElement Body)> AnsweredAsync(CancellationToken ct)
    {
        var (route, body) = await answers.Reader.ReadAsync(ct);
        return (route, JsonElement.Parse(body));
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        payloads.Writer.Complete();
        listener.Dispose();
        await serving;
    }

    private async Task ServeAsync()
    {
        for (var call = 1; await listener.NextAsync() is { } context; call++)
        {
            try
            {
                if (context.Request.HttpMethod == "GET")
                {
                    var payload = await payloads.Reader.ReadAsync();
                    context.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = call.ToString(CultureInfo.InvariantCulture);
                    context.Response.Headers["Lambda-Runtime-Deadline-Ms"] = TimeProvider.System.GetUtcNow().AddMinutes(10).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
                    await context.Response.OutputStream.WriteAsync(payload);
                    context.Response.Close();
                    continue;
                }

                using var body = new StreamReader(context.Request.InputStream);
                var text = await body.ReadToEndAsync();
                context.Response.StatusCode = 202;
                context.Response.Close();
                await answers.Writer.WriteAsync((context.Request.Url!.Segments[^1], text));
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or ChannelClosedException)
            {
                return;
            }
        }
    }
}
