using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Afterimage.Entries;

/// <summary>
/// An entry as JSON on one line: the same object in answers, in the trail and wherever entries are sent. Every field is always there,
/// null where it has no value, except <c>old</c> and <c>value</c> of a change, where RFC 6902 has none, and <c>unreadable</c>, <c>gap</c> and <c>lifecycle</c>,
/// which stand in entries of their kind alone.
/// </summary>
public static class EntryJson
{
    internal const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private static readonly JsonWriterOptions Readable = new()
    {
        // Made for text that no browser takes for HTML: quotes, <, & and letters of every script stay what they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The entry as JSON text.</summary>
    public static string ToText(AuditEntry entry) => Encoding.UTF8.GetString(ToUtf8(entry));

    /// <summary>The entry as UTF-8 JSON text, without a line's end.</summary>
    public static byte[] ToUtf8(AuditEntry entry)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, Readable))
        {
            Write(writer, entry);
        }

        return text.WrittenSpan.ToArray();
    }

    /// <summary>Writes the entry as one object.</summary>
    public static void Write(Utf8JsonWriter writer, AuditEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("id", entry.Id.Value);
        writer.WriteString("kind", EntryWords.Of(entry.Kind));
        writer.WriteString("table", entry.Table);
        writer.WriteString("service", entry.Service);
        writer.WriteString("entity", entry.Entity);
        writer.WriteString("tenant", entry.Tenant);
        writer.WriteString("action", entry.Action is null ? null : EntryWords.Of(entry.Action.Value));
        writer.WriteString("time", entry.Time.ToString(TimeFormat, CultureInfo.InvariantCulture));
        Write(writer, "keys", entry.Keys);
        Write(writer, "oldImage", entry.OldImage);
        Write(writer, "newImage", entry.NewImage);
        Write(writer, entry.Changes);
        Write(writer, entry.Actor);
        Write(writer, entry.Stream);
        writer.WriteString("shardId", entry.ShardId);
        writer.WriteString("sequenceNumber", entry.SequenceNumber);
        writer.WriteNumber("index", entry.Index);
        Write(writer, entry.Unreadable);
        Write(writer, entry.Gap);
        Write(writer, entry.Lifecycle);
        writer.WriteEndObject();
    }

    /// <summary>Reads an entry back, equal to the one that was written.</summary>
    /// <exception cref="FormatException">The text is not one entry: a field is missing, unknown, there twice or of another type.</exception>
    public static AuditEntry Read(ReadOnlyMemory<byte> utf8) => EntryReader.Read(utf8);

    private static void Write(Utf8JsonWriter writer, string name, AttributeMap? attributes)
    {
        writer.WritePropertyName(name);
        if (attributes is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            DynamoDbJson.Write(writer, attributes);
        }
    }

    private static void Write(Utf8JsonWriter writer, IReadOnlyList<Change>? changes)
    {
        if (changes is null)
        {
            writer.WriteNull("changes");
            return;
        }

        writer.WriteStartArray("changes");
        foreach (var change in changes)
        {
            writer.WriteStartObject();
            writer.WriteString("op", EntryWords.Of(change.Op));
            writer.WriteString("path", change.Path);
            WriteUnlessNull(writer, "old", change.Old);
            WriteUnlessNull(writer, "value", change.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteUnlessNull(Utf8JsonWriter writer, string name, AttributeValue? value)
    {
        if (value is not null)
        {
            writer.WritePropertyName(name);
            DynamoDbJson.Write(writer, value);
        }
    }

    private static void Write(Utf8JsonWriter writer, Actor actor)
    {
        writer.WriteStartObject("actor");
        writer.WriteString("id", actor.Id);
        writer.WriteString("service", actor.Service);
        writer.WriteString("reason", actor.Reason);
        writer.WriteString("request", actor.Request);
        writer.WriteString("source", EntryWords.Of(actor.Source));
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, StreamOrigin stream)
    {
        writer.WriteStartObject("stream");
        writer.WriteString("arn", stream.Arn);
        writer.WriteString("eventId", stream.EventId);
        writer.WriteString("eventVersion", stream.EventVersion);
        writer.WriteString("region", stream.Region);
        if (stream.SizeBytes is null)
        {
            writer.WriteNull("sizeBytes");
        }
        else
        {
            writer.WriteNumber("sizeBytes", stream.SizeBytes.Value);
        }

        writer.WriteString("view", stream.View);
        if (stream.UserIdentity is null)
        {
            writer.WriteNull("userIdentity");
        }
        else
        {
            writer.WriteStartObject("userIdentity");
            writer.WriteString("type", stream.UserIdentity.Type);
            writer.WriteString("principalId", stream.UserIdentity.PrincipalId);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Unreadable? unreadable)
    {
        if (unreadable is not null)
        {
            writer.WriteStartObject("unreadable");
            writer.WriteBase64String("raw", unreadable.Raw.Span);
            writer.WriteString("reason", unreadable.Reason);
            writer.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter writer, EntryGap? gap)
    {
        if (gap is not null)
        {
            writer.WriteStartObject("gap");
            writer.WriteString("last", gap.Last);
            writer.WriteString("next", gap.Next);
            writer.WriteString("cause", EntryWords.Of(gap.Cause));
            writer.WriteString("certainty", EntryWords.Of(gap.Certainty));
            writer.WriteString("previous", gap.Previous);
            writer.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter writer, EntryLifecycle? lifecycle)
    {
        if (lifecycle is not null)
        {
            writer.WriteStartObject("lifecycle");
            writer.WriteString("event", EntryWords.Of(lifecycle.Event));
            writer.WriteString("from", EntryWords.Of(lifecycle.From));
            writer.WriteEndObject();
        }
    }
}
