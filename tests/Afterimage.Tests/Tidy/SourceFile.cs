using System.Text.RegularExpressions;

namespace Afterimage.Tests.Tidy;

/// <summary>A file of the repository: its path from the root, with slashes, and its text.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    private readonly Lazy<string> code = new(() => CSharpCode.WithoutCommentsAndLiterals(Text));

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>Whether it is a C# file below a folder, such as <c>src/Afterimage/Trail/</c>.</summary>
    public bool IsCodeIn(string folder) => IsCSharp && Path.StartsWith(folder, StringComparison.Ordinal);

    /// <summary>The text with comments and literals blanked out, so that what a file says is not taken for what it does.</summary>
    public string Code => code.Value;

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public Finding At(int offset, string problem) => new(Path, 1 + Text.AsSpan(0, offset).Count('\n'), problem);

    /// <summary>A finding for every match in the code.</summary>
    public IEnumerable<Finding> FindInCode(string pattern, string problem) =>
        IsCSharp ? Find(Code, pattern, problem) : [];

    /// <summary>A finding for every match in the text as it stands.</summary>
    public IEnumerable<Finding> FindInText(string pattern, string problem) => Find(Text, pattern, problem);

    private IEnumerable<Finding> Find(string where, string pattern, string problem) =>
        Matches(where, pattern).Select(match => At(match.Index, $"{problem}: {match.Value.Trim()}"));

    /// <summary>All matches of a pattern, where ^ and $ are a line's beginning and end.</summary>
    public static IEnumerable<Match> Matches(string text, string pattern) =>
        Regex.Matches(text, pattern, RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));
}

/// <summary>Where a rule is broken, and how.</summary>
internal sealed record Finding(string Path, int Line, string Problem)
{
    public override string ToString() => $"{Path}:{Line}: {Problem}";
}

/// <summary>A rule of the house: what it demands, and what breaks it in a file.</summary>
internal sealed record Rule(string Demand, Func<SourceFile, IEnumerable<Finding>> Check)
{
    /// <summary>Every rule there is.</summary>
    public static IReadOnlyList<Rule> All { get; } =
        [.. FolderRules.All, .. SizeRules.All, .. NameRules.All, .. SuppressionRules.All, .. RepositoryRules.All];

    public override string ToString() => Demand;
}
