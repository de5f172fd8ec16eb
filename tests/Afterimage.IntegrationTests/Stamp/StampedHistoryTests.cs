using System.Text.Json;
using Afterimage.IntegrationTests.Support;
using Afterimage.Stamp;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.IntegrationTests.Stamp;

/// <summary>From the client that stamps to the answer of the program: who did it.</summary>
public sealed class StampedHistoryTests(LocalDatabase database)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_change_names_who_made_it_and_none_names_another()
    {
        using var plain = await database.ClientAsync();
        using var stamped = new StampedDynamoDBClient(
            LocalDatabase.Credentials,
            new AmazonDynamoDBConfig { ServiceURL = (await database.EndpointAsync()).ToString(), AuthenticationRegion = "us-east-1" },
            new StampOptions { Service = "orders-api" });
        using var folder = new TempFolder();
        var table = await StreamedTable.CreateAsync(plain, "Stamped", ["id"], Ct);
        Dictionary<string, AttributeValue> before;
        using (AuditScope.Begin(actor: "bob"))
        {
            await stamped.PutItemAsync(table.Name, Item("1", "NEW"), Ct);
            before = (await plain.GetItemAsync(table.Name, Key("1"), Ct)).Item;
        }

        await plain.UpdateItemAsync(
            new UpdateItemRequest { TableName = table.Name, Key = Key("1"), UpdateExpression = "SET #s = :s", ExpressionAttributeNames = new() { ["#s"] = "status" }, ExpressionAttributeValues = new() { [":s"] = new("STUCK") } }, Ct);
        using (AuditScope.Begin(actor: "alice@example.com", reason: "refund 77"))
        {
            await stamped.DeleteItemAsync(table.Name, Key("1"), Ct);
        }

        await plain.PutItemAsync(table.Name, before, Ct);
        await plain.DeleteItemAsync(table.Name, Key("1"), Ct);

        string[] to = ["--trail", "sqlite:trail.db", "--endpoint", (await database.EndpointAsync()).ToString()];
        (await AfterimageProcess.RunAsync(folder.Path, Ct, ["run", "--table", table.Name, "--drain", .. to])).ExitCode.ShouldBe(0);
        var history = await AfterimageProcess.RunAsync(folder.Path, Ct, ["history", table.Name, "id=1", "--json", .. to]);
        history.ExitCode.ShouldBe(0, history.Error);
        history.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Told).ShouldBe(
        [
            "change INSERT stamp bob orders-api",
            "change MODIFY unknown  ",
            "mark MODIFY stamp alice@example.com orders-api",
            "change REMOVE delete-mark alice@example.com orders-api",
            "change INSERT unknown  ",
            "change REMOVE unknown  ",
        ]);
        (await AfterimageProcess.RunAsync(folder.Path, Ct, ["history", table.Name, "id=1", .. to])).Out.ShouldContain("alice@example.com (refund 77)");
        (await AfterimageProcess.RunAsync(folder.Path, Ct, ["search", "--actor", "alice@example.com", "--json", .. to])).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        (await AfterimageProcess.RunAsync(folder.Path, Ct, ["history", table.Name, "id=1", "--fold", .. to])).Out.ShouldNotContain("MARK");
        (await AfterimageProcess.RunAsync(folder.Path, Ct, ["status", .. to])).Out.ShouldContain(": 60 % without an actor (no service 3)");
        (await AfterimageProcess.RunAsync(folder.Path, Ct, ["verify", .. to])).Out.ShouldStartWith("intact and complete");
    }

    private static Dictionary<string, AttributeValue> Key(string id) => new() { ["id"] = new(id) };

    private static Dictionary<string, AttributeValue> Item(string id, string status) => new() { ["id"] = new(id), ["status"] = new(status) };

    private static string Told(string line)
    {
        var entry = JsonElement.Parse(line);
        var actor = entry.GetProperty("actor");
        return $"{entry.GetProperty("kind")} {entry.GetProperty("action")} {actor.GetProperty("source")} {actor.GetProperty("id")} {actor.GetProperty("service")}";
    }
}
