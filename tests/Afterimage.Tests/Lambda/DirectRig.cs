using System.Text;
using System.Text.Json;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Lambda;
using Afterimage.Relay;
using Afterimage.Tests.Relay;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Lambda;

/// <summary>A process of the function over sinks alone, by a clock that runs fast.</summary>
internal sealed class DirectRig : IAsyncDisposable
{
    private readonly StringWriter told = new();
    private readonly DirectSinks direct;
    private readonly StreamFunction function;
    private int calls;

    /// <summary>A process that has just started.</summary>
    /// <param name="rules">What is configured for tables.</param>
    /// <param name="sinks">The sinks, and what is configured for each.</param>
    public DirectRig(TableRules rules, params (FakeSink Sink, SinkOptions Options)[] sinks)
    {
        var log = new FunctionLog(told, Time);
        direct = new DirectSinks([.. sinks.Select((one, at) => new DirectSink(one.Sink, one.Options, Time, new Random(at)))], [.. sinks.Select(one => one.Sink)]);
        function = new StreamFunction(new SinkOutlet(direct, new UnkeptEntries(_ => rules), Time, log), Time, log);
    }

    public DirectRig(params (FakeSink Sink, SinkOptions Options)[] sinks)
        : this(TableRules.None, sinks)
    {
    }

    public FastTime Time { get; } = new(50);

    /// <summary>What was logged.</summary>
    public string Told => told.ToString();

    /// <summary>The errors that were logged.</summary>
    public IEnumerable<JsonElement> Errors => Told.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).Where(line => line.GetProperty("level").GetString() == "ERROR");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A call behind a stream, with changes written as <c>ITEM:NUMBER</c>.</summary>
    /// <returns>What the answer names as failed.</returns>
    public Task<List<string?>> CallAsync(params IEnumerable<string> changes) => CallAsync(EventSource.EventOf(changes.Select(Record)));

    /// <summary>A call with an event.</summary>
    public async Task<List<string?>> CallAsync(byte[] payload, TimeSpan? within = null) =>
        [.. JsonElement.Parse(await AnswerAsync(payload, within)).GetProperty("batchItemFailures").EnumerateArray().Select(one => one.GetProperty("itemIdentifier").GetString())];

    /// <summary>The answer to an event.</summary>
    public Task<byte[]> AnswerAsync(byte[] payload, TimeSpan? within = null) =>
        function.RunAsync(new Invocation($"{++calls}", Time.GetUtcNow() + (within ?? TimeSpan.FromHours(1)), payload), Ct);

    /// <summary>A record as Lambda delivers it, of a change written as <c>ITEM:NUMBER</c>.</summary>
    public static byte[] Record(string change)
    {
        var (item, number) = (change.Split(':')[0], change.Split(':')[1]);
        return EventSource.Delivered(Encoding.UTF8.GetBytes(
            $$"""
            {"eventID":"e{{number}}","eventName":"INSERT","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":1795302519,"Keys":{"id":{"S":"{{item}}"} },"NewImage":{"id":{"S":"{{item}}"},"n":{"N":"{{number}}"} },"SequenceNumber":"{{number}}","SizeBytes":10,"StreamViewType":"NEW_AND_OLD_IMAGES"} }
            """));
    }

    public async ValueTask DisposeAsync()
    {
        await direct.DisposeAsync();
        await told.DisposeAsync();
    }
}
