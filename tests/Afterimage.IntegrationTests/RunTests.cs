using System.Text.Json;
using Afterimage.IntegrationTests.Support;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.IntegrationTests;

/// <summary>The worker as users start it, on DynamoDB Local.</summary>
public sealed class RunTests(LocalDatabase database)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_item_of_400_KB_changed_to_another_is_one_entry_each()
    {
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        var table = await StreamedTable.CreateAsync(client, "Large", ["id"], Ct);
        var (before, after) = (new string('a', 400_000), new string('é', 200_000));
        await client.PutItemAsync(table.Name, Large(before), Ct);
        await client.PutItemAsync(table.Name, Large(after), Ct);

        await DrainAsync(folder, table.Name);

        var entries = await EntriesAsync(folder, "history", table.Name, "id=1");
        entries.Count.ShouldBe(2);
        var change = entries[1].GetProperty("changes").EnumerateArray().Single();
        (change.GetProperty("old").GetProperty("S").GetString(), change.GetProperty("value").GetProperty("S").GetString()).ShouldBe((before, after));
    }

    [Fact]
    public async Task Several_tables_and_patterns_are_followed_into_one_trail()
    {
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        var one = await StreamedTable.CreateAsync(client, "PatternOne", ["id"], Ct);
        var two = await StreamedTable.CreateAsync(client, "PatternTwo", ["id", "sort"], Ct);
        await client.PutItemAsync(one.Name, new() { ["id"] = new("1") }, Ct);
        await client.PutItemAsync(two.Name, new() { ["id"] = new("1"), ["sort"] = new("a") }, Ct);

        var run = await RunAsync(folder, "run", "--table", "Pattern*", "--drain");

        run.ExitCode.ShouldBe(0, run.Error);
        (await ChangesAsync(folder)).Select(entry => entry.GetProperty("table").GetString()).Order().ShouldBe([one.Name, two.Name]);
    }

    [Fact]
    public async Task Tables_without_a_stream_or_that_do_not_exist_are_all_named_at_once()
    {
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        var name = $"NoStream-{Environment.ProcessId}";
        await client.CreateTableAsync(
            new CreateTableRequest(name, [new KeySchemaElement("id", "HASH")], [new AttributeDefinition("id", "S")], new ProvisionedThroughput(1, 1)), Ct);

        var run = await RunAsync(folder, "run", "--table", name, "Missing", "--drain");

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain($"{name} has no stream");
        run.Error.ShouldContain("There is no table 'Missing'");

        (await RunAsync(folder, "enable", name)).ExitCode.ShouldBe(0);
        await client.PutItemAsync(name, new() { ["id"] = new("1") }, Ct);
        await DrainAsync(folder, name);
        (await EntriesAsync(folder, "history", name, "id=1")).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("KEYS_ONLY", "carries keys only")]
    [InlineData("NEW_IMAGE", "carries new images only")]
    [InlineData("OLD_IMAGE", "carries old images only")]
    public async Task A_stream_without_both_images_works_and_says_what_cannot_be_known(string view, string warning)
    {
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        var name = $"View-{view}-{Environment.ProcessId}";
        await client.CreateTableAsync(
            new CreateTableRequest(name, [new KeySchemaElement("id", "HASH")], [new AttributeDefinition("id", "S")], new ProvisionedThroughput(1, 1))
            {
                StreamSpecification = new StreamSpecification { StreamEnabled = true, StreamViewType = view },
            },
            Ct);
        await client.PutItemAsync(name, new() { ["id"] = new("1"), ["v"] = new("a") }, Ct);
        await client.PutItemAsync(name, new() { ["id"] = new("1"), ["v"] = new("b") }, Ct);

        var run = await RunAsync(folder, "run", "--table", name, "--drain");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Error.ShouldContain(warning);
        (await EntriesAsync(folder, "history", name, "id=1"))[1].GetProperty("changes").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Two_workers_on_one_trail_keep_every_change_once()
    {
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        var table = await StreamedTable.CreateAsync(client, "Shared", ["id"], Ct);
        for (var write = 0; write < 60; write++)
        {
            await client.BatchWriteItemAsync(
                new BatchWriteItemRequest(new Dictionary<string, List<WriteRequest>>
                {
                    [table.Name] = [.. Enumerable.Range(0, 25).Select(id => new WriteRequest(new PutRequest(new() { ["id"] = new($"{id}"), ["v"] = new() { N = $"{write}" } })))],
                }),
                Ct);
        }

        var both = await Task.WhenAll(DrainAsync(folder, table.Name), DrainAsync(folder, table.Name));

        both.ShouldAllBe(run => run.ExitCode == 0);
        var entries = await ChangesAsync(folder);
        entries.Count.ShouldBe(1500);
        entries.Select(entry => entry.GetProperty("index").GetInt64()).Order().ShouldBe(Enumerable.Range(1, 1500).Select(index => (long)index));
    }

    [Fact]
    public async Task A_stop_by_SIGTERM_ends_with_0_and_what_was_kept()
    {
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        var table = await StreamedTable.CreateAsync(client, "Stopped", ["id"], Ct);
        await client.PutItemAsync(table.Name, new() { ["id"] = new("1") }, Ct);
        using var process = AfterimageProcess.Start(folder.Path, "run", "--table", table.Name, "--trail", "sqlite:t.db", "--endpoint", (await database.EndpointAsync()).ToString());
        (await process.StandardOutput.ReadLineAsync(Ct))!.ShouldContain("BEGIN");
        (await process.StandardOutput.ReadLineAsync(Ct))!.ShouldContain("INSERT");

        using var kill = System.Diagnostics.Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync(Ct);

        process.ExitCode.ShouldBe(0);
        (await process.StandardError.ReadToEndAsync(Ct)).ShouldContain("Kept 2 entries in this run");
    }

    [Fact]
    public async Task An_endpoint_that_is_down_is_waited_for()
    {
        using var folder = new TempFolder();
        using var process = AfterimageProcess.Start(folder.Path, "run", "--table", "Any", "--trail", "sqlite:t.db", "--endpoint", "http://127.0.0.1:1");

        (await process.StandardError.ReadLineAsync(Ct))!.ShouldContain("Waiting for it");

        process.HasExited.ShouldBeFalse();
        process.Kill();
        await process.WaitForExitAsync(Ct);
    }

    private async Task<List<JsonElement>> ChangesAsync(TempFolder folder) =>
        [.. (await EntriesAsync(folder, "search", "--limit", "100000")).Where(entry => entry.GetProperty("kind").GetString() == "change")];

    private static Dictionary<string, AttributeValue> Large(string text) => new() { ["id"] = new("1"), ["text"] = new(text) };

    private async Task<(int ExitCode, string Out, string Error)> RunAsync(TempFolder folder, params string[] args) =>
        await AfterimageProcess.RunAsync(folder.Path, Ct, [.. args, "--trail", "sqlite:t.db", "--endpoint", (await database.EndpointAsync()).ToString()]);

    private async Task<(int ExitCode, string Out, string Error)> DrainAsync(TempFolder folder, string table)
    {
        var run = await RunAsync(folder, "run", "--table", table, "--drain");
        run.ExitCode.ShouldBe(0, run.Error);
        return run;
    }

    private async Task<List<JsonElement>> EntriesAsync(TempFolder folder, params string[] args)
    {
        var answer = await RunAsync(folder, [.. args, "--json"]);
        answer.ExitCode.ShouldBe(0, answer.Error);
        return [.. answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }
}
