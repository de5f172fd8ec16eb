namespace Afterimage.Tests.Tidy;

/// <summary>The checkout that these tests were built in.</summary>
internal static class Repository
{
    private static readonly HashSet<string> NotOurs =
        new([".git", ".vs", ".idea", "artifacts", "node_modules", "bin", "obj", "TestResults"], StringComparer.Ordinal);

    private static readonly HashSet<string> NotText =
        new([".png", ".ico", ".db", ".gz", ".zip", ".jar", ".nupkg"], StringComparer.Ordinal);

    /// <summary>Every text file, by path.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } = [.. FilesBelow(Root()).OrderBy(file => file.Path, StringComparer.Ordinal)];

    /// <summary>The checkout these tests were built from.</summary>
    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Afterimage.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"There is no checkout around {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }

    private static IEnumerable<SourceFile> FilesBelow(string root)
    {
        var folders = new Stack<string>([root]);
        while (folders.TryPop(out var folder))
        {
            foreach (var child in Directory.GetDirectories(folder).Where(child => !NotOurs.Contains(Path.GetFileName(child))))
            {
                folders.Push(child);
            }

            foreach (var file in Directory.GetFiles(folder).Where(IsText))
            {
                yield return new SourceFile(Path.GetRelativePath(root, file).Replace('\\', '/'), File.ReadAllText(file));
            }
        }
    }

    private static bool IsText(string file) => Path.GetFileName(file) != ".git" && !NotText.Contains(Path.GetExtension(file));
}
