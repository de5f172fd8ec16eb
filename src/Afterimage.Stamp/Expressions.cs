using System.Text.RegularExpressions;

namespace Afterimage.Stamp;

/// <summary>What has to be known of an expression to add to it.</summary>
internal static partial class Expressions
{
    /// <summary>The beginning of placeholders that occur in none of the caller's texts.</summary>
    public static string FreeStem(IEnumerable<string?> texts)
    {
        var taken = string.Join('\n', texts);
        var number = 0;
        while (taken.Contains(Stem(number), StringComparison.Ordinal))
        {
            number++;
        }

        return Stem(number);
    }

    /// <summary>An update expression with one assignment more.</summary>
    public static string WithAssignment(string? update, string assignment)
    {
        var set = update is null ? null : Words().Matches(update).FirstOrDefault(word => word.Value.Equals("SET", StringComparison.OrdinalIgnoreCase));
        return set is null
            ? $"{update} SET {assignment}".TrimStart()
            : update!.Insert(set.Index + set.Length, $" {assignment},");
    }

    /// <summary>Whether an expression names an attribute of the item, by itself or by a placeholder.</summary>
    public static bool Names(string? expression, IReadOnlyDictionary<string, string>? placeholders, string attribute) =>
        expression is not null
        && Words().Matches(expression).Any(word => (word.Value[0] == '#' ? placeholders?.GetValueOrDefault(word.Value) : word.Value) == attribute);

    private static string Stem(int number) => $"afterimage{number}";

    // Not what follows a point, which is a member of a map, nor a hyphen, which some placeholders have.
    [GeneratedRegex(@"(?<![\w.#:\-])#?\w+", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Words();
}
