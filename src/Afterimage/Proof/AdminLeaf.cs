using System.Text.Json;

namespace Afterimage.Proof;

/// <summary>What a leaf says that was done to the trail itself.</summary>
internal abstract record AdminLeaf
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private AdminLeaf()
    {
    }

    /// <summary>The first leaf: the trail's name.</summary>
    public sealed record Open(string Trail) : AdminLeaf;

    /// <summary>Entries of a shard are read by these rules from one on.</summary>
    /// <param name="Shard">The shard's name in the log.</param>
    /// <param name="From">The place of the first such entry.</param>
    /// <param name="Rules">The rules' text, as it was hashed.</param>
    public sealed record Configuration(string Shard, long From, string Rules) : AdminLeaf;

    /// <summary>Somebody took note of a gap.</summary>
    /// <param name="Gap">The gap's id.</param>
    /// <param name="At">When, in seconds since 1970.</param>
    /// <param name="Reason">What they say about it.</param>
    public sealed record Acknowledged(string Gap, long At, string Reason) : AdminLeaf;

    /// <summary>Reads a leaf that is to stand in a place.</summary>
    /// <exception cref="FormatException">It is none, or of another place.</exception>
    public static AdminLeaf Read(ReadOnlyMemory<byte> text, long index)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            var leaf = document.RootElement;
            if (leaf.GetProperty("i").GetInt64() != index)
            {
                throw new FormatException($"it stands in place {index} and says that it is of {leaf.GetProperty("i")}.");
            }

            return leaf.GetProperty("t").GetString() switch
            {
                "open" when index == 0 => new Open(Text(leaf, "trail")),
                "configuration" => new Configuration(Text(leaf, "shard"), leaf.GetProperty("from").GetInt64(), leaf.GetProperty("rules").GetRawText()),
                "acknowledged" => new Acknowledged(Text(leaf, "eid"), leaf.GetProperty("at").GetInt64(), Text(leaf, "reason")),
                var kind => throw new FormatException($"'{kind}' is unknown here."),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new FormatException($"Not a leaf of the trail's own: {e.Message}", e);
        }
    }

    private static string Text(JsonElement leaf, string name) => leaf.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null.");
}
