using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Afterimage.Tests.Support;

namespace Afterimage.IntegrationTests.Permissions;

/// <summary>
/// Stands before emulated services and lets through what a policy allows, as IAM does before AWS: DynamoDB Local knows no policies, and moto's server knows neither
/// the actions behind batches nor most resources. Both moto's engine and the tests' own, which knows conditions, must allow a call. What was asked is remembered.
/// </summary>
internal sealed class PolicedAws : IAsyncDisposable
{
    private static readonly string[] OfConnections = ["Host", "Connection", "Content-Length", "Transfer-Encoding", "Expect"];

    private readonly LocalListener listener = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly ConcurrentQueue<AskedRight> asked = new();
    private readonly ConcurrentQueue<string> failures = new();
    private readonly MotoPolicies moto;
    private readonly Func<string, Uri> targetOf;
    private readonly Task serving;

    /// <summary>Starts it.</summary>
    /// <param name="policy">What is allowed.</param>
    /// <param name="moto">Judges it too.</param>
    /// <param name="targetOf">Where the calls of a service go, by the word before the colon of its actions.</param>
    public PolicedAws(JudgedPolicy policy, MotoPolicies moto, Func<string, Uri> targetOf)
    {
        (Policy, this.moto, this.targetOf) = (policy, moto, targetOf);
        serving = ServeAsync();
    }

    public JudgedPolicy Policy { get; }

    public string Endpoint => listener.Endpoint;

    /// <summary>What was asked for so far, each once.</summary>
    public IReadOnlyList<AskedRight> Asked => [.. asked.Distinct()];

    /// <summary>What could not be judged or passed on.</summary>
    public IReadOnlyCollection<string> Failures => failures;

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await serving;
        http.Dispose();
    }

    private async Task ServeAsync()
    {
        var answering = new List<Task>();
        while (await listener.NextAsync() is { } call)
        {
            answering.RemoveAll(task => task.IsCompleted);
            answering.Add(Task.Run(() => TryAnswerAsync(call)));
        }

        await Task.WhenAll(answering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Whoever waits for an answer gets one, and the test that looks at what was asked gets to know.
    private async Task TryAnswerAsync(HttpListenerContext call)
    {
        try
        {
            await AnswerAsync(call);
        }
        catch (HttpListenerException)
        {
            // Whoever asked is gone: a program that ends leaves calls behind.
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or HttpRequestException)
        {
            failures.Enqueue(e.ToString());
            call.Response.Abort();
        }
    }

    private async Task AnswerAsync(HttpListenerContext call)
    {
        using var body = new MemoryStream();
        await call.Request.InputStream.CopyToAsync(body);
        var rights = AskedRight.Of(call.Request, body.ToArray());
        foreach (var right in rights)
        {
            asked.Enqueue(right);
        }

        var permitted = await moto.PermitsAsync(Policy, rights);
        if (rights.Where((right, at) => !permitted[at] || !Policy.Allows(right)).FirstOrDefault() is { } denied)
        {
            await AnswerAsync(call.Response, call.Request.Headers["X-Amz-Target"] is null ? 403 : 400, $$"""{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"not authorized to perform: {{denied.Action}} on resource: {{denied.Resource}}"}""");
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(call.Request.HttpMethod), new Uri(targetOf(rights[0].Action.Split(':')[0]), call.Request.RawUrl));
        request.Content = new ByteArrayContent(body.ToArray());
        foreach (var name in call.Request.Headers.AllKeys.OfType<string>().Except(OfConnections, StringComparer.OrdinalIgnoreCase))
        {
            if (!request.Headers.TryAddWithoutValidation(name, call.Request.Headers[name]))
            {
                request.Content.Headers.TryAddWithoutValidation(name, call.Request.Headers[name]);
            }
        }

        using var answer = await http.SendAsync(request);
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !OfConnections.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            call.Response.Headers[name] = string.Join(',', values);
        }

        call.Response.StatusCode = (int)answer.StatusCode;
        await call.Response.OutputStream.WriteAsync(await answer.Content.ReadAsByteArrayAsync());
        call.Response.Close();
    }

    private static async Task AnswerAsync(HttpListenerResponse response, int status, string text)
    {
        response.StatusCode = status;
        await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
        response.Close();
    }
}
