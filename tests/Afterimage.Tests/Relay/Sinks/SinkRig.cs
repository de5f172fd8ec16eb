using System.Text;
using System.Text.Json;
using Afterimage.Hosting;
using Afterimage.Relay;
using Afterimage.Streams.Aws;
using Afterimage.Tests.Streams.Aws;

namespace Afterimage.Tests.Relay.Sinks;

/// <summary>A sink whose service is a stub behind the signed client: what was sent, and answers as a test prepares them.</summary>
internal sealed class SinkRig : IDisposable
{
    public const string Moment = "2026-11-22T12:00:00Z";

    private readonly ManualTime time = ManualTime.At(Moment);

    public StubAws Aws { get; } = new();

    /// <summary>What the sink asked for: service, region, and an address other than AWS's.</summary>
    public List<(AwsTarget Target, string? Region, Uri? Elsewhere)> Asked { get; } = [];

    public IEnumerable<string> Operations => Aws.Requests.Select(request => request.Headers.GetValueOrDefault("X-Amz-Target", "Query").Split('.')[^1]);

    public SinkSite Site => Sites.At(time: time, aws: (target, region, elsewhere) =>
    {
        Asked.Add((target, region, elsewhere));
        return new SignedCalls(Aws.Client(time, Place(target)));
    });

    public ISink Open(SinkOptions options) => SinkOpener.Open(options, Site);

    public ISink Open(string address) => Open(new SinkOptions(address));

    public JsonElement Sent(int at = 0) => JsonSerializer.Deserialize<JsonElement>(Aws.Requests[at].Body);

    public string Text(int at = 0) => Encoding.UTF8.GetString(Aws.Requests[at].Body);

    public void Dispose() => Aws.Dispose();

    public static async Task<IReadOnlyList<Delivery>> SendAsync(ISink sink, IReadOnlyList<OutgoingEntry> batch) => await sink.SendAsync(batch, TestContext.Current.CancellationToken);

    public static Task<SinkException> FailAsync(ISink sink, int count = 1) => Should.ThrowAsync<SinkException>(() => SendAsync(sink, Outgoing.Some(count)));

    private static SignedEndpoint Place(AwsTarget target)
    {
        var endpoint = new Uri("http://127.0.0.1:8000");
        return target switch
        {
            AwsTarget.DynamoDb => SignedEndpoint.DynamoDb(endpoint, "eu-west-1"),
            AwsTarget.Firehose => SignedEndpoint.Firehose(endpoint, "eu-west-1"),
            AwsTarget.Logs => SignedEndpoint.Logs(endpoint, "eu-west-1"),
            AwsTarget.Sns => SignedEndpoint.Sns(endpoint, "eu-west-1"),
            _ => SignedEndpoint.Sqs(endpoint, "eu-west-1"),
        };
    }
}
