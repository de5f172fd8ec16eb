using Afterimage.IntegrationTests.Support;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.IntegrationTests.Trail;

/// <summary>The program over a trail in DynamoDB: every question by its access path, and what is wrong with a table said so that somebody can mend it.</summary>
public sealed class QuestionsTests(LocalDatabase database)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_question_is_answered_without_a_scan_and_says_what_it_read()
    {
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        var table = await StreamedTable.CreateAsync(client, "Asked", ["UserId", "OrderId"], Ct);
        string[] to = ["--trail", $"dynamodb:asked-{Environment.ProcessId}", "--endpoint", (await database.EndpointAsync()).ToString()];
        (await RunAsync(folder, ["enable", table.Name, .. to])).Error.ShouldContain("Created the table");
        (await RunAsync(folder, ["enable", table.Name, .. to])).Error.ShouldContain("is there, with all that a trail needs");
        for (var quantity = 1; quantity <= 3; quantity++)
        {
            await client.PutItemAsync(table.Name, new() { ["UserId"] = new("u1"), ["OrderId"] = new($"o{quantity % 2}"), ["Quantity"] = new() { N = $"{quantity}" } }, Ct);
        }

        await RunAsync(folder, ["run", "--table", table.Name, "--drain", .. to]);

        await AskAsync(["history", table.Name, "UserId=u1,OrderId=o1"], entries: 2, "Query of the table");
        await AskAsync(["history", table.Name, "UserId=u1"], entries: 3, "Query of the index byPartition");
        await AskAsync(["search", "--table", table.Name, "--action", "MODIFY"], entries: 1, "Query of the index byTime");
        await AskAsync(["search", "--action", "INSERT", "--since", "1h"], entries: 2, "Query of the index byTime");
        await AskAsync(["search", "--actor", "alice"], entries: 0, "Query of the index byActor");
        var found = await AskAsync(["search", "--table", table.Name, "--key", "UserId=u1,OrderId=o0"], entries: 1, "Query of the table");
        await AskAsync(["show", System.Text.Json.JsonElement.Parse(found).GetProperty("id").GetString()!], entries: 1, "GetItem of the table");
        (await RunAsync(folder, ["gaps", "list", .. to])).Error.ShouldNotContain("Scan");
        (await RunAsync(folder, ["status", .. to])).Error.ShouldNotContain("Scan");
        (await RunAsync(folder, ["verify", .. to])).Out.ShouldStartWith("intact and complete");

        async Task<string> AskAsync(string[] question, int entries, string path)
        {
            var answer = await RunAsync(folder, [.. question, "--json", "--explain", .. to]);
            answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(entries, answer.Error);
            answer.Error.ShouldContain(path);
            answer.Error.ShouldNotContain("Scan");
            return answer.Out;
        }
    }

    [Fact]
    public async Task A_table_that_is_not_there_or_not_a_trails_is_named_with_what_to_do()
    {
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        var table = await StreamedTable.CreateAsync(client, "Wrong", ["id"], Ct);
        var endpoint = (await database.EndpointAsync()).ToString();
        string[] To(string trail) => ["--trail", trail, "--endpoint", endpoint];

        (await FailAsync(folder, ["run", "--table", table.Name, .. To("dynamodb:not-there")])).ShouldContain("afterimage enable TABLE --trail dynamodb:not-there");
        (await FailAsync(folder, ["search", .. To($"dynamodb:{table.Name}")])).ShouldContain(table.Name);
        (await FailAsync(folder, ["enable", table.Name, .. To($"dynamodb:{table.Name}")])).ShouldContain("its keys are id, and a trail's are pk and sk; the index byPartition is missing; the index byTime is missing");
        (await FailAsync(folder, ["search", .. To("dynamodb:a b")])).ShouldContain("does not name a table");
        (await FailAsync(folder, ["enable", table.Name, "--capacity", "many", .. To("dynamodb:some-trail")])).ShouldContain("--capacity 50,200");
    }

    [Fact]
    public async Task A_trail_whose_index_was_deleted_says_which()
    {
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        var table = await StreamedTable.CreateAsync(client, "Lacking", ["id"], Ct);
        var trail = $"lacking-{Environment.ProcessId}";
        string[] to = ["--trail", $"dynamodb:{trail}", "--endpoint", (await database.EndpointAsync()).ToString()];
        await RunAsync(folder, ["enable", table.Name, .. to]);
        await CopyWithoutIndexAsync(client, trail, $"{trail}-copy", "byActor");
        to[1] += "-copy";

        (await FailAsync(folder, ["enable", table.Name, .. to])).ShouldContain("the index byActor is missing");
        (await FailAsync(folder, ["search", "--actor", "alice", .. to])).ShouldContain("index");
    }

    // DynamoDB Local takes minutes to delete an index while others write into other tables.
    private static async Task CopyWithoutIndexAsync(AmazonDynamoDBClient client, string from, string to, string index)
    {
        var table = (await client.DescribeTableAsync(from, Ct)).Table;
        var kept = table.GlobalSecondaryIndexes.Where(one => one.IndexName != index).ToList();
        var keys = table.KeySchema.Concat(kept.SelectMany(one => one.KeySchema)).Select(key => key.AttributeName).ToHashSet();
        await client.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = to,
                KeySchema = table.KeySchema,
                AttributeDefinitions = [.. table.AttributeDefinitions.Where(attribute => keys.Contains(attribute.AttributeName))],
                GlobalSecondaryIndexes = [.. kept.Select(one => new GlobalSecondaryIndex { IndexName = one.IndexName, KeySchema = one.KeySchema, Projection = one.Projection })],
                BillingMode = BillingMode.PAY_PER_REQUEST,
            },
            Ct);
        foreach (var item in (await client.ScanAsync(new ScanRequest(from), Ct)).Items)
        {
            await client.PutItemAsync(to, item, Ct);
        }
    }

    private static async Task<(string Out, string Error)> RunAsync(TempFolder folder, string[] args)
    {
        var run = await AfterimageProcess.RunAsync(folder.Path, Ct, args);
        run.ExitCode.ShouldBe(0, run.Error);
        return (run.Out, run.Error);
    }

    private static async Task<string> FailAsync(TempFolder folder, string[] args)
    {
        var run = await AfterimageProcess.RunAsync(folder.Path, Ct, args);
        run.ExitCode.ShouldBeInRange(1, 2, run.Error);
        return run.Error;
    }
}
