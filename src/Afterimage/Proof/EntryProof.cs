using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Afterimage.Proof;

/// <summary>
/// All that somebody without access to a trail needs to see that an entry is in it: the entry's leaf, what is shown of it, and the way from there
/// to a signed checkpoint. Texts are verbatim: they are hashed as they stand.
/// </summary>
public sealed partial record EntryProof
{
    /// <summary>What the JSON says it is.</summary>
    public const string Format = "afterimage-proof/1";

    // A tree of 2^53 - 1 leaves has no longer path.
    private const int PathMax = 53;

    // The relaxed encoder leaves quotes and angle brackets of texts readable; what it does escape is read back as it was.
    private static readonly JsonWriterOptions Writing = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of the entry's leaf.</summary>
    public required string Entry { get; init; }

    /// <summary>The texts of the disclosures that are shown.</summary>
    public required IReadOnlyList<string> Shown { get; init; }

    /// <summary>The digests of those that are not.</summary>
    public required IReadOnlyList<Sha256Hash> Hidden { get; init; }

    /// <summary>The leaf's place in its shard's tree.</summary>
    public required long Index { get; init; }

    /// <summary>The hashes from the leaf to the root in <see cref="Head"/>.</summary>
    public required IReadOnlyList<Sha256Hash> Path { get; init; }

    /// <summary>The text of the leaf in the log that holds the shard's root.</summary>
    public required string Head { get; init; }

    /// <summary>Its place in the log.</summary>
    public required long HeadIndex { get; init; }

    /// <summary>The hashes from it to the signed root.</summary>
    public required IReadOnlyList<Sha256Hash> HeadPath { get; init; }

    /// <summary>The text of the log's last leaf, which says when the log was sealed.</summary>
    public required string Epoch { get; init; }

    /// <summary>The hashes from it to the signed root.</summary>
    public required IReadOnlyList<Sha256Hash> EpochPath { get; init; }

    /// <summary>The signed checkpoint, the whole note.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>The proof as JSON in UTF-8, as it is handed on.</summary>
    public byte[] ToUtf8()
    {
        var into = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(into, Writing))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("entry", Entry);
            Write(json, "shown", Shown);
            Write(json, "hidden", Hidden.Select(digest => digest.ToBase64()));
            json.WriteNumber("index", Index);
            Write(json, "path", Path.Select(hash => hash.ToBase64()));
            json.WriteString("head", Head);
            json.WriteNumber("headIndex", HeadIndex);
            Write(json, "headPath", HeadPath.Select(hash => hash.ToBase64()));
            json.WriteString("epoch", Epoch);
            Write(json, "epochPath", EpochPath.Select(hash => hash.ToBase64()));
            json.WriteString("checkpoint", Checkpoint);
            json.WriteEndObject();
        }

        return into.WrittenSpan.ToArray();
    }

    /// <summary>Reads a proof. Whether it proves anything is seen by <see cref="Check"/>.</summary>
    /// <exception cref="FormatException">It is no proof: something is missing, unknown, double, of another kind or too large, or it is no JSON.</exception>
    public static EntryProof Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            var json = StrictJson.Parse(Utf8.Text(utf8.Span));
            StrictJson.CheckNames(json, "format", "entry", "shown", "hidden", "index", "path", "head", "headIndex", "headPath", "epoch", "epochPath", "checkpoint");
            var format = StrictJson.Text(json, "format");
            return format == Format ? Read(json) : throw new FormatException($"Its format is '{format}', not '{Format}'.");
        }
        catch (FormatException e)
        {
            throw new FormatException($"Not a proof of an entry: {e.Message}", e);
        }
    }

    private static EntryProof Read(JsonElement json) => new()
    {
        Entry = StrictJson.Text(json, "entry"),
        Shown = StrictJson.Texts(json, "shown"),
        Hidden = Hashes(json, "hidden", int.MaxValue),
        Index = StrictJson.Integer(json, "index"),
        Path = Hashes(json, "path", PathMax),
        Head = StrictJson.Text(json, "head"),
        HeadIndex = StrictJson.Integer(json, "headIndex"),
        HeadPath = Hashes(json, "headPath", PathMax),
        Epoch = StrictJson.Text(json, "epoch"),
        EpochPath = Hashes(json, "epochPath", PathMax),
        Checkpoint = StrictJson.Text(json, "checkpoint"),
    };

    private static List<Sha256Hash> Hashes(JsonElement json, string name, int most)
    {
        var texts = StrictJson.Texts(json, name);
        return texts.Count <= most ? [.. texts.Select(Utf8.Hash)] : throw new FormatException($"'{name}' has {texts.Count} hashes, and no path has more than {most}.");
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
