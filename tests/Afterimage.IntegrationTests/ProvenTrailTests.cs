using System.Diagnostics;
using System.Text.Json;
using Afterimage.Entries;
using Afterimage.IntegrationTests.Support;
using Afterimage.Tests.Support;
using Afterimage.Trail;
using Afterimage.Verifying;

namespace Afterimage.IntegrationTests;

/// <summary>A trail that the program filled and sealed, killed on the way, and what an auditor makes of it.</summary>
public sealed class ProvenTrailTests(LocalDatabase database)
{
    private const int Changes = 240;
    private const int Proofs = 200;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_run_kept_and_sealed_is_intact_and_each_entry_is_proven_by_the_program_and_by_the_script()
    {
        SystemPackage.Demand("python3", "python3");
        SystemPackage.Demand("openssl", "openssl");
        var endpoint = (await database.EndpointAsync()).ToString();
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "afterimage.json"), """{"proof": {"origin": "audit.example.com/orders", "sealEvery": "1s", "witness": ["file:witness"]}}""", Ct);
        var table = await StreamedTable.CreateAsync(client, "Proven", ["id"], Ct);
        var items = new RandomItems(new Random(7));
        await WriteAsync(client, table.Name, items, 0, Changes / 2);
        await KillAsync(folder, table.Name, endpoint);
        await WriteAsync(client, table.Name, items, Changes / 2, Changes);
        var run = await AfterimageProcess.RunAsync(folder.Path, Ct, "run", "--table", table.Name, "--trail", "sqlite:t.db", "--endpoint", endpoint, "--drain");
        run.ExitCode.ShouldBe(0, run.Error);

        var verified = await AfterimageProcess.RunAsync(folder.Path, Ct, "verify", "--stream", "--json", "--trail", "sqlite:t.db", "--endpoint", endpoint);
        verified.ExitCode.ShouldBe(0, verified.Out + verified.Error);
        var said = JsonElement.Parse(verified.Out);
        said.GetProperty("result").GetString().ShouldBe("intact and complete");
        var key = said.GetProperty("vkey").GetString()!;
        key.ShouldStartWith("audit.example.com/orders+");
        Directory.GetFiles(Path.Combine(folder.Path, "witness")).ShouldNotBeEmpty();

        var ids = await ProveAsync(folder);
        ids.Count.ShouldBe(Proofs);
        await AskTheScriptAsync(folder, key);
        var file = Path.Combine(folder.Path, "p.json");
        (await AfterimageProcess.RunAsync(folder.Path, Ct, "prove", ids[0], "--out", file, "--trail", "sqlite:t.db")).ExitCode.ShouldBe(0);
        (await AfterimageProcess.RunAsync(folder.Path, Ct, "verify-proof", file, "--key", key)).Out.ShouldStartWith("proven: ");
    }

    private static async Task WriteAsync(Amazon.DynamoDBv2.AmazonDynamoDBClient client, string table, RandomItems items, int from, int to)
    {
        for (var change = from; change < to; change++)
        {
            var item = SdkValues.Of(items.Item(4));
            item["id"] = new($"i{change % 40}");
            try
            {
                await client.PutItemAsync(table, item, Ct);
            }
            catch (Amazon.DynamoDBv2.AmazonDynamoDBException)
            {
                // Some of what is made up DynamoDB refuses; the change is made all the same.
                await client.PutItemAsync(table, new() { ["id"] = item["id"], ["change"] = new($"{change}") }, Ct);
            }
        }
    }

    // As soon as anything was sealed.
    private static async Task KillAsync(TempFolder folder, string table, string endpoint)
    {
        using var worker = AfterimageProcess.Start(folder.Path, "run", "--table", table, "--trail", "sqlite:t.db", "--endpoint", endpoint, "--json");
        _ = worker.StandardError.ReadToEndAsync(Ct);
        _ = worker.StandardOutput.ReadToEndAsync(Ct);
        var witness = new DirectoryInfo(Path.Combine(folder.Path, "witness"));
        while (!witness.Exists || witness.GetFiles().Length == 0)
        {
            worker.HasExited.ShouldBeFalse();
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
            witness.Refresh();
        }

        worker.Kill();
        await worker.WaitForExitAsync(Ct);
    }

    private static async Task<List<string>> ProveAsync(TempFolder folder)
    {
        await using var trail = await Trails.OpenFileAsync($"sqlite:{Path.Combine(folder.Path, "t.db")}", OpenMode.ReadOnly, Ct);
        var prover = new Prover(trail);
        var ids = new List<string>();
        await foreach (var (entry, _) in trail.SearchAsync(new SearchFilter(), Ct).Where(found => found.Entry.Kind == EntryKind.Change).Take(Proofs))
        {
            var proof = (await prover.ProveAsync(entry.Id, Ct)).ShouldNotBeNull();
            await File.WriteAllBytesAsync(Path.Combine(folder.Path, $"{entry.Id}.proof"), proof.ToUtf8(), Ct);
            ids.Add(entry.Id.Value);
        }

        return ids;
    }

    private static async Task AskTheScriptAsync(TempFolder folder, string key)
    {
        const string Driver = """
            import glob, sys
            sys.path.insert(0, sys.argv[1])
            import verify
            for path in sorted(glob.glob("*.proof")):
                rows = verify.verify(open(path, "rb").read(), sys.argv[2])
                print(path.split(".")[0], rows[0].startswith("log "), any(path.split(".")[0] in row for row in rows))
            """;
        var start = new ProcessStartInfo("python3", ["-B", "-c", Driver, Path.Combine(AppContext.BaseDirectory, "docs"), key])
        {
            WorkingDirectory = folder.Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var python = Process.Start(start)!;
        var (output, error) = (python.StandardOutput.ReadToEndAsync(Ct), python.StandardError.ReadToEndAsync(Ct));
        await python.WaitForExitAsync(Ct);
        var rows = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        rows.Length.ShouldBe(Proofs, await error);
        rows.ShouldAllBe(row => row.EndsWith(" True True", StringComparison.Ordinal));
    }
}
