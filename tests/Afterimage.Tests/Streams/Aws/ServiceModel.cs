using System.Text.Json;

namespace Afterimage.Tests.Streams.Aws;

/// <summary>Checks requests against a service model: member names, required members, types, enumerations and sizes.</summary>
internal sealed class ServiceModel(JsonElement model)
{
    public IEnumerable<string> Operations => model.GetProperty("operations").EnumerateObject().Select(operation => operation.Name);

    public string Metadata(string name) => model.GetProperty("metadata").GetProperty(name).GetString()!;

    public bool Knows(string shape) => model.GetProperty("shapes").TryGetProperty(shape, out _);

    /// <summary>What is wrong with a request; nothing if the service would take it.</summary>
    public IReadOnlyList<string> Problems(string operation, JsonElement request)
    {
        var input = model.GetProperty("operations").GetProperty(operation).GetProperty("input").GetProperty("shape").GetString()!;
        return [.. Check(input, request, operation)];
    }

    private IEnumerable<string> Check(string shapeName, JsonElement value, string path)
    {
        var shape = model.GetProperty("shapes").GetProperty(shapeName);
        return shape.GetProperty("type").GetString() switch
        {
            "structure" when value.ValueKind == JsonValueKind.Object => Structure(shape, value, path),
            "string" when value.ValueKind == JsonValueKind.String => Text(shape, value.GetString()!, path),
            "integer" or "long" or "timestamp" when value.ValueKind == JsonValueKind.Number => [],
            "boolean" when value.ValueKind is JsonValueKind.True or JsonValueKind.False => [],
            "blob" when value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes) => Size(shape, bytes.Length, path, "bytes"),
            "list" when value.ValueKind == JsonValueKind.Array => Size(shape, value.GetArrayLength(), path, "elements")
                .Concat(value.EnumerateArray().SelectMany((element, at) => Check(ShapeOf(shape, "member"), element, $"{path}[{at}]"))),
            "map" when value.ValueKind == JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Check(ShapeOf(shape, "value"), member.Value, $"{path}.{member.Name}")),
            var type => [$"{path}: {value.ValueKind} where the model has {type}"],
        };
    }

    private IEnumerable<string> Structure(JsonElement shape, JsonElement value, string path)
    {
        var members = shape.GetProperty("members");
        var required = shape.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!) : [];
        return required.Where(name => !value.TryGetProperty(name, out _)).Select(name => $"{path}.{name}: required")
            .Concat(value.EnumerateObject().SelectMany(member => members.TryGetProperty(member.Name, out var known)
                ? Check(known.GetProperty("shape").GetString()!, member.Value, $"{path}.{member.Name}")
                : [$"{path}.{member.Name}: unknown"]));
    }

    private static string ShapeOf(JsonElement shape, string part) => shape.GetProperty(part).GetProperty("shape").GetString()!;

    private static IEnumerable<string> Text(JsonElement shape, string text, string path)
    {
        if (shape.TryGetProperty("enum", out var values) && !values.EnumerateArray().Any(value => value.GetString() == text))
        {
            yield return $"{path}: '{text}' is none of {values}";
        }

        foreach (var problem in Size(shape, text.Length, path, "characters"))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Size(JsonElement shape, int size, string path, string unit) =>
        (shape.TryGetProperty("min", out var min) && size < min.GetInt32()) || (shape.TryGetProperty("max", out var max) && size > max.GetInt32()) ? [$"{path}: {size} {unit}"] : [];
}
