namespace Afterimage.Tests.Tidy;

/// <summary>Nothing is put off, switched off or swallowed.</summary>
internal static class SuppressionRules
{
    // In two halves, so that this file does not hold what it forbids.
    private static readonly string Leftovers = string.Join('|', "TO" + "DO", "FIX" + "ME", "HA" + "CK");

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("Nothing is left to do in a comment", file => IsLock(file) ? [] : file.FindInText($@"\b({Leftovers})\b", "left over")),
        new("Nothing is left unimplemented", file => file.FindInCode(@"\bNotImplementedException\b", "left over")),
        new("No warning is switched off in a source file", WarningsStayOn),
        new("No warning is switched off in a project file", ProjectsKeepWarnings),
        new("What is switched off in .editorconfig has its reason above it", SwitchedOffWithReason),
        new("Everything is caught at the edge of a process alone", CatchesAreNarrow),
    ];

    /// <summary>Lock files are hashes, in which any word can turn up.</summary>
    public static bool IsLock(SourceFile file) => file.Name is "packages.lock.json" or "package-lock.json";

    private static IEnumerable<Finding> WarningsStayOn(SourceFile file) =>
        file.FindInCode(@"#\s*pragma\s+warning\s+disable|\bSuppressMessage\b|#\s*nullable\s+disable", "switched off in a source file");

    private static IEnumerable<Finding> ProjectsKeepWarnings(SourceFile file) =>
        file.Name.EndsWith(".csproj", StringComparison.Ordinal) || file.Name.EndsWith(".props", StringComparison.Ordinal) || file.Name.EndsWith(".targets", StringComparison.Ordinal)
            ? file.FindInText(@"<(NoWarn|WarningsNotAsErrors|DisabledWarnings)\b|<TreatWarningsAsErrors>\s*false", "switched off in a project file")
            : [];

    private static IEnumerable<Finding> SwitchedOffWithReason(SourceFile file)
    {
        if (file.Name != ".editorconfig")
        {
            yield break;
        }

        // The lines of one group share the reason above the first of them.
        var offset = 0;
        var hasReason = false;
        foreach (var line in file.Text.Split('\n'))
        {
            var isOff = SourceFile.Matches(line, @"severity\s*=\s*none").Any();
            hasReason = line.StartsWith('#') || (isOff && hasReason);
            if (isOff && !hasReason)
            {
                yield return file.At(offset, $"no reason above {line}");
            }

            offset += line.Length + 1;
        }
    }

    private static IEnumerable<Finding> CatchesAreNarrow(SourceFile file) => file.IsCSharp && file.Name != "Program.cs"
        ? SourceFile.Matches(file.Code, @"\bcatch\s*(\(\s*(System\.)?Exception(\s+\w+)?\s*\)\s*)?\{")
            .Where(match => !EndsInRethrow(file.Code.AsSpan(match.Index + match.Length)))
            .Select(match => file.At(match.Index, "catches what it cannot finish"))
        : [];

    /// <summary>Whether a block, from behind its opening brace, passes on what it caught after it has cleaned up.</summary>
    private static bool EndsInRethrow(ReadOnlySpan<char> block)
    {
        var depth = 1;
        var end = 0;
        while (depth > 0 && end < block.Length)
        {
            depth += block[end++] switch { '{' => 1, '}' => -1, _ => 0 };
        }

        return block[..Math.Max(end - 1, 0)].TrimEnd().EndsWith("throw;", StringComparison.Ordinal);
    }
}
