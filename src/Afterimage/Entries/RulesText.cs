using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Afterimage.Entries;

/// <summary>A table's rules as text: entries name the ones that were in force, so that what was derived by them can be derived again.</summary>
internal static class RulesText
{
    /// <summary>The rules as JSON; equal rules have equal texts.</summary>
    public static string Of(TableRules rules)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("actor", rules.Actor?.ToString());
            writer.WriteString("entity", rules.Entity?.ToString());
            Write(writer, "ignore", rules.Ignore);
            Write(writer, "redact", rules.Redact);
            writer.WriteString("service", rules.Service);
            writer.WriteString("tenant", rules.Tenant?.ToString());
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>Reads rules that were kept.</summary>
    /// <exception cref="FormatException">The text is not of rules, or of rules that this program does not know.</exception>
    public static TableRules Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var fields = new JsonFields(document.RootElement, "rules", ["actor", "entity", "ignore", "redact", "service", "tenant"]);
            return new TableRules
            {
                Actor = Path(fields.TextOrNull("actor")),
                Entity = Path(fields.TextOrNull("entity")),
                Ignore = Paths(fields["ignore"]),
                Redact = Paths(fields["redact"]),
                Service = fields.TextOrNull("service"),
                Tenant = Path(fields.TextOrNull("tenant")),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"Not a table's rules: {e.Message}", e);
        }
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<AttributePath> paths)
    {
        writer.WriteStartArray(name);
        foreach (var path in paths)
        {
            writer.WriteStringValue(path.ToString());
        }

        writer.WriteEndArray();
    }

    private static AttributePath? Path(string? text) => text is null ? null : AttributePath.Parse(text);

    private static List<AttributePath> Paths(JsonElement array) => [.. array.EnumerateArray().Select(path => AttributePath.Parse(path.GetString()!))];
}
