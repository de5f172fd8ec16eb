using System.Text.Json;

namespace Afterimage.Entries;

/// <summary>The fields of a JSON object that has exactly those that were asked for.</summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, JsonElement> fields;
    private readonly string owner;

    /// <summary>Takes the object's fields.</summary>
    /// <param name="element">The object.</param>
    /// <param name="owner">What it is, for messages.</param>
    /// <param name="required">The fields it must have, null among their values or not.</param>
    /// <param name="optional">Those it may have besides.</param>
    /// <exception cref="FormatException">It is no object, or has other fields.</exception>
    public JsonFields(JsonElement element, string owner, IReadOnlyList<string> required, params IReadOnlyList<string> optional)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"The {owner} is {element.ValueKind}, not an object.");
        }

        this.owner = owner;
        fields = element.EnumerateObject().ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);
        if (required.FirstOrDefault(name => !fields.ContainsKey(name)) is { } missing)
        {
            throw new FormatException($"The {owner} lacks '{missing}'.");
        }

        if (fields.Keys.FirstOrDefault(name => !required.Contains(name) && !optional.Contains(name)) is { } unknown)
        {
            throw new FormatException($"The {owner} has an unknown field '{unknown}'.");
        }
    }

    /// <summary>A required field.</summary>
    public JsonElement this[string name] => fields[name];

    /// <summary>An optional field.</summary>
    public JsonElement? Find(string name) => fields.TryGetValue(name, out var field) ? field : null;

    /// <summary>A string.</summary>
    public string Text(string name) => fields[name].ValueKind == JsonValueKind.String
        ? fields[name].GetString()!
        : throw NotA("string", name);

    /// <summary>A string or null.</summary>
    public string? TextOrNull(string name) => fields[name].ValueKind == JsonValueKind.Null ? null : Text(name);

    /// <summary>An integer.</summary>
    public long Integer(string name) => fields[name].ValueKind == JsonValueKind.Number && fields[name].TryGetInt64(out var value)
        ? value
        : throw NotA("whole number", name);

    /// <summary>An integer or null.</summary>
    public long? IntegerOrNull(string name) => fields[name].ValueKind == JsonValueKind.Null ? null : Integer(name);

    private FormatException NotA(string type, string name) => new($"'{name}' of the {owner} is {fields[name].ValueKind}, not a {type}.");
}
