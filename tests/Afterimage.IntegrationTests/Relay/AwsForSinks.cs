using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Afterimage.Hosting;
using Afterimage.IntegrationTests.Support;
using Afterimage.Relay;
using Afterimage.Streams.Aws;

namespace Afterimage.IntegrationTests.Relay;

/// <summary>Emulated services that sinks send to, and the calls that make and read targets there.</summary>
public sealed class AwsForSinks : IAsyncLifetime
{
    private const string Account = "123456789012";

    private EmulatedAws? aws;
    private SinkAccess? access;
    private int made;

    internal Uri Endpoint => aws!.Endpoint;

    internal SinkSite Site => new(TimeProvider.System, Environment, _ => { }, access!.Of, access!.Http);

    internal ISink Open(SinkOptions options) => SinkOpener.Open(options, Site);

    internal ISink Open(string address) => Open(new SinkOptions(address));

    public string? Environment(string name) => name switch
    {
        "AWS_ACCESS_KEY_ID" or "AWS_SECRET_ACCESS_KEY" => "afterimage",
        "AWS_REGION" => "us-east-1",
        "AWS_ENDPOINT_URL" => aws!.Endpoint.ToString(),
        _ => null,
    };

    /// <summary>A name that no other test has.</summary>
    public string Name(string beginning) => $"{beginning}-{Interlocked.Increment(ref made)}";

    public async Task<string> QueueAsync(string name) => (await CallAsync(AwsTarget.Sqs, "CreateQueue", name.EndsWith(".fifo", StringComparison.Ordinal)
        ? new { QueueName = name, Attributes = new Dictionary<string, string> { ["FifoQueue"] = "true" } }
        : new { QueueName = name, Attributes = new Dictionary<string, string>() })).GetProperty("QueueUrl").GetString()!;

    public async Task<string> TopicAsync(string name)
    {
        var fifo = name.EndsWith(".fifo", StringComparison.Ordinal) ? "&Attributes.entry.1.key=FifoTopic&Attributes.entry.1.value=true" : string.Empty;
        return (await SnsAsync("CreateTopic", $"&Name={name}{fifo}")).Descendants().Single(element => element.Name.LocalName == "TopicArn").Value;
    }

    /// <summary>Subscribes a queue to a topic: messages come as they are, and only those that the policy wants.</summary>
    public Task SubscribeAsync(string topic, string queue, string policy = "{}") => SnsAsync(
        "Subscribe",
        $"&TopicArn={topic}&Protocol=sqs&Endpoint=arn:aws:sqs:us-east-1:{Account}:{queue}&Attributes.entry.1.key=RawMessageDelivery&Attributes.entry.1.value=true"
        + $"&Attributes.entry.2.key=FilterPolicy&Attributes.entry.2.value={Uri.EscapeDataString(policy)}");

    /// <summary>Everything that lies in a queue.</summary>
    public async Task<IReadOnlyList<JsonElement>> ReceiveAsync(string queueUrl)
    {
        var all = new List<JsonElement>();
        while (true)
        {
            var answer = await CallAsync(AwsTarget.Sqs, "ReceiveMessage", new { QueueUrl = queueUrl, MaxNumberOfMessages = 10, MessageAttributeNames = (string[])["All"], AttributeNames = (string[])["All"] });
            if (!answer.TryGetProperty("Messages", out var messages) || messages.GetArrayLength() == 0)
            {
                return all;
            }

            foreach (var message in messages.EnumerateArray())
            {
                all.Add(message);
                await CallAsync(AwsTarget.Sqs, "DeleteMessage", new { QueueUrl = queueUrl, ReceiptHandle = message.GetProperty("ReceiptHandle").GetString() });
            }
        }
    }

    internal Task<JsonElement> CallAsync(AwsTarget target, string operation, object request) => access!.Of(target, null, null).CallAsync(
        operation,
        JsonSerializer.SerializeToUtf8Bytes(request),
        answer => answer.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(answer.Span),
        TestContext.Current.CancellationToken);

    public async ValueTask InitializeAsync()
    {
        aws = await EmulatedAws.StartAsync(TestContext.Current.CancellationToken);
        access = new SinkAccess(new AwsSettings(), Environment, TimeProvider.System, new Random(1));
    }

    public ValueTask DisposeAsync()
    {
        access?.Dispose();
        aws?.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<XElement> SnsAsync(string operation, string rest) => access!.Of(AwsTarget.Sns, null, null).CallAsync(
        operation,
        Encoding.UTF8.GetBytes($"Action={operation}&Version=2010-03-31{rest}"),
        answer => XElement.Parse(Encoding.UTF8.GetString(answer.Span)),
        TestContext.Current.CancellationToken);
}
