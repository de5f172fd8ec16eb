using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Afterimage.Relay.Sinks;

/// <summary><c>sns:ARN</c>: a message for each entry, with attributes that subscriptions filter by. In a FIFO topic the group is the item and the deduplication id the entry's id.</summary>
internal sealed class SnsSink(string address, SinkAddress.OnTopic topic, IServiceCalls service) : ISink
{
    private static readonly XNamespace Xml = "http://sns.amazonaws.com/doc/2010-03-31/";

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

    private ReadOnlyMemory<byte> Request(IReadOnlyList<OutgoingEntry> batch)
    {
        var form = new StringBuilder("Action=PublishBatch&Version=2010-03-31");
        Add("TopicArn", topic.Arn);
        for (var at = 0; at < batch.Count; at++)
        {
            var member = string.Create(CultureInfo.InvariantCulture, $"PublishBatchRequestEntries.member.{at + 1}.");
            Add(member + "Id", $"{at}");
            Add(member + "Message", Encoding.UTF8.GetString(batch[at].Text.Span));
            var number = 0;
            foreach (var (name, value) in MessageAttributes.Of(batch[at].Entry))
            {
                var entry = string.Create(CultureInfo.InvariantCulture, $"{member}MessageAttributes.entry.{++number}.");
                Add(entry + "Name", name);
                Add(entry + "Value.DataType", "String");
                Add(entry + "Value.StringValue", value);
            }

            if (topic.IsFifo)
            {
                Add(member + "MessageGroupId", MessageAttributes.GroupOf(batch[at]));
                Add(member + "MessageDeduplicationId", batch[at].Entry.Id.Value);
            }
        }

        return Encoding.UTF8.GetBytes(form.ToString());

        void Add(string name, string value) => form.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal));
    }

    private static BatchResult Read(ReadOnlyMemory<byte> answer)
    {
        try
        {
            using var bytes = new MemoryStream(answer.ToArray());
            using var reader = XmlReader.Create(bytes, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var root = XElement.Load(reader);
            var result = root.Element(Xml + "PublishBatchResult") ?? throw new FormatException($"<{root.Name.LocalName}> in place of the result of PublishBatch.");
            return new BatchResult([.. Members("Successful").Select(one => Text(one, "Id")!)], [.. Members("Failed").Select(Failure)]);

            IEnumerable<XElement> Members(string list) => result.Element(Xml + list)?.Elements(Xml + "member") ?? [];
        }
        catch (XmlException e)
        {
            throw new FormatException($"Not XML: {e.Message}", e);
        }
    }

    private static BatchFailure Failure(XElement one) => new(Text(one, "Id")!, Text(one, "Code") ?? "Error", Text(one, "Message"), Text(one, "SenderFault") == "true");

    private static string? Text(XElement one, string name) => one.Element(Xml + name)?.Value;
}
