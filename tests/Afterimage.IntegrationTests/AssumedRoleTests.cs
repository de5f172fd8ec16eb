using System.Text.Json;
using Afterimage.IntegrationTests.Support;

namespace Afterimage.IntegrationTests;

/// <summary>Tables that are read by a role, which an emulated STS gives out.</summary>
public sealed class AssumedRoleTests(LocalDatabase database)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_is_read_by_the_role_that_its_configuration_names()
    {
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        var table = await StreamedTable.CreateAsync(client, "Assumed", ["id"], Ct);
        await client.PutItemAsync(table.Name, new() { ["id"] = new("1") }, Ct);
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "afterimage.json"),
            $$"""{"tables": [{"name": "{{table.Name}}", "role": "arn:aws:iam::123456789012:role/afterimage-reader"}]}""",
            Ct);
        using var sts = await EmulatedAws.StartAsync(Ct);

        using var run = AfterimageProcess.Start(
            folder.Path,
            new Dictionary<string, string> { ["AWS_ENDPOINT_URL_STS"] = sts.Endpoint.ToString() },
            "run", "--drain", "--json", "--trail", "sqlite:t.db", "--endpoint", (await database.EndpointAsync()).ToString());
        var kept = await run.StandardOutput.ReadToEndAsync(Ct);
        var said = await run.StandardError.ReadToEndAsync(Ct);
        await run.WaitForExitAsync(Ct);

        run.ExitCode.ShouldBe(0, said);
        var last = kept.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        JsonElement.Parse(last).GetProperty("action").GetString().ShouldBe("INSERT");

        // Nothing else is posted here.
        await sts.AnsweredAsync("\"POST / HTTP/1.1\" 200", Ct);
    }
}
