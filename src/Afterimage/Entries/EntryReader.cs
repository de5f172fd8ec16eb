using System.Globalization;
using System.Text.Json;

namespace Afterimage.Entries;

/// <summary>Reads an entry's JSON, strictly: an audit trail that guesses at what it holds proves nothing.</summary>
internal static class EntryReader
{
    // A value that was read from a record lies a few levels deeper in an entry, and must not become unreadable by that.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = DynamoDbJson.DepthMax + 8, AllowDuplicateProperties = false };

    /// <inheritdoc cref="EntryJson.Read"/>
    public static AuditEntry Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            return ReadEntry(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with a lone surrogate or with bytes that are not UTF-8.
            throw new FormatException($"Not an entry: {e.Message}", e);
        }
    }

    private static AuditEntry ReadEntry(JsonElement element)
    {
        var fields = new JsonFields(
            element,
            "entry",
            [
                "id", "kind", "table", "service", "entity", "tenant", "action", "time", "keys", "oldImage", "newImage", "changes", "actor", "stream",
                "shardId", "sequenceNumber", "index",
            ],
            ["unreadable", "gap", "lifecycle"]);
        return new AuditEntry
        {
            Id = ReadId(fields.Text("id")),
            Kind = EntryWords.ReadKind(fields.Text("kind")),
            Table = fields.Text("table"),
            Service = fields.TextOrNull("service"),
            Entity = fields.TextOrNull("entity"),
            Tenant = fields.TextOrNull("tenant"),
            Action = fields.TextOrNull("action") is { } action ? EntryWords.ReadAction(action) : null,
            Time = ReadTime(fields.Text("time")),
            Keys = ReadMap(fields["keys"]),
            OldImage = ReadMap(fields["oldImage"]),
            NewImage = ReadMap(fields["newImage"]),
            Changes = ReadChanges(fields["changes"]),
            Actor = ReadActor(fields["actor"]),
            Stream = ReadStream(fields["stream"]),
            ShardId = fields.Text("shardId"),
            SequenceNumber = fields.TextOrNull("sequenceNumber"),
            Index = fields.Integer("index"),
            Unreadable = fields.Find("unreadable") is { } unreadable ? ReadUnreadable(unreadable) : null,
            Gap = fields.Find("gap") is { } gap ? ReadGap(gap) : null,
            Lifecycle = fields.Find("lifecycle") is { } lifecycle ? ReadLifecycle(lifecycle) : null,
        };
    }

    private static EntryId ReadId(string text) => EntryId.TryParse(text, out var id) && id.Value == text
        ? id
        : throw new FormatException($"'{text}' is not the id of an entry.");

    private static DateTimeOffset ReadTime(string text) =>
        DateTimeOffset.TryParseExact(text, EntryJson.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new FormatException($"'{text}' is not a time like 2026-11-21T20:11:12Z.");

    private static AttributeMap? ReadMap(JsonElement element) =>
        element.ValueKind == JsonValueKind.Null ? null : DynamoDbJson.ReadKeptMap(element);

    private static List<Change>? ReadChanges(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Array => [.. element.EnumerateArray().Select(ReadChange)],
        _ => throw new FormatException($"'changes' is {element.ValueKind}, not an array."),
    };

    private static Change ReadChange(JsonElement element)
    {
        var op = EntryWords.ReadOp(new JsonFields(element, "change", ["op", "path"], ["old", "value"]).Text("op"));
        var fields = new JsonFields(element, $"change '{EntryWords.Of(op)}'", op switch
        {
            ChangeOp.Add => ["op", "path", "value"],
            ChangeOp.Remove => ["op", "path", "old"],
            _ => ["op", "path", "old", "value"],
        });
        var path = AttributePath.Parse(fields.Text("path")).ToString();
        return new Change(op, path, ReadValue(fields.Find("old")), ReadValue(fields.Find("value")));
    }

    private static AttributeValue? ReadValue(JsonElement? element) => element is { } value ? DynamoDbJson.ReadKeptValue(value) : null;

    private static Actor ReadActor(JsonElement element)
    {
        var fields = new JsonFields(element, "actor", ["id", "service", "reason", "request", "source"]);
        return new Actor(
            EntryWords.ReadSource(fields.Text("source")),
            fields.TextOrNull("id"),
            fields.TextOrNull("service"),
            fields.TextOrNull("reason"),
            fields.TextOrNull("request"));
    }

    private static StreamOrigin ReadStream(JsonElement element)
    {
        var fields = new JsonFields(element, "stream", ["arn", "eventId", "eventVersion", "region", "sizeBytes", "view", "userIdentity"]);
        return new StreamOrigin(
            fields.Text("arn"),
            fields.TextOrNull("eventId"),
            fields.TextOrNull("eventVersion"),
            fields.TextOrNull("region"),
            fields.IntegerOrNull("sizeBytes"),
            fields.TextOrNull("view"),
            fields["userIdentity"].ValueKind == JsonValueKind.Null ? null : ReadUserIdentity(fields["userIdentity"]));
    }

    private static UserIdentity ReadUserIdentity(JsonElement element)
    {
        var fields = new JsonFields(element, "userIdentity", ["type", "principalId"]);
        return new UserIdentity(fields.TextOrNull("type"), fields.TextOrNull("principalId"));
    }

    private static Unreadable ReadUnreadable(JsonElement element)
    {
        var fields = new JsonFields(element, "unreadable", ["raw", "reason"]);
        return fields["raw"].ValueKind == JsonValueKind.String && fields["raw"].TryGetBytesFromBase64(out var raw)
            ? new Unreadable(raw, fields.Text("reason"))
            : throw new FormatException("'raw' of 'unreadable' is not base64.");
    }

    private static EntryGap ReadGap(JsonElement element)
    {
        var fields = new JsonFields(element, "gap", ["last", "next", "cause", "certainty", "previous"]);
        return new EntryGap(
            fields.TextOrNull("last"),
            fields.TextOrNull("next"),
            EntryWords.ReadCause(fields.Text("cause")),
            EntryWords.ReadCertainty(fields.Text("certainty")),
            fields.TextOrNull("previous"));
    }

    private static EntryLifecycle ReadLifecycle(JsonElement element)
    {
        var fields = new JsonFields(element, "lifecycle", ["event", "from"]);
        return new EntryLifecycle(EntryWords.ReadEvent(fields.Text("event")), EntryWords.ReadStart(fields.Text("from")));
    }
}
