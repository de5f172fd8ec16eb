using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace Afterimage.Relay.Sinks;

/// <summary><c>sns:ARN</c>: a message for each entry, with attributes that subscriptions filter by. In a FIFO topic the group is the item and the deduplication id the entry's id.</summary>
internal sealed class SnsSink(string address, SinkAddress.OnTopic topic, IServiceCalls service) : ISink
{
    private readonly SinkCalls calls = new(service, address, "topic", "sns:Publish");

    /// <inheritdoc/>
    public string Address => address;

    /// <inheritdoc/>
    public SinkLimits Limits => MessageAttributes.Takes;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<OutgoingEntry> batch, CancellationToken ct) =>
        (await calls.CallAsync("PublishBatch", Request(batch), Read, ct)).Deliveries(batch.Count);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ReadOnlyMemory<byte> Request(IReadOnlyList<OutgoingEntry> batch) =>
        QueryProtocol.Form("PublishBatch", [("TopicArn", topic.Arn), .. batch.SelectMany((outgoing, at) => Message(outgoing, at))]);

    private IEnumerable<(string Name, string Value)> Message(OutgoingEntry outgoing, int at)
    {
        var member = string.Create(CultureInfo.InvariantCulture, $"PublishBatchRequestEntries.member.{at + 1}.");
        yield return (member + "Id", $"{at}");
        yield return (member + "Message", Encoding.UTF8.GetString(outgoing.Text.Span));
        var number = 0;
        foreach (var (name, value) in MessageAttributes.Of(outgoing.Entry))
        {
            var entry = string.Create(CultureInfo.InvariantCulture, $"{member}MessageAttributes.entry.{++number}.");
            yield return (entry + "Name", name);
            yield return (entry + "Value.DataType", "String");
            yield return (entry + "Value.StringValue", value);
        }

        if (topic.IsFifo)
        {
            yield return (member + "MessageGroupId", MessageAttributes.GroupOf(outgoing));
            yield return (member + "MessageDeduplicationId", outgoing.Entry.Id.Value);
        }
    }

    private static BatchResult Read(ReadOnlyMemory<byte> answer)
    {
        var result = QueryProtocol.Result(answer, "PublishBatch");
        return new BatchResult(
            [.. QueryProtocol.Members(result, "Successful").Select(one => Text(one, "Id")!)], [.. QueryProtocol.Members(result, "Failed").Select(Failure)]);
    }

    private static BatchFailure Failure(XElement one) => new(Text(one, "Id")!, Text(one, "Code") ?? "Error", Text(one, "Message"), Text(one, "SenderFault") == "true");

    private static string? Text(XElement one, string name) => QueryProtocol.Text(one, name);
}
