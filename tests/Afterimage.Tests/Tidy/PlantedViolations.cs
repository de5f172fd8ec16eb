namespace Afterimage.Tests.Tidy;

/// <summary>Files that break one rule each, and files that only look as if they did.</summary>
internal static class PlantedViolations
{
    private static readonly string ThreeHundredLines = string.Concat(Enumerable.Repeat("// line\n", 301));
    private static readonly string SixtyStatements = string.Concat(Enumerable.Repeat("        Go();\n", 60));

    /// <summary>Rule, path, text.</summary>
    public static IReadOnlyList<(string, string, string)> All { get; } =
    [
        ("A folder names only what its line in the table allows", "src/Afterimage/Query/History.cs", Using("Afterimage.Streams.Records")),
        ("A folder names only what its line in the table allows", "src/Afterimage/Query/History.cs", Using("Afterimage.Relay")),
        ("A folder names only what its line in the table allows", "src/Afterimage/Query/History.cs", "class History { Relay.Follower follower; }"),
        ("A folder names only what its line in the table allows", "src/Afterimage/Relay/Follower.cs", Using("Afterimage.Query")),
        ("A folder names only what its line in the table allows", "src/Afterimage/Proof/Leaf.cs", "class Leaf { Afterimage.Entries.AuditEntry entry; }"),
        ("A folder names only what its line in the table allows", "src/Afterimage/Entries/Diff.cs", Using("Afterimage.Trail")),
        ("Entries are made of records and gaps and know nothing of how those were read", "src/Afterimage/Entries/Diff.cs", Using("Afterimage.Streams.Aws")),
        ("A folder names only what its line in the table allows", "src/Afterimage.Streams/Reading/Worker.cs", Using("Afterimage.Trail")),
        ("A folder names only what its line in the table allows", "src/Afterimage.Stamp/Stamp.cs", Using("Afterimage.Entries")),
        ("A folder names only what its line in the table allows", "src/Afterimage/Attic/Old.cs", "class Old;"),
        ("A trail's backend is named only by itself and by the files directly in Trail", "src/Afterimage/Query/History.cs", Using("Afterimage.Trail.Sqlite")),
        ("A trail's backend is named only by itself and by the files directly in Trail", "src/Afterimage/Trail/DynamoDb/Rows.cs", "class Rows { Sqlite.Schema schema; }"),
        ("A trail's backend is named only by itself and by the files directly in Trail", "src/Afterimage/Trail/Sqlite/Rows.cs", Using("Afterimage.Trail.DynamoDb")),
        ("Proof does no I/O and names nothing of ours", "src/Afterimage/Proof/Leaf.cs", "class Leaf { byte[] Read() => File.ReadAllBytes(path); }"),
        ("Proof does no I/O and names nothing of ours", "src/Afterimage/Proof/Leaf.cs", "class Leaf { void Bad() => throw new AfterimageException(a, b); }"),
        ("Entries know no clock and no AWS types", "src/Afterimage/Entries/Diff.cs", Using("Amazon.DynamoDBv2.Model")),
        ("Entries know no clock and no AWS types", "src/Afterimage/Entries/Diff.cs", "class Diff(TimeProvider time);"),
        ("A namespace is its folder", "src/Afterimage/Query/History.cs", "namespace Afterimage.Search;"),
        ("A namespace is its folder", "src/Afterimage/Query/History.cs", "internal sealed class History;"),
        ("Commands is a file per verb", "src/Afterimage.App/Commands/ShowCommand.cs", "class ShowCommand; class TailCommand;"),
        ("Usings stand in the file that needs them", "src/Afterimage/Query/Usings.cs", "global using Afterimage.Trail;"),
        ("Usings stand in the file that needs them", "src/Afterimage/Afterimage.csproj", """<Using Include="Afterimage.Trail" />"""),
        ("A file has at most 300 lines", "src/Afterimage/Long.cs", ThreeHundredLines),
        ("A method has at most 60 lines", "src/Afterimage/Long.cs", $"class Long\n{{\n    void Run(int times = 1)\n    {{\n{SixtyStatements}    }}\n}}\n"),
        ("A type's name has no word that says nothing", "src/Afterimage/Trail.cs", "internal sealed class TrailManager;"),
        ("A type's name has no word that says nothing", "src/Afterimage/Trail.cs", "public readonly record struct JsonUtils(int Value);"),
        ("A type's name has no word that says nothing", "src/Afterimage/Trail.cs", "internal interface ITrailService { }"),
        ("Nothing is left to do in a comment", "docs/guide.md", "TO" + "DO: say how"),
        ("Nothing is left unimplemented", "src/Afterimage/Later.cs", "class Later { void Run() => throw new NotImplementedException(); }"),
        ("No warning is switched off in a source file", "src/Afterimage/Off.cs", "#pragma warning disable CA1000"),
        ("No warning is switched off in a source file", "src/Afterimage/Off.cs", """[SuppressMessage("Design", "CA1000")] class Off;"""),
        ("No warning is switched off in a project file", "src/Afterimage/Afterimage.csproj", "<NoWarn>CA1000</NoWarn>"),
        ("What is switched off in .editorconfig has its reason above it", ".editorconfig", "# Reason.\na.severity = none\n\nb.severity = none\n"),
        ("Everything is caught at the edge of a process alone", "src/Afterimage/Catch.cs", "class Catch { void Run() { try { } catch (Exception e) { } } }"),
        ("Everything is caught at the edge of a process alone", "src/Afterimage/Catch.cs", "class Catch { void Run() { try { } catch { } } }"),
        ("Everything is caught at the edge of a process alone", "src/Afterimage/Catch.cs", "class Catch { void Run() { try { } catch { if (a) { throw; } } } }"),
        ("No package registry is named", "docs/guide.md", "https://api.nuget" + ".org/v3"),
        ("No path of one machine is named", "deploy/unit.service", "ExecStart=/ho" + "me/me/afterimage"),
        ("Nothing is said of how the work was organised", "docs/guide.md", "see DESIGN" + ".md"),
        ("A lock of npm packages names no download address", "site/package-lock.json", """ "resolved": "https://registry.example/x.tgz" """),
    ];

