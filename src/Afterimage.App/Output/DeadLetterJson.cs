using System.Buffers;
using System.Text.Json;
using Afterimage.Entries;
using Afterimage.Relay;

namespace Afterimage.App.Output;

/// <summary>A dead letter as one object: what became of it, and the entry that was to be sent.</summary>
internal static class DeadLetterJson
{
    public static ReadOnlyMemory<byte> Write(DeadLetter letter, AuditEntry? entry)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            writer.WriteString("sink", letter.Sink);
            writer.WriteString("state", letter.State switch
            {
                DeadLetterState.Waiting => "waiting",
                DeadLetterState.ToBeSent => "toBeSent",
                DeadLetterState.ToBeDropped => "toBeDropped",
                _ => "dead",
            });
            writer.WriteString("at", letter.At.UtcDateTime);
            writer.WriteNumber("refusals", letter.Refusals);
            writer.WriteString("reason", letter.Reason);
            writer.WritePropertyName("entry");
            if (entry is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                EntryJson.Write(writer, entry);
            }

            writer.WriteEndObject();
        }

        return text.WrittenMemory;
    }
}
