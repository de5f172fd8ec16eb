using System.Text.Json;

namespace Afterimage.Entries;

/// <summary>A table's rules as text: entries name the ones that were in force, so that what was derived by them can be derived again.</summary>
internal static class RulesText
{
    /// <summary>The rules as canonical text, which is hashed where the trail says that they are in force; equal rules have equal texts.</summary>
    /// <remarks>What later versions added stands in it only where it says something: the text of older rules stays the one that was hashed.</remarks>
    public static string Of(TableRules rules) => string.Concat(
        "{\"actor\":", Path(rules.Actor),
        ",\"entity\":", Path(rules.Entity),
        ",\"ignore\":", Paths(rules.Ignore),
        ",\"redact\":", Paths(rules.Redact),
        ",\"service\":", Text(rules.Service),
        rules.Stamp == WriterStamp.Attribute ? string.Empty : $",\"stamp\":{CanonicalText.Of(rules.Stamp)}",
        ",\"tenant\":", Path(rules.Tenant),
        "}");

    /// <summary>Reads rules that were kept.</summary>
    /// <exception cref="FormatException">The text is not of rules, or of rules that this program does not know.</exception>
    public static TableRules Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var fields = new JsonFields(document.RootElement, "rules", ["actor", "entity", "ignore", "redact", "service", "tenant"], "stamp");
            return new TableRules
            {
                Actor = Path(fields.TextOrNull("actor")),
                Entity = Path(fields.TextOrNull("entity")),
                Ignore = Paths(fields["ignore"]),
                Redact = Paths(fields["redact"]),
                Service = fields.TextOrNull("service"),
                Stamp = fields.Find("stamp") is null ? WriterStamp.Attribute : fields.Text("stamp"),
                Tenant = Path(fields.TextOrNull("tenant")),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"Not a table's rules: {e.Message}", e);
        }
    }

    private static string Text(string? text) => text is null ? "null" : CanonicalText.Of(text);

    private static string Path(AttributePath? path) => Text(path?.ToString());

    private static string Paths(IEnumerable<AttributePath> paths) => $"[{string.Join(',', paths.Select(Path))}]";

    private static AttributePath? Path(string? text) => text is null ? null : AttributePath.Parse(text);

    private static List<AttributePath> Paths(JsonElement array) => [.. array.EnumerateArray().Select(path => AttributePath.Parse(path.GetString()!))];
}
