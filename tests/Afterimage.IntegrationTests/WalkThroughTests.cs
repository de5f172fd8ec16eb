using System.Diagnostics;
using System.Text.Json;
using Afterimage.IntegrationTests.Support;

namespace Afterimage.IntegrationTests;

/// <summary>The published walk-through of an audit trail, with the plain AWS CLI on the writing side and this program on the other.</summary>
public sealed class WalkThroughTests(LocalDatabase database)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_published_walk_through_gives_an_insert_a_modification_and_a_removal()
    {
        SystemPackage.Demand("aws", "awscli");
        var endpoint = (await database.EndpointAsync()).ToString();
        using var folder = new TempFolder();
        var table = $"PrimaryTable-{Environment.ProcessId}";
        string key = """{"UserId": {"S": "user1"}, "OrderId": {"S": "order1"}}""";
        await AwsAsync(
            endpoint,
            "create-table", "--table-name", table, "--attribute-definitions", "AttributeName=UserId,AttributeType=S", "AttributeName=OrderId,AttributeType=S",
            "--key-schema", "AttributeName=UserId,KeyType=HASH", "AttributeName=OrderId,KeyType=RANGE", "--billing-mode", "PAY_PER_REQUEST",
            "--stream-specification", "StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES");
        await AwsAsync(
            endpoint, "put-item", "--table-name", table,
            "--item", """{"UserId": {"S": "user1"}, "OrderId": {"S": "order1"}, "Product": {"S": "Laptop"}, "Quantity": {"N": "1"}}""");
        await AwsAsync(
            endpoint, "update-item", "--table-name", table, "--key", key,
            "--update-expression", "SET Quantity = :q", "--expression-attribute-values", """{":q": {"N": "2"}}""");
        await AwsAsync(endpoint, "delete-item", "--table-name", table, "--key", key);
        await AwsAsync(
            endpoint, "transact-write-items", "--transact-items",
            $$$"""[{"Put": {"TableName": "{{{table}}}", "Item": {"UserId": {"S": "user2"}, "OrderId": {"S": "order2"}, "Product": {"S": "Smartphone"}, "Quantity": {"N": "1"} } } }]""");

        var run = await AfterimageProcess.RunAsync(folder.Path, Ct, "run", "--table", table, "--trail", "sqlite:t.db", "--endpoint", endpoint, "--drain");
        run.ExitCode.ShouldBe(0, run.Error);

        var history = await EntriesAsync(folder, table, "UserId=user1,OrderId=order1");
        history.Select(entry => entry.GetProperty("action").GetString()).ShouldBe(["INSERT", "MODIFY", "REMOVE"]);
        history[1].GetProperty("changes").GetRawText().ShouldBe("""[{"op":"replace","path":"/Quantity","old":{"N":"1"},"value":{"N":"2"}}]""");
        history[0].GetProperty("newImage").GetProperty("Product").GetProperty("S").GetString().ShouldBe("Laptop");
        history[2].GetProperty("newImage").ValueKind.ShouldBe(JsonValueKind.Null);

        (await EntriesAsync(folder, table, "UserId=user1")).Count.ShouldBe(3);
        (await EntriesAsync(folder, table, "UserId=user2")).Single().GetProperty("action").GetString().ShouldBe("INSERT");
    }

    private static async Task<List<JsonElement>> EntriesAsync(TempFolder folder, string table, string key)
    {
        var answer = await AfterimageProcess.RunAsync(folder.Path, Ct, "history", table, key, "--trail", "sqlite:t.db", "--json");
        answer.ExitCode.ShouldBe(0, answer.Error);
        return [.. answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    private static async Task AwsAsync(string endpoint, params string[] args)
    {
        var start = new ProcessStartInfo("aws", ["dynamodb", .. args, "--endpoint-url", endpoint, "--region", "us-east-1", "--output", "json"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["AWS_ACCESS_KEY_ID"] = "afterimage";
        start.Environment["AWS_SECRET_ACCESS_KEY"] = "afterimage";
        start.Environment["AWS_PAGER"] = string.Empty;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Ct);
        var error = await process.StandardError.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        process.ExitCode.ShouldBe(0, error + await output);
    }
}
