using System.Text.Json;
using Afterimage.IntegrationTests.Support;
using Afterimage.Stamp;
using Amazon.DynamoDBv2;
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

    [Fact]
    public async Task A_client_that_stamps_is_as_good_as_any()
    {
        await using var audit = await AuditedOrders.CreateAsync(database, isStreamed: false, Ct);
        using var stamping = new StampedDynamoDBClient(LocalDatabase.Credentials, new AmazonDynamoDBConfig { ServiceURL = audit.Endpoint.ToString(), AuthenticationRegion = "us-east-1" });
        var orders = new AuditedTable(stamping, audit.Name, audit.Trail);
        using (AuditScope.Begin(actor: "alice"))
        {
            await orders.PutAsync(Order("o1", 1), Ct);
            await orders.DeleteAsync(Key("o1"), Ct);
        }

        await audit.DrainAsync(Ct);

        (await audit.HistoryAsync("o1", Ct)).Select(entry => Text(entry.GetProperty("actor"), "source")).ShouldBe(["transaction", "transaction", "transaction"]);
    }

    [Fact]
    public async Task What_cannot_be_audited_is_refused_before_anything_is_written()
    {
        await using var audit = await AuditedOrders.CreateAsync(database, isStreamed: false, Ct);

        await RefusedAsync(() => audit.Table.PutAsync(new() { ["id"] = new("o1"), ["text"] = new(new string('x', 410_000)) }, Ct), "DynamoDB takes 409600");
        await RefusedAsync(() => audit.Table.PutAsync(new() { ["number"] = new("o1") }, Ct), "id is missing");
        await RefusedAsync(() => audit.Table.UpdateAsync(Key("o1"), _ => Order("o2", 1), Ct), "The key of an item");
        await RefusedAsync(() => new AuditedTable(audit.Client, "NoTable", audit.Trail).PutAsync(Order("o1", 1), Ct), "There is no table NoTable");
        await RefusedAsync(() => new AuditedTable(audit.Client, audit.Trail, audit.Trail).PutAsync(Order("o1", 1), Ct), $"afterimage enable {audit.Trail} --transactions");
        (await audit.Table.UpdateAsync(Key("o1"), _ => null, Ct)).ShouldBeNull();

        (await audit.Client.GetItemAsync(audit.Name, Key("o1"), Ct)).Item.ShouldBeNull();
        (await audit.WaitingAsync(Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task A_writer_beside_the_table_is_noticed_and_the_change_is_made_anew()
    {
        await using var audit = await AuditedOrders.CreateAsync(database, isStreamed: true, Ct);
        await audit.Table.PutAsync(Order("o1", 1), Ct);
        var looks = 0;

        var written = await audit.Table.UpdateAsync(Key("o1"), item =>
        {
            if (looks++ == 0)
            {
                audit.Client.PutItemAsync(audit.Name, Order("o1", 10), Ct).GetAwaiter().GetResult();
            }

            item!["quantity"] = new AttributeValue { N = $"{int.Parse(item["quantity"].N, System.Globalization.CultureInfo.InvariantCulture) + 1}" };
            return item;
        }, Ct);

        (looks, written!.After!["quantity"].N).ShouldBe((2, "11"));
        await audit.DrainAsync(Ct);
        var entries = await audit.HistoryAsync("o1", Ct);
        entries.Select(entry => Text(entry.GetProperty("actor"), "source")).ShouldBe(["transaction", "unknown", "transaction"]);
        AuditedOrders.ShouldChain(entries);
    }

    private static async Task RefusedAsync<T>(Func<Task<T>> write, string because) => (await Should.ThrowAsync<AuditedWriteException>(write)).Message.ShouldContain(because);

    private static Dictionary<string, AttributeValue> Key(string id) => new() { ["id"] = new(id) };

    private static Dictionary<string, AttributeValue> Order(string id, int quantity) => new() { ["id"] = new(id), ["quantity"] = new() { N = $"{quantity}" } };

    private static string? Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetString() : null;
}
