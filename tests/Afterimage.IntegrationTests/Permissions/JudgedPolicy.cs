using System.Text.Json;
using Afterimage.Entries;

namespace Afterimage.IntegrationTests.Permissions;

/// <summary>A policy read as IAM reads it, each pair of an action and a resource as a rule of its own, so that one can be taken away.</summary>
internal sealed record JudgedPolicy(IReadOnlyList<JudgedPolicy.Rule> Rules)
{
    public static JudgedPolicy Read(JsonElement document) => new(
    [
        .. from statement in document.GetProperty("Statement").EnumerateArray()
           from action in statement.GetProperty("Action").EnumerateArray()
           from resource in statement.GetProperty("Resource").EnumerateArray()
           select new Rule(statement.GetProperty("Sid").GetString()!, statement.GetProperty("Effect").GetString() == "Deny", action.GetString()!, resource.GetString()!, ConditionOf(statement)),
    ]);

    /// <summary>Whether a call is allowed: something allows it, and nothing denies it.</summary>
    public bool Allows(AskedRight right) => Rules.Any(rule => !rule.Denies && rule.Fits(right)) && !Hides(right);

    /// <summary>Whether a call is denied in so many words, which whoever makes it can bear.</summary>
    public bool Hides(AskedRight right) => Rules.Any(rule => rule.Denies && rule.Fits(right));

    /// <summary>The policy without a rule.</summary>
    public JudgedPolicy Without(Rule rule) => new([.. Rules.Where(one => one != rule)]);

    /// <summary>The policy without the statements of these names.</summary>
    public JudgedPolicy Without(params string[] sids) => new([.. Rules.Where(one => !sids.Contains(one.Sid))]);

    private static (string Operator, string Key, string[] Values)? ConditionOf(JsonElement statement)
    {
        if (!statement.TryGetProperty("Condition", out var condition))
        {
            return null;
        }

        var (by, key) = (condition.EnumerateObject().Single(), condition.EnumerateObject().Single().Value.EnumerateObject().Single());
        return (by.Name, key.Name, [.. key.Value.EnumerateArray().Select(value => value.GetString()!)]);
    }

    /// <summary>An action on a resource.</summary>
    internal sealed record Rule(string Sid, bool Denies, string Action, string Resource, (string Operator, string Key, string[] Values)? Condition)
    {
        public bool Fits(AskedRight right) => right.Action == Action && NamePattern.Fits(Resource, right.Resource) && (Condition is not { } condition || Holds(condition, right));

        // A condition on what the request does not say never holds.
        private static bool Holds((string Operator, string Key, string[] Values) condition, AskedRight right) => right.ContextKey == condition.Key && right.ContextValue is { } said && condition.Operator switch
        {
            "StringEquals" => condition.Values.Contains(said, StringComparer.Ordinal),
            "StringLike" or "ForAnyValue:StringLike" or "ForAllValues:StringLike" => condition.Values.Any(pattern => NamePattern.Fits(pattern, said)),
            _ => throw new InvalidOperationException($"Nobody knows how {condition.Operator} compares."),
        };
    }
}
