using System.Text.Json;
using Afterimage.Hosting;
using Afterimage.Tests.Tidy;

namespace Afterimage.Tests.Hosting;

/// <summary>The schema that editors use says what the program accepts.</summary>
public sealed class SchemaTests
{
    private static readonly JsonElement Schema = JsonElement.Parse(File.ReadAllText(Path.Combine(Repository.Root(), "afterimage.schema.json")));

    [Fact]
    public void Every_name_of_the_schema_is_known_to_the_program()
    {
        var file = Filled(Schema, "$");

        // No sink has everything that sinks can have: what does not go together is another matter.
        var problems = Problems(() => ConfigurationFile.Read("schema.json", JsonSerializer.SerializeToUtf8Bytes(file)));
        problems.Where(problem => !problem.What.Contains("'sinks[0]", StringComparison.Ordinal) || problem.What.Contains("is unknown", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("capture")]
    [InlineData("proof")]
    [InlineData("sinks")]
    [InlineData("tables")]
    public void Every_name_that_the_program_knows_stands_in_the_schema(string place)
    {
        var wrong = place switch
        {
            "" => """{"unknown!": 1}""",
            "tables" => """{"tables": [{"name": "Orders", "unknown!": 1}]}""",
            "sinks" => """{"sinks": [{"to": "console:", "unknown!": 1}]}""",
            _ => $$"""{"{{place}}": {"unknown!": 1} }""",
        };
        var hint = Should.Throw<UsageException>(() => ConfigurationFile.Read("x", System.Text.Encoding.UTF8.GetBytes(wrong))).Problems.Single().Hint;

        var known = hint["Known here: ".Length..].TrimEnd('.').Split(", ");
        var section = place.Length == 0 ? Schema : Schema.GetProperty("properties").GetProperty(place);
        section = section.TryGetProperty("items", out var items) ? items : section;
        section.GetProperty("properties").EnumerateObject().Select(member => member.Name).Order().ShouldBe(known.Order());
    }

    private static IReadOnlyList<Problem> Problems(Action read)
    {
        try
        {
            read();
            return [];
        }
        catch (UsageException e)
        {
            return e.Problems;
        }
    }

    // A value for every name, so that the reader meets all of them.
    private static object Filled(JsonElement schema, string name)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return reference.GetString() == "#/$defs/path" ? "/" + name : "5s";
        }

        // Where a text may stand for an object, the object says more.
        var type = schema.GetProperty("type");
        return (type.ValueKind == JsonValueKind.Array ? type[0] : type).GetString() switch
        {
            "object" => schema.GetProperty("properties").EnumerateObject().ToDictionary(member => member.Name, member => Filled(member.Value, member.Name)),
            "array" => new[] { Filled(schema.GetProperty("items"), name) },
            "boolean" => name != "fifo",
            "integer" => 5,
            _ when schema.TryGetProperty("enum", out var words) => words[0].GetString()!,
            _ => name switch
            {
                "role" => "arn:aws:iam::123456789012:role/reader",
                "endpoint" or "trailEndpoint" => "http://127.0.0.1:8000",
                "trail" => "sqlite:a.db",
                "key" => "kms:alias/afterimage",
                "to" => "logs:",
                "logGroupName" => "/audit/orders",
                "retention" => "365d",
                "witness" => "s3://witness/orders",
                _ => "Orders",
            },
        };
    }
}
