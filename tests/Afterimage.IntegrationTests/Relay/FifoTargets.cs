using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Web;
using Afterimage.Tests.Support;

namespace Afterimage.IntegrationTests.Relay;

/// <summary>
/// A FIFO topic and a FIFO queue that take thousands of messages, with the limits and the deduplication that are documented of them (developer guides of SNS and SQS): ten messages and 256 KB a call,
/// a group for each, and a repeat within five minutes taken and dropped. The emulator looks at every message of a queue for each that comes, which takes minutes.
/// </summary>
internal sealed class FifoTargets : IDisposable
{
    private const int MessagesMax = 10;
    private const int BytesMax = 262_144;

    private readonly LocalHttp server;
    private readonly Dictionary<string, List<Message>> arrived = new() { ["topic"] = [], ["queue"] = [] };
    private readonly HashSet<(string Target, string Id)> seen = [];

    public FifoTargets() => server = new LocalHttp(Answer);

    public string Endpoint => server.Endpoint;

    /// <summary>The messages that arrived and were no repeats, in order.</summary>
    public IReadOnlyList<JsonElement> Topic => [.. arrived["topic"].Select(message => JsonElement.Parse(message.Body))];

    /// <summary>The same of the queue.</summary>
    public IReadOnlyList<JsonElement> Queue => [.. arrived["queue"].Select(message => JsonElement.Parse(message.Body))];

    public void Dispose() => server.Dispose();

    private (int Status, string Body) Answer(System.Net.HttpListenerRequest request, string body) => request.Headers["X-Amz-Target"] is "AmazonSQS.SendMessageBatch"
        ? Take("queue", [.. JsonElement.Parse(body).GetProperty("Entries").EnumerateArray().Select(one => new Message(
            one.GetProperty("Id").GetString()!, one.GetProperty("MessageBody").GetString()!, one.GetProperty("MessageGroupId").GetString()!, one.GetProperty("MessageDeduplicationId").GetString()!))],
            ids => JsonSerializer.Serialize(new { Successful = ids.Select(id => new { Id = id, MessageId = id, MD5OfMessageBody = string.Empty }), Failed = Array.Empty<object>() }))
        : Take("topic", Published(body), ids =>
            $"""
            <PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Successful>
            {string.Concat(ids.Select(id => $"<member><Id>{id}</Id><MessageId>{id}</MessageId></member>"))}
            </Successful><Failed/></PublishBatchResult></PublishBatchResponse>
            """);

    private (int Status, string Body) Take(string target, List<Message> messages, Func<IEnumerable<string>, string> answer)
    {
        if (messages.Count is 0 or > MessagesMax || messages.Sum(message => Encoding.UTF8.GetByteCount(message.Body)) > BytesMax || messages.Exists(message => message.Group.Length is 0 or > 128))
        {
            return (400, """{"__type":"com.amazonaws.sqs#InvalidParameterValue","message":"A limit is exceeded."}""");
        }

        arrived[target].AddRange(messages.Where(message => seen.Add((target, message.Deduplication))));
        return (200, answer(messages.Select(message => message.Id)));
    }

    private static List<Message> Published(string form)
    {
        var values = HttpUtility.ParseQueryString(form);
        return [.. Enumerable.Range(1, MessagesMax + 1)
            .Select(number => string.Create(CultureInfo.InvariantCulture, $"PublishBatchRequestEntries.member.{number}."))
            .TakeWhile(member => values[$"{member}Id"] is not null)
            .Select(member => new Message(values[$"{member}Id"]!, values[$"{member}Message"]!, values[$"{member}MessageGroupId"]!, values[$"{member}MessageDeduplicationId"]!))];
    }

    private sealed record Message(string Id, string Body, string Group, string Deduplication);
}
