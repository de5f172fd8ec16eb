using System.Text.Json;

namespace Afterimage.Hosting;

/// <summary>An object of the configuration file, read name by name; every problem is noted and reading goes on.</summary>
internal sealed class JsonSection
{
    private readonly Dictionary<string, JsonElement> unread = new(StringComparer.Ordinal);
    private readonly List<string> known = [];
    private readonly string place;
    private readonly List<Problem> problems;

    public JsonSection(JsonElement element, string place, List<Problem> problems)
    {
        this.place = place;
        this.problems = problems;
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new Problem(place.Length == 0 ? "The file is not a JSON object." : $"'{place}' is not an object.", "Write it as {\"name\": …}."));
            return;
        }

        foreach (var member in element.EnumerateObject())
        {
            if (!unread.TryAdd(member.Name, member.Value))
            {
                problems.Add(new Problem($"'{Place(member.Name)}' stands twice.", "Keep one of them."));
            }
        }
    }

    public string? Text(string name) => Take(name) is not { } value ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : Wrong<string>(name, "a text");

    public bool? Flag(string name) => Take(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => WrongValue<bool>(name, "true or false"),
    };

    public int? Count(string name, int least = 1) => Take(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count >= least ? count : WrongValue<int>(name, least == 0 ? "a whole number, 0 or more" : "a whole number above 0");

    public TimeSpan? Duration(string name) => Text(name) is not { } text ? null
        : DurationText.Parse(text) is { } duration && duration > TimeSpan.Zero ? duration : WrongValue<TimeSpan>(name, "a duration such as 200ms, 5s or 10m");

    public IReadOnlyList<string> Texts(string name)
    {
        if (Take(name) is not { } value)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
            : Wrong<IReadOnlyList<string>>(name, "a list of texts") ?? [];
    }

    public IEnumerable<JsonSection> Sections(string name)
    {
        if (Take(name) is not { } value)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select((item, index) => new JsonSection(item, $"{Place(name)}[{index}]", problems))]
            : Wrong<IEnumerable<JsonSection>>(name, "a list of objects") ?? [];
    }

    /// <summary>A list in which a text stands for an object that has nothing but that name.</summary>
    public IEnumerable<JsonSection> SectionsOrTexts(string name, string nameOfText)
    {
        if (Take(name) is not { } value)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select((item, index) => new JsonSection(
                item.ValueKind == JsonValueKind.String ? JsonSerializer.SerializeToElement(new Dictionary<string, string> { [nameOfText] = item.GetString()! }) : item,
                $"{Place(name)}[{index}]",
                problems))]
            : Wrong<IEnumerable<JsonSection>>(name, "a list of texts or objects") ?? [];
    }

    public JsonSection? Section(string name) => Take(name) is { } value ? new JsonSection(value, Place(name), problems) : null;

    /// <summary>Notes a problem with a value that was read.</summary>
    public void Reject(string name, string what, string hint) => problems.Add(new Problem($"'{Place(name)}' {what}", hint));

    /// <summary>Notes a problem with what was read.</summary>
    public void Reject(Problem problem) => problems.Add(problem with { What = $"'{place}': {problem.What}" });

    /// <summary>What was not asked for is unknown: a misspelt name must not be passed over.</summary>
    public void RejectUnknown()
    {
        foreach (var name in unread.Keys)
        {
            problems.Add(new Problem($"'{Place(name)}' is unknown.", $"Known here: {string.Join(", ", known)}."));
        }
    }

    private JsonElement? Take(string name)
    {
        known.Add(name);
        return unread.Remove(name, out var value) ? value : null;
    }

    private string Place(string name) => place.Length == 0 ? name : $"{place}.{name}";

    private T? Wrong<T>(string name, string expected)
        where T : class
    {
        Wrong(Place(name), expected);
        return null;
    }

    private T? WrongValue<T>(string name, string expected)
        where T : struct
    {
        Wrong(Place(name), expected);
        return null;
    }

    private void Wrong(string where, string expected) => problems.Add(new Problem($"'{where}' is not {expected}.", $"Write {expected} there."));
}
