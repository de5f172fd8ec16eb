using System.Net;
using System.Text;
using Afterimage.Streams.Aws;

namespace Afterimage.Tests.Streams.Aws;

/// <summary>What a request carried, as the service sees it.</summary>
internal sealed record Received(Uri Uri, string Method, Dictionary<string, string> Headers, byte[] Body);

/// <summary>A service behind the connection: it remembers every request and gives one prepared answer after the other, the last for ever.</summary>
internal sealed class StubAws : HttpMessageHandler
{
    private readonly Queue<Func<CancellationToken, Task<HttpResponseMessage>>> answers = new();

    private readonly ChainCredentials keys = Keys();
    private readonly HttpMessageInvoker invoker;

    public StubAws() => invoker = new(this, disposeHandler: false);

    public List<Received> Requests { get; } = [];

    public StubAws Answers(int status, byte[] body, params (string Name, string Value)[] headers)
    {
        answers.Enqueue(_ => Task.FromResult(Response(status, body, headers)));
        return this;
    }

    public StubAws Answers(int status, string body, params (string Name, string Value)[] headers) => Answers(status, Encoding.UTF8.GetBytes(body), headers);

    public StubAws Fails(Exception exception)
    {
        answers.Enqueue(_ => Task.FromException<HttpResponseMessage>(exception));
        return this;
    }

    /// <summary>Every request waits for ever; the first thing it does may be to have the caller give up.</summary>
    public StubAws NeverAnswers(CancellationTokenSource? caller = null)
    {
        answers.Enqueue(async ct =>
        {
            await (caller?.CancelAsync() ?? Task.CompletedTask);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            throw new InvalidOperationException("Nothing ends this wait but its cancellation.");
        });
        return this;
    }

    public SignedJsonClient Client(ManualTime time, SignedEndpoint? service = null) => new(
        service ?? SignedEndpoint.Streams(new Uri("http://127.0.0.1:8000"), "us-west-2"), keys, invoker, time, new Random(1));

    public StreamsClient Streams(ManualTime time) => new(Client(time));

    public static ChainCredentials Keys(string? token = null) => new(
        null, name => name switch { "AWS_ACCESS_KEY_ID" => "local", "AWS_SECRET_ACCESS_KEY" => "local", "AWS_SESSION_TOKEN" => token, _ => null });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var headers = request.Headers.Concat(request.Content!.Headers)
            .ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase);
        Requests.Add(new(request.RequestUri!, request.Method.Method, headers, await request.Content.ReadAsByteArrayAsync(cancellationToken)));
        var answer = answers.Count > 1 ? answers.Dequeue() : answers.Peek();
        return await answer(cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        invoker.Dispose();
        keys.Dispose();
    }

    private static HttpResponseMessage Response(int status, byte[] body, (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(body) };
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }
}
