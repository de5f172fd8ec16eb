using System.Text.RegularExpressions;

namespace Afterimage.Tests.Tidy;

/// <summary>The repository says nothing that is true on one machine alone.</summary>
internal static class RepositoryRules
{
    // In two halves, so that this file does not hold what it forbids.
    private static readonly string[] RegistryHosts =
        ["nuget" + ".org", "npmjs" + ".org", "npmjs" + ".com", "yarnpkg" + ".com", "pypi" + ".org", "pythonhosted" + ".org", "crates" + ".io", "debian" + ".org", "maven" + ".org"];

    private static readonly string[] MachinePaths = ["/ro" + "ot/", "/ho" + "me/", "/wo" + "rk/", "/Us" + "ers/", @"C:\" + "Users"];

    private static readonly string[] WorkingPapers =
        ["../sha" + "red", "DESIGN" + ".md", "FACTS" + ".md", "PROOF" + ".md", "STYLE" + ".md", "work" + "tree"];

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("No package registry is named", file => NamingAny(file, RegistryHosts)),
        new("No path of one machine is named", file => NamingAny(file, MachinePaths)),
        new("Nothing is said of how the work was organised", file => NamingAny(file, WorkingPapers)),
        new("A lock of npm packages names no download address", NoDownloadAddress),
    ];

    private static IEnumerable<Finding> NamingAny(SourceFile file, string[] words) => SuppressionRules.IsLock(file)
        ? []
        : words.SelectMany(word => file.FindInText($@"(?<!\w){Regex.Escape(word)}", "the repository may not name"));

    private static IEnumerable<Finding> NoDownloadAddress(SourceFile file) => file.Name == "package-lock.json"
        ? file.FindInText("\"resolved\"\\s*:\\s*\"[^\"]*://[^\"]*\"", "an address that only some machines reach")
        : [];
}
