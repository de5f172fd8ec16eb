using System.Text.Json;
using Afterimage.IntegrationTests.Support;

namespace Afterimage.IntegrationTests;

/// <summary>20,000 random changes with hostile values: the trail holds each record of the stream exactly once, value for value.</summary>
public sealed class TrailEqualsStreamTests(OwnDatabase database) : IClassFixture<OwnDatabase>
{
    private const int Changes = 20_000;

    // Deleting what is not there, and items that DynamoDB refuses, leave no record.
    private const int Writes = 28_000;
    private const int Kills = 10;

    // An item nests to 32 levels, each of which takes two of JSON.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_trail_equals_the_stream_though_the_reader_is_killed_ten_times_at_random_moments()
    {
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        var endpoint = await database.EndpointAsync();
        var table = await StreamedTable.CreateAsync(client, "Hostile", ["id"], Ct);
        var random = new Random(20_261_121);
        await new HostileWrites(client, table.Name, random).WriteAsync(Writes, Ct);

        string[] run = ["run", "--table", table.Name, "--trail", "sqlite:trail.db", "--endpoint", endpoint.ToString()];
        for (var kill = 0; kill < Kills; kill++)
        {
            await RunUntilKilledAsync(folder, run, lines: random.Next(1, Changes / Kills / 2));
        }

        var drained = await AfterimageProcess.RunAsync(folder.Path, Ct, [.. run, "--drain"]);
        drained.ExitCode.ShouldBe(0, drained.Error);
        var verified = await AfterimageProcess.RunAsync(folder.Path, Ct, "verify", "--trail", "sqlite:trail.db");
        verified.ExitCode.ShouldBe(0, verified.Out);

        var records = await ToldRecord.ReadAsync(endpoint, table.StreamArn, Ct);
        var entries = await EntriesAsync(folder);
        records.Count.ShouldBeGreaterThan(Changes);
        entries.Count.ShouldBe(records.Count);
        for (var at = 0; at < records.Count; at++)
        {
            ToldRecord.ShouldTellOf(entries[at], records[at], at);
        }

        entries.Select(entry => entry.GetProperty("id").GetString()).Distinct().Count().ShouldBe(entries.Count);
    }

    private static async Task RunUntilKilledAsync(TempFolder folder, string[] run, int lines)
    {
        using var process = AfterimageProcess.Start(folder.Path, run);
        for (var line = 0; line < lines && await process.StandardOutput.ReadLineAsync(Ct) is not null; line++)
        {
        }

        process.HasExited.ShouldBeFalse();
        process.Kill();
        await process.WaitForExitAsync(Ct);
    }

    private static async Task<List<JsonElement>> EntriesAsync(TempFolder folder)
    {
        var answer = await AfterimageProcess.RunAsync(folder.Path, Ct, "search", "--trail", "sqlite:trail.db", "--json", "--limit", "1000000");
        answer.ExitCode.ShouldBe(0, answer.Error);
        return [.. answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line, Deep))
            .Where(entry => entry.GetProperty("kind").GetString() == "change").OrderBy(entry => entry.GetProperty("index").GetInt64())];
    }
}
