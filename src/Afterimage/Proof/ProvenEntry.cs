using System.Text.Json;

namespace Afterimage.Proof;

/// <summary>What the leaf of an entry says.</summary>
/// <param name="Leaf">The leaf's whole text. Of a gap and a lifecycle it says more than the other fields here.</param>
/// <param name="Kind"><c>entry</c> for a change, <c>raw</c>, <c>gap</c> or <c>lifecycle</c>.</param>
/// <param name="Id">The entry's id.</param>
/// <param name="Index">Its place in the shard's tree, from 0.</param>
/// <param name="AtSeconds">When, in seconds since 1970; null for a record that could not be read.</param>
/// <param name="Op">INSERT, MODIFY or REMOVE; null for what is no change.</param>
/// <param name="Seq">The sequence number; null where there is none.</param>
/// <param name="Item">The hash over what a change discloses, as base64; null for what is no change.</param>
public sealed record ProvenEntry(string Leaf, string Kind, string Id, long Index, long? AtSeconds, string? Op, string? Seq, string? Item)
{
    /// <summary>Reads a leaf's text.</summary>
    /// <exception cref="FormatException">It is no entry's, or has other fields than its kind.</exception>
    internal static ProvenEntry Read(string leaf)
    {
        var json = StrictJson.Parse(leaf);
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("t", out _))
        {
            throw new FormatException("The entry's text is no leaf.");
        }

        var kind = StrictJson.Text(json, "t");
        StrictJson.CheckNames(json, Names(kind));
        foreach (var member in json.EnumerateObject())
        {
            Check(member, kind);
        }

        return new ProvenEntry(
            leaf, kind, StrictJson.Text(json, "eid"), StrictJson.Integer(json, "i"), Has(json, "at") ? StrictJson.Integer(json, "at") : null, TextOrNull(json, "op"),
            TextOrNull(json, "seq"), TextOrNull(json, "item"));
    }

    private static string[] Names(string kind) => kind switch
    {
        "entry" or "mark" => ["at", "eid", "i", "item", "op", "seq", "t"],
        "raw" => ["eid", "i", "seq", "sha256", "t"],
        "gap" => ["at", "cause", "certainty", "eid", "i", "last", "next", "previous", "t"],
        "lifecycle" => ["at", "eid", "event", "from", "i", "t"],
        _ => throw new FormatException($"A leaf of kind '{kind}' is not an entry's."),
    };

    private static void Check(JsonProperty member, string kind)
    {
        var isInteger = member.Name is "at" or "i";
        var mayBeNull = member.Name is "last" or "next" or "previous" || (member.Name == "seq" && kind == "raw");
        if (!isInteger && member.Value.ValueKind != JsonValueKind.String && !(mayBeNull && member.Value.ValueKind == JsonValueKind.Null))
        {
            throw new FormatException($"'{member.Name}' is not a text.");
        }
    }

    private static bool Has(JsonElement json, string name) => json.TryGetProperty(name, out _);

    private static string? TextOrNull(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? text.GetString() : null;
}
