using System.Text.Json;
using Afterimage.IntegrationTests.Support;
using Afterimage.Stamp;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.IntegrationTests.Stamp;

/// <summary>Changes that are committed with their intents, from the application to the answer of the program.</summary>
public sealed class AuditedTableTests(OwnDatabase database) : IClassFixture<OwnDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_change_is_an_entry_that_says_transaction(bool isStreamed)
    {
        await using var audit = await AuditedOrders.CreateAsync(database, isStreamed, Ct);
        using (AuditScope.Begin(actor: "alice", reason: "refund 77"))
        {
            await audit.Table.PutAsync(Order("o1", 1), Ct);
        }

        using (AuditScope.Begin(actor: "bob"))
        {
            var changed = await audit.Table.UpdateAsync(Key("o1"), item =>
            {
                item!["quantity"] = new AttributeValue { N = "2" };
                return item;
            }, Ct);
            changed!.Before!["quantity"].N.ShouldBe("1");
        }

        using (AuditScope.Begin(actor: "carol"))
        {
            (await audit.Table.DeleteAsync(Key("o1"), Ct)).ShouldNotBeNull();
            (await audit.Table.DeleteAsync(Key("o1"), Ct)).ShouldBeNull();
        }

        await audit.DrainAsync(Ct);

        var entries = await audit.HistoryAsync("o1", Ct);
        entries.Select(entry => $"{Text(entry, "kind")} {Text(entry, "action")} {Text(entry.GetProperty("actor"), "id")} {Text(entry.GetProperty("actor"), "source")}").ShouldBe(
        [
            "change INSERT alice transaction", "change MODIFY bob transaction", "mark MODIFY carol transaction", "change REMOVE carol transaction",
        ]);
        AuditedOrders.ShouldChain(entries);
        (await audit.RunAsync(Ct, "verify")).Out.ShouldStartWith("intact and complete");
        (await audit.WaitingAsync(Ct)).ShouldBe(0);
    }

    private static Dictionary<string, AttributeValue> Key(string id) => new() { ["id"] = new(id) };

    private static Dictionary<string, AttributeValue> Order(string id, int quantity) => new() { ["id"] = new(id), ["quantity"] = new() { N = $"{quantity}" } };

    private static string? Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetString() : null;
}
