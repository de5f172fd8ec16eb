using System.Text.Json;
using Afterimage.IntegrationTests.Support;

namespace Afterimage.IntegrationTests.Trail;

/// <summary>Workers that share a trail in DynamoDB, one of which is killed again and again.</summary>
public sealed class SharedTableTests(OwnDatabase database) : IClassFixture<OwnDatabase>
{
    private const int Workers = 3;
    private const int WritesPerTable = 4_500;
    private const int Kills = 6;

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(4);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_trail_equals_three_streams_though_one_of_three_workers_is_killed_every_few_seconds()
    {
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        var endpoint = await database.EndpointAsync();
        var trail = $"dynamodb:shared-{Environment.ProcessId}";
        var tables = new List<StreamedTable>();
        for (var table = 0; table < 3; table++)
        {
            tables.Add(await StreamedTable.CreateAsync(client, "InTable", ["id"], Ct));
        }

        string[] to = ["--trail", trail, "--endpoint", endpoint.ToString()];
        var enabled = await AfterimageProcess.RunAsync(folder.Path, Ct, ["enable", .. tables.Select(table => table.Name), .. to]);
        enabled.ExitCode.ShouldBe(0, enabled.Error);
        string[] run = ["run", "--table", .. tables.Select(table => table.Name), .. to];

        var writing = Task.WhenAll(tables.Select((table, at) => new HostileWrites(client, table.Name, new Random(at)).WriteAsync(WritesPerTable, Ct)));
        var workers = Enumerable.Range(0, Workers).Select(_ => new KilledProcess(AfterimageProcess.Start(folder.Path, run), Ct)).ToList();
        for (var kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(BetweenKills, TimeProvider.System, Ct);
            await workers[kill % Workers].KillAsync(Ct);
            workers[kill % Workers] = new KilledProcess(AfterimageProcess.Start(folder.Path, run), Ct);
        }

        await writing;
        await Task.WhenAll(workers.Select(worker => worker.KillAsync(Ct)));
        var drained = await AfterimageProcess.RunAsync(folder.Path, Ct, [.. run, "--drain"]);
        drained.ExitCode.ShouldBe(0, drained.Error);

        foreach (var table in tables)
        {
            var records = await ToldRecord.ReadAsync(endpoint, table.StreamArn, Ct);
            var entries = await EntriesAsync(folder, table.Name, to);
            entries.Count.ShouldBe(records.Count);
            records.Count.ShouldBeGreaterThan(10_000 / 3);
            for (var at = 0; at < records.Count; at++)
            {
                ToldRecord.ShouldTellOf(entries[at], records[at], at);
            }
        }

        var verified = await AfterimageProcess.RunAsync(folder.Path, Ct, ["verify", .. to]);
        verified.ExitCode.ShouldBe(0, verified.Out + verified.Error);
        verified.Out.ShouldStartWith("intact and complete");
    }

    private static async Task<List<JsonElement>> EntriesAsync(TempFolder folder, string table, string[] to)
    {
        var answer = await AfterimageProcess.RunAsync(folder.Path, Ct, ["search", "--table", table, "--json", "--limit", "1000000", .. to]);
        answer.ExitCode.ShouldBe(0, answer.Error);
        return [.. answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line, Deep))
            .Where(entry => entry.GetProperty("kind").GetString() == "change").OrderBy(entry => entry.GetProperty("index").GetInt64())];
    }
}
