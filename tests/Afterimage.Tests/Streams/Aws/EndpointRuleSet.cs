using System.Text.Json;
using System.Text.RegularExpressions;

namespace Afterimage.Tests.Streams.Aws;

/// <summary>Evaluates the endpoint rules that AWS publishes for a service: just the functions that DynamoDB Streams uses.</summary>
internal sealed class EndpointRuleSet(JsonElement ruleSet, JsonElement partitions)
{
    /// <summary>The endpoint's URL; null where the rules end in an error.</summary>
    public string? Resolve(string region, bool dualStack, bool fips) => Walk(
        ruleSet.GetProperty("rules"),
        new(StringComparer.Ordinal) { ["Region"] = Text(region), ["UseDualStack"] = Flag(dualStack), ["UseFIPS"] = Flag(fips) });

    private string? Walk(JsonElement rules, Dictionary<string, JsonElement> known)
    {
        foreach (var rule in rules.EnumerateArray())
        {
            var here = new Dictionary<string, JsonElement>(known, StringComparer.Ordinal);
            if (rule.GetProperty("conditions").EnumerateArray().All(condition => Holds(condition, here)))
            {
                return rule.GetProperty("type").GetString() switch
                {
                    "tree" => Walk(rule.GetProperty("rules"), here),
                    "endpoint" => Interpolate(rule.GetProperty("endpoint").GetProperty("url").GetString()!, here),
                    _ => null,
                };
            }
        }

        return null;
    }

    private bool Holds(JsonElement condition, Dictionary<string, JsonElement> known)
    {
        var result = Call(condition, known);
        if (result is { } value && condition.TryGetProperty("assign", out var name))
        {
            known[name.GetString()!] = value;
        }

        return result is { ValueKind: not JsonValueKind.False };
    }

    private JsonElement? Call(JsonElement function, Dictionary<string, JsonElement> known)
    {
        var arguments = function.GetProperty("argv").EnumerateArray().Select(argument => Value(argument, known)).ToList();
        return function.GetProperty("fn").GetString() switch
        {
            "isSet" => Flag(arguments[0] is not null),
            "booleanEquals" or "stringEquals" => Flag(arguments[0]!.Value.ToString() == arguments[1]!.Value.ToString()),
            "getAttr" => arguments[0]!.Value.GetProperty(arguments[1]!.Value.GetString()!),
            "aws.partition" => Partition(arguments[0]!.Value.GetString()!),
            var other => throw new NotSupportedException(other),
        };
    }

    private JsonElement? Value(JsonElement argument, Dictionary<string, JsonElement> known)
    {
        if (argument.ValueKind != JsonValueKind.Object)
        {
            return argument;
        }

        return argument.TryGetProperty("ref", out var name) ? (known.TryGetValue(name.GetString()!, out var value) ? value : null) : Call(argument, known);
    }

    private JsonElement Partition(string region)
    {
        var all = partitions.GetProperty("partitions").EnumerateArray().ToList();
        var mine = all.Where(partition => partition.GetProperty("regions").TryGetProperty(region, out _)
            || Regex.IsMatch(region, partition.GetProperty("regionRegex").GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)));
        return mine.Append(all[0]).First().GetProperty("outputs");
    }

    private static string Interpolate(string template, Dictionary<string, JsonElement> known) => Regex.Replace(
        template,
        @"\{(?<name>\w+)(?:#(?<member>\w+))?\}",
        match => match.Groups["member"].Success
            ? known[match.Groups["name"].Value].GetProperty(match.Groups["member"].Value).GetString()!
            : known[match.Groups["name"].Value].GetString()!,
        RegexOptions.ExplicitCapture,
        TimeSpan.FromSeconds(1));

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text);

    private static JsonElement Flag(bool flag) => JsonSerializer.SerializeToElement(flag);
}
