using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Afterimage.Trail;

namespace Afterimage.Lambda;

/// <summary>The four routes by which a custom runtime talks to Lambda (developer guide, "Using the Lambda runtime API").</summary>
internal sealed class RuntimeApi : IDisposable
{
    private const string RequestId = "Lambda-Runtime-Aws-Request-Id";
    private const string Deadline = "Lambda-Runtime-Deadline-Ms";
    private const string ErrorType = "Lambda-Runtime-Function-Error-Type";

    // The next invocation may be hours away: the process is frozen until then.
    private readonly HttpClient client = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Talks to Lambda.</summary>
    /// <param name="address">Host and port, as <c>AWS_LAMBDA_RUNTIME_API</c> names them.</param>
    public RuntimeApi(string address) => client.BaseAddress = new Uri($"http://{address}/2018-06-01/runtime/");

    /// <summary>Waits for the next call.</summary>
    public async Task<Invocation> NextAsync(CancellationToken ct)
    {
        using var answer = (await client.GetAsync(new Uri("invocation/next", UriKind.Relative), ct)).EnsureSuccessStatusCode();
        var deadline = long.Parse(Header(answer.Headers, Deadline), CultureInfo.InvariantCulture);
        return new Invocation(Header(answer.Headers, RequestId), DateTimeOffset.FromUnixTimeMilliseconds(deadline), await answer.Content.ReadAsByteArrayAsync(ct));
    }

    /// <summary>Answers a call.</summary>
    public Task AnswerAsync(Invocation invocation, ReadOnlyMemory<byte> answer, CancellationToken ct) => PostAsync($"invocation/{invocation.RequestId}/response", answer, null, ct);

    /// <summary>Says that a call failed as a whole.</summary>
    public Task FailAsync(Invocation invocation, Exception error, CancellationToken ct) => PostAsync($"invocation/{invocation.RequestId}/error", Text(error), error.GetType().Name, ct);

    /// <summary>Says that the function cannot start.</summary>
    public Task FailStartAsync(Exception error, CancellationToken ct) => PostAsync("init/error", Text(error), error.GetType().Name, ct);

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private static string Header(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values)
        ? values.First()
        : throw new InvariantViolationException($"Lambda hands an invocation over without the header {name}.");

    private static byte[] Text(Exception error) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["errorMessage"] = error.Message, ["errorType"] = error.GetType().Name });

    private async Task PostAsync(string route, ReadOnlyMemory<byte> body, string? errorType, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(route, UriKind.Relative)) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (errorType is not null)
        {
            request.Headers.Add(ErrorType, errorType);
        }

        using var answer = (await client.SendAsync(request, ct)).EnsureSuccessStatusCode();
    }
}
