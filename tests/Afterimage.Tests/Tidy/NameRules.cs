namespace Afterimage.Tests.Tidy;

/// <summary>Names say what the domain says.</summary>
internal static class NameRules
{
    private static readonly HashSet<string> EmptyWords =
        new(["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Common", "Base", "Impl"], StringComparer.Ordinal);

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("A type's name has no word that says nothing", NoEmptyWords),
    ];

    /// <summary>The types that a file declares, and where.</summary>
    public static IEnumerable<(string Name, int Offset)> DeclaredTypes(SourceFile file) =>
        SourceFile.Matches(file.Code, @"\b(class|struct|interface|enum|record(\s+(class|struct))?)\s+(?!class\b|struct\b)(?<name>[A-Za-z_]\w*)\s*[<({:;\r\n]")
            .Select(match => (match.Groups["name"].Value, match.Index));

    private static IEnumerable<Finding> NoEmptyWords(SourceFile file) => file.IsCSharp
        ? DeclaredTypes(file)
            .Where(type => Words(type.Name).Any(EmptyWords.Contains) || Words(type.Name)[^1] == "Service")
            .Select(type => file.At(type.Offset, $"{type.Name} does not say what it is"))
        : [];

    private static string[] Words(string name) => [.. SourceFile.Matches(name, "[A-Z]?[a-z0-9_]+|[A-Z]+(?![a-z])").Select(match => match.Value)];
}