    /// <summary>Path, text.</summary>
    public static IReadOnlyList<(string, string)> LookAlikes { get; } =
    [
        ("src/Afterimage/Trail/Trails.cs", "using Afterimage.Trail.Sqlite;\n\nnamespace Afterimage.Trail;"),
        ("src/Afterimage/Trail/Sqlite/Rows.cs", "using Microsoft.Data.Sqlite;\n\nnamespace Afterimage.Trail.Sqlite;"),
        ("src/Afterimage/Query/History.cs", "namespace Afterimage.Query;\n// Afterimage.Relay.Follower reads it too.\nclass History { string name = \"Afterimage.Relay.Follower\"; }"),
        ("src/Afterimage/Query/Quotes.cs", "namespace Afterimage.Query;\nclass Quotes { string a = $\"{names[\"Relay.x\"]} {{\"; char b = '\"'; string c = @\"Relay.\"\"x\"; }"),
        ("src/Afterimage/Query/Raw.cs", "namespace Afterimage.Query;\nclass Raw { string a = $$\"\"\"\n catch { \"Relay.x\" }\n \"\"\"; }"),
        ("src/Afterimage/Catch.cs", "namespace Afterimage;\nclass Catch { void Run() { try { } catch (Exception e) when (e is IOException) { } } }"),
        ("src/Afterimage/Clean.cs", "namespace Afterimage;\nclass Clean { void Run() { try { } catch { if (a) { Undo(); } throw; } } }"),
        ("src/Afterimage/Text.cs", "namespace Afterimage;\nclass Base64Text { void Run<T>() where T : class { } }\nclass Baseline;"),
        ("src/Afterimage/Table.cs", $"namespace Afterimage;\nclass Table\n{{\n    static readonly int[] Values = new[]\n    {{\n{SixtyStatements.Replace("Go();", "1,", StringComparison.Ordinal)}    }};\n}}\n"),
        (".editorconfig", "# Reason.\na.severity = none\nb.severity = none\n"),
        ("site/package-lock.json", """ "resolved": "node_modules/nothing" """),
    ];

    private static string Using(string name) => $"using {name};";
}
