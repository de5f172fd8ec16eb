using System.Net;
using System.Net.Http.Headers;
using Amazon.Runtime;

namespace Afterimage.IntegrationTests.Stamp;

/// <summary>Lets a test do something before a request goes out, or answer it itself.</summary>
internal sealed class HookedHttp : HttpClientFactory
{
    private readonly List<string> sent = [];
    private readonly List<HttpMessageHandler> hooks = [];

    /// <summary>Called with the operation of each request and how many of it there were before; what it returns is the answer, null sends the request.</summary>
    public Func<string, int, Task<HttpResponseMessage?>> Before { get; set; } = (_, _) => Task.FromResult<HttpResponseMessage?>(null);

    /// <summary>The operations that were called, in order.</summary>
    public IReadOnlyList<string> Sent => sent;

    public static HttpResponseMessage Throttled() => Failure("ProvisionedThroughputExceededException", "slow down");

    public static HttpResponseMessage Failure(string code, string message) => new(HttpStatusCode.BadRequest)
    {
        Content = new StringContent(
            $$"""{"__type":"com.amazonaws.dynamodb.v20120810#{{code}}","message":"{{message}}"}""", new MediaTypeHeaderValue("application/x-amz-json-1.0")),
    };

    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var hook = new Hook(this) { CheckCertificateRevocationList = true };
        hooks.Add(hook);
        return new HttpClient(hook);
    }

    private sealed class Hook(HookedHttp owner) : HttpClientHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var operation = request.Headers.GetValues("X-Amz-Target").Single().Split('.')[^1];
            int before;
            lock (owner.sent)
            {
                before = owner.sent.Count(one => one == operation);
                owner.sent.Add(operation);
            }

            var answer = await owner.Before(operation, before);
            cancellationToken.ThrowIfCancellationRequested();
            if (answer is not null)
            {
                answer.RequestMessage = request;
            }

            return answer ?? await base.SendAsync(request, cancellationToken);
        }
    }
}
