using System.Text.Json;
using Afterimage.IntegrationTests.Support;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.IntegrationTests.Stamp;

/// <summary>Many writers on few items, killed again and again together with the worker.</summary>
public sealed class AuditedStormTests(OwnDatabase database) : IClassFixture<OwnDatabase>
{
    private const int Processes = 4;
    private const int Kills = 6;

    private const int AnsweredBetweenKills = 30;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sixteen_writers_on_ten_items_leave_exactly_one_entry_a_change_though_they_and_the_worker_are_killed(bool isStreamed)
    {
        await using var orders = await AuditedOrders.CreateAsync(database, isStreamed, Ct);
        var answered = Path.Combine(orders.Folder, "answered");
        var seed = 0;
        var writers = Enumerable.Range(0, Processes).Select(_ => new KilledProcess(StormWriters.Start(orders, seed, $"{answered}-{seed++}"), Ct)).ToList();
        var worker = new KilledProcess(orders.StartWorker(), Ct);
        for (var kill = 0; kill < Kills; kill++)
        {
            await UntilAnsweredAsync(orders, (kill + 1) * AnsweredBetweenKills);
            await writers[kill % Processes].KillAsync(Ct);
            writers[kill % Processes] = new KilledProcess(StormWriters.Start(orders, seed, $"{answered}-{seed++}"), Ct);
            await worker.KillAsync(Ct);
            worker = new KilledProcess(orders.StartWorker(), Ct);
        }

        await UntilAnsweredAsync(orders, (Kills + 1) * AnsweredBetweenKills);
        await Task.WhenAll(writers.Append(worker).Select(process => process.KillAsync(Ct)));
        await orders.DrainAsync(Ct);

        var told = new HashSet<string>(StringComparer.Ordinal);
        for (var item = 0; item < StormWriters.Items; item++)
        {
            told.UnionWith(await CheckAsync(orders, $"o{item}"));
        }

        var acknowledged = Answered(orders);
        acknowledged.Except(told).ShouldBeEmpty();
        (await orders.WaitingAsync(Ct)).ShouldBe(0);
        (await orders.RunAsync(Ct, "verify")).Out.ShouldStartWith("intact and complete");
        TestContext.Current.SendDiagnosticMessage($"{told.Count} changes, {acknowledged.Count} of them answered.");
    }

    // However slow the machine is, every kill comes among writes.
    private static async Task UntilAnsweredAsync(AuditedOrders orders, int count)
    {
        while (Answered(orders).Count < count)
        {
            await Task.Delay(BetweenLooks, TimeProvider.System, Ct);
        }
    }

    // A writer that is killed may leave half a line.
    private static List<string> Answered(AuditedOrders orders) => [.. Directory.GetFiles(orders.Folder, "answered-*").SelectMany(Lines)];

    private static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var lines = reader.ReadToEnd().Split('\n');
        return lines[..^1];
    }

    // The item's number counts its changes, whoever was killed: the entries are as many, in that order, and lead to the item as it is.
    private static async Task<IEnumerable<string>> CheckAsync(AuditedOrders orders, string id)
    {
        var entries = await orders.HistoryAsync(id, Ct);
        var key = new Dictionary<string, AttributeValue> { ["id"] = new(id) };
        var hash = Afterimage.Stamp.ItemHash.Of(orders.Name, key)!;
        var counter = await orders.Client.GetItemAsync(orders.Trail, new() { ["pk"] = new($"counter {orders.Name}/{hash}"), ["sk"] = new("last") }, Ct);
        entries.Count.ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe(counter.Item?["number"].N ?? "0");
        AuditedOrders.ShouldChain(entries);
        entries.ShouldAllBe(entry => entry.GetProperty("actor").GetProperty("source").GetString() == "transaction");
        var item = (await orders.Client.GetItemAsync(orders.Name, key, Ct)).Item;
        (entries.Count == 0 ? null : NonceOf(AuditedOrders.Image(entries[^1], "newImage"))).ShouldBe(item?["_audit"].M["nonce"].S);
        return [.. entries.Select(NameOf)];
    }

    private static string NameOf(JsonElement entry) =>
        entry.GetProperty("action").GetString() == "REMOVE" ? $"{NonceOf(AuditedOrders.Image(entry, "oldImage"))}/REMOVE" : NonceOf(AuditedOrders.Image(entry, "newImage"))!;

    private static string? NonceOf(JsonElement image) =>
        image.ValueKind == JsonValueKind.Null ? null : image.GetProperty("_audit").GetProperty("M").GetProperty("nonce").GetProperty("S").GetString();
}
