namespace Afterimage.Tests.Tidy;

/// <summary>Which folder may name which: data goes one way, and each part can be read without the ones after it.</summary>
internal static class FolderRules
{
    // Every folder of src/, and what of ours it may name besides itself. A new folder needs a line here.
    private static readonly (string Folder, string[] MayName)[] Table =
    [
        ("src/Afterimage.Streams/", []),
        ("src/Afterimage.Stamp/", []),
        ("src/Afterimage/Entries/", ["Streams", "Proof"]),
        ("src/Afterimage/Proof/", []),
        ("src/Afterimage/Trail/", ["Streams", "Entries", "Proof"]),
        ("src/Afterimage/Capture/", ["Streams", "Entries", "Proof", "Trail"]),
        ("src/Afterimage/Query/", ["Entries", "Proof", "Trail"]),
        ("src/Afterimage/Relay/", ["Entries", "Proof", "Trail"]),
        ("src/Afterimage/Sealing/", ["Streams", "Entries", "Proof", "Trail"]),
        ("src/Afterimage/Verifying/", ["Streams", "Entries", "Proof", "Trail", "Sealing"]),
        ("src/Afterimage/Hosting/", ["Streams", "Entries", "Proof", "Trail", "Capture", "Query", "Sealing", "Verifying", "Relay"]),
        ("src/Afterimage.App/", ["Streams", "Entries", "Proof", "Trail", "Capture", "Query", "Sealing", "Verifying", "Relay", "Hosting", "Stamp"]),
        ("src/Afterimage.Lambda/", ["Streams", "Entries", "Proof", "Trail", "Capture", "Sealing", "Relay", "Hosting"]),
    ];

    private static readonly string[] Ours =
        ["Streams", "Stamp", "Entries", "Proof", "Trail", "Capture", "Query", "Sealing", "Verifying", "Relay", "Hosting", "App", "Lambda"];

    private static readonly string[] Backends = ["Sqlite", "DynamoDb"];

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("A folder names only what its line in the table allows", NamesOnlyWhatItMay),
        new("A trail's backend is named only by itself and by the files directly in Trail", BackendsAreNamedInTrailAlone),
        new("Proof does no I/O and names nothing of ours", ProofIsPure),
        new("Entries know no clock and no AWS types", EntriesAreData),
        new("Entries are made of records and gaps and know nothing of how those were read", EntriesKnowWhatWasReadAlone),
        new("A namespace is its folder", NamespaceIsFolder),
        new("Commands is a file per verb", FilePerVerb),
        new("Usings stand in the file that needs them", NoGlobalUsings),
    ];

    private static IEnumerable<Finding> NamesOnlyWhatItMay(SourceFile file)
    {
        var (folder, mayName) = Table.FirstOrDefault(line => file.IsCodeIn(line.Folder));
        if (folder is null)
        {
            var isRootOfProject = file.Path.Count(c => c == '/') == 2;
            return file.IsCodeIn("src/") && !isRootOfProject ? [file.At(0, "this folder has no line in the table of folder rules")] : [];
        }

        var self = folder.TrimEnd('/').Split('/', '.')[^1];
        return Ours.Except([self, .. mayName]).SelectMany(name => Naming(file, name));
    }

    private static IEnumerable<Finding> BackendsAreNamedInTrailAlone(SourceFile file)
    {
        const string Trail = "src/Afterimage/Trail/";
        var isDirectlyInTrail = file.IsCodeIn(Trail) && !file.Path[Trail.Length..].Contains('/', StringComparison.Ordinal);
        return isDirectlyInTrail || !file.IsCodeIn("src/")
            ? []
            : Backends.Where(backend => !file.IsCodeIn($"{Trail}{backend}/")).SelectMany(backend => Naming(file, $"Trail.{backend}")
                .Concat(file.IsCodeIn(Trail) ? Naming(file, backend) : []));
    }

    private static IEnumerable<Finding> ProofIsPure(SourceFile file) => file.IsCodeIn("src/Afterimage/Proof/")
        ? file.FindInCode(
            @"\b(AfterimageException|System\.(IO|Net)|File|Directory|FileInfo|DirectoryInfo|\w*Stream|StreamReader|StreamWriter|HttpClient|Socket|Process|Console|Environment|TimeProvider)\b",
            "Proof is bytes in, bytes out")
        : [];

    private static IEnumerable<Finding> EntriesAreData(SourceFile file) => file.IsCodeIn("src/Afterimage/Entries/")
        ? file.FindInCode(@"(?<![\w.])(Amazon\.\w+|(TimeProvider|Stopwatch|Timer)\b|(DateTime|DateTimeOffset)\.(Utc)?Now\b|Task\.Delay\b)", "Entries are data")
        : [];

    private static IEnumerable<Finding> EntriesKnowWhatWasReadAlone(SourceFile file) => file.IsCodeIn("src/Afterimage/Entries/")
        ? file.FindInCode(@"\bStreams\s*\.\s*(?!(Records|Shards)\b)\w+", "Entries name Streams.Records and Streams.Shards alone")
        : [];

    private static IEnumerable<Finding> NamespaceIsFolder(SourceFile file)
    {
        var parts = file.Path.Split('/');
        if (!file.IsCSharp || parts.Length < 3)
        {
            return [];
        }

        var expected = string.Join('.', parts[1..^1]);
        var declared = SourceFile.Matches(file.Code, @"^\s*namespace\s+(?<name>[\w.]+)").ToList();
        var wrong = declared.Where(match => match.Groups["name"].Value != expected);
        var isMissing = declared.Count == 0 && NameRules.DeclaredTypes(file).Any();
        return isMissing
            ? [file.At(0, $"the namespace {expected} is missing")]
            : wrong.Select(match => file.At(match.Index, $"the namespace of this folder is {expected}"));
    }

    private static IEnumerable<Finding> FilePerVerb(SourceFile file)
    {
        if (!file.IsCodeIn("src/Afterimage.App/Commands/"))
        {
            return [];
        }

        var commands = NameRules.DeclaredTypes(file).Where(type => type.Name.EndsWith("Command", StringComparison.Ordinal)).ToList();
        var strangers = commands.Where(type => $"{type.Name}.cs" != file.Name);
        return strangers.Select(type => file.At(type.Offset, $"{type.Name} belongs in a file of its own, {type.Name}.cs"));
    }

    private static IEnumerable<Finding> NoGlobalUsings(SourceFile file)
    {
        var isProject = file.Path.StartsWith("src/", StringComparison.Ordinal) && file.Path.EndsWith(".csproj", StringComparison.Ordinal);
        return isProject
            ? file.FindInText("<Using ", "a using that no file shows")
            : file.FindInCode(@"^\s*global\s+using\b", "a using that other files do not show");
    }

    /// <summary>Every place that names a namespace of ours, in full or from within, other than the file's own declaration.</summary>
    private static IEnumerable<Finding> Naming(SourceFile file, string name) => file.FindInCode(
        $@"(?<!^\s*namespace\s.*)(?<![\w.])(global::)?(Afterimage\.)?{name.Replace(".", @"\.", StringComparison.Ordinal)}\s*[.;]\w*",
        "this folder may not name");
}
