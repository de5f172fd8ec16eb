using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Afterimage.Proof;

/// <summary>A leaf of the trail's log: the head of a shard's tree, or the end of a seal.</summary>
internal abstract record LogLeaf
{
    private const string Moment = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private static readonly JsonReaderOptions Strict = new() { AllowTrailingCommas = false, CommentHandling = JsonCommentHandling.Disallow, MaxDepth = 1 };

    private LogLeaf()
    {
    }

    /// <summary>How far a shard's tree had grown.</summary>
    /// <param name="Shard">The shard: <c>STREAM/SHARD</c>, or the name of one that belongs to no stream.</param>
    /// <param name="Size">The size of its tree.</param>
    /// <param name="Root">The tree's root.</param>
    /// <param name="IsEnd">Whether nothing may follow.</param>
    public sealed record Head(string Shard, long Size, Sha256Hash Root, bool IsEnd) : LogLeaf;

    /// <summary>The end of a seal, which says when it was made.</summary>
    /// <param name="Number">The seal's number, from 1.</param>
    /// <param name="Time">When, in seconds.</param>
    public sealed record Epoch(long Number, DateTimeOffset Time) : LogLeaf;

    /// <summary>The leaf's text. <paramref name="canonicalShard"/> is a head's shard as canonical text with quotes, and not used otherwise.</summary>
    /// <param name="into">The text's place.</param>
    /// <param name="canonicalShard">The canonical text of the head's shard, with quotes.</param>
    /// <returns>Its hash in the log.</returns>
    public Sha256Hash Write(IBufferWriter<byte> into, ReadOnlySpan<byte> canonicalShard)
    {
        var leaf = new LeafWriter(into, 160 + canonicalShard.Length);
        switch (this)
        {
            case Head head:
                leaf.Text(head.IsEnd ? "{\"end\":true,\"root\":"u8 : "{\"end\":false,\"root\":"u8);
                leaf.Hash(head.Root);
                leaf.Text(",\"shard\":"u8);
                leaf.Text(canonicalShard);
                leaf.Text(",\"size\":"u8);
                leaf.Integer(head.Size);
                leaf.Text(",\"t\":\"head\"}"u8);
                break;
            case Epoch epoch:
                leaf.Text("{\"n\":"u8);
                leaf.Integer(epoch.Number);
                leaf.Text(",\"t\":\"epoch\",\"time\":\""u8);
                leaf.Text(Encoding.ASCII.GetBytes(epoch.Time.UtcDateTime.ToString(Moment, CultureInfo.InvariantCulture)));
                leaf.Text("\"}"u8);
                break;
        }

        return leaf.Finish();
    }

    /// <summary>Reads a leaf's text.</summary>
    /// <exception cref="FormatException">It is no leaf of a log: something is missing, double, unknown or of another kind.</exception>
    public static LogLeaf Read(ReadOnlySpan<byte> text)
    {
        try
        {
            var json = new Utf8JsonReader(text, Strict);
            var fields = new Dictionary<string, object>(StringComparer.Ordinal);
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var name = json.GetString()!;
                json.Read();
                if (!fields.TryAdd(name, Value(ref json)))
                {
                    throw new FormatException($"'{name}' stands twice.");
                }
            }

            json.Read();
            return Of(fields);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"Not a leaf of a log: {e.Message}", e);
        }
    }

    private static object Value(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.String => json.GetString()!,
        JsonTokenType.Number => json.GetInt64(),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new FormatException($"a {json.TokenType} stands in it."),
    };

    private static LogLeaf Of(Dictionary<string, object> fields) => (fields.GetValueOrDefault("t"), fields.Count) switch
    {
        ("head", 5) => new Head(TextOf(fields, "shard"), NumberOf(fields, "size"), Utf8.Hash(TextOf(fields, "root")), fields.GetValueOrDefault("end") as bool? ?? throw Missing("end")),
        ("epoch", 3) => new Epoch(NumberOf(fields, "n"), TimeOf(TextOf(fields, "time"))),
        var (kind, _) => throw new FormatException($"'{kind}' is not head or epoch, or has other fields than those."),
    };

    private static string TextOf(Dictionary<string, object> fields, string name) => fields.GetValueOrDefault(name) as string ?? throw Missing(name);

    private static long NumberOf(Dictionary<string, object> fields, string name) =>
        fields.GetValueOrDefault(name) is long value and >= 0 and <= TreeState.SizeMax ? value : throw Missing(name);

    private static DateTimeOffset TimeOf(string text) =>
        DateTimeOffset.TryParseExact(text, Moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : throw new FormatException($"'{text}' is no moment.");

    private static FormatException Missing(string name) => new($"'{name}' is missing or of another kind.");
}
