using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Afterimage.Proof;
using Afterimage.Verifying;

namespace Afterimage.App.Output;

/// <summary>What checking came to, as one JSON object.</summary>
internal static class VerificationJson
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(Verification verified) => Object(json =>
    {
        json.WriteString("result", verified.Result);
        json.WriteString("vkey", verified.Key.ToString());
        json.WriteNumber("size", verified.Size);
        json.WriteString("root", verified.Root.ToBase64());
        json.WriteString("sealedAt", StatusJson.Utc(verified.SealedAt));
        json.WriteNumber("entries", verified.Entries);
        json.WriteStartArray("findings");
        foreach (var finding in verified.Findings)
        {
            json.WriteStartObject();
            json.WriteString("check", finding.Check);
            json.WriteString("what", finding.What);
            json.WriteBoolean("altered", finding.IsAlteration);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("unlisted", verified.Unlisted);
    });

    public static ReadOnlyMemory<byte> Write(ProofVerdict verdict) => Object(json =>
    {
        if (verdict is ProofVerdict.Refuted refuted)
        {
            json.WriteString("result", "not proven");
            json.WriteString("check", refuted.Step);
            json.WriteString("what", refuted.Why);
            return;
        }

        var proven = (ProofVerdict.Proven)verdict;
        json.WriteString("result", "proven");
        json.WriteString("origin", proven.Checkpoint.Origin);
        json.WriteNumber("size", proven.Checkpoint.Size);
        json.WriteString("root", proven.Checkpoint.Root.ToBase64());
        json.WriteString("sealedAt", StatusJson.Utc(proven.SealedAt));
        json.WriteString("shard", proven.Shard);
        json.WritePropertyName("entry");
        json.WriteRawValue(proven.Entry.Leaf);
        json.WriteStartArray("shown");
        foreach (var shown in proven.Shown)
        {
            json.WriteStartObject();
            json.WriteString("name", shown.Name);
            json.WriteStartArray("values");
            foreach (var value in shown.Values)
            {
                json.WriteRawValue(value);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("hidden", proven.Hidden);
    });

    private static ReadOnlyMemory<byte> Object(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Readable);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
