using System.Text.Json;
using Afterimage.IntegrationTests.Support;
using Afterimage.Stamp;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.IntegrationTests.Stamp;

/// <summary>Items as large and as deep as DynamoDB takes them, which change together with their intents as all others do.</summary>
public sealed class LargeItemTests(OwnDatabase database) : IClassFixture<OwnDatabase>
{
    private const int Large = 390 * 1_024;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_item_of_390_KB_is_put_updated_and_deleted_and_its_entries_have_both_images(bool isStreamed)
    {
        await using var audit = await AuditedOrders.CreateAsync(database, isStreamed, Ct);
        using (AuditScope.Begin(actor: "alice"))
        {
            await audit.Table.PutAsync(Item(Noise(1, Large)), Ct);
        }

        using (AuditScope.Begin(actor: "bob"))
        {
            await audit.Table.UpdateAsync(Key, _ => Item(Noise(2, Large)), Ct);
        }

        using (AuditScope.Begin(actor: "carol"))
        {
            await audit.Table.DeleteAsync(Key, Ct);
        }

        // Of the update, whose images are unlike each other, there are three parts, and of the mark, whose images have nearly all in common, two.
        (await audit.IntentKeysAsync(Ct)).Count(key => key["pk"].S.StartsWith($"intents {audit.Name}/parts/", StringComparison.Ordinal)).ShouldBe(5);
        await audit.DrainAsync(Ct);

        var entries = await audit.HistoryAsync("o1", Ct);
        entries.Select(entry => $"{entry.GetProperty("kind")} {entry.GetProperty("action")} {entry.GetProperty("actor").GetProperty("id")} {entry.GetProperty("actor").GetProperty("source")}").ShouldBe(
            ["change INSERT alice transaction", "change MODIFY bob transaction", "mark MODIFY carol transaction", "change REMOVE carol transaction"]);
        AuditedOrders.ShouldChain(entries);
        entries.Select(entry => BlobOf(entry, "newImage")).ShouldBe([Noise(1, Large), Noise(2, Large), Noise(2, Large), null]);
        (await audit.RunAsync(Ct, "verify")).Out.ShouldStartWith("intact and complete");
        (await audit.WaitingAsync(Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task An_item_is_taken_up_to_the_last_byte_and_the_last_level_that_DynamoDB_takes()
    {
        await using var audit = await AuditedOrders.CreateAsync(database, isStreamed: false, Ct);
        var small = await audit.Table.PutAsync(Item([]), Ct);
        var room = (int)(ItemSize.Max - ItemSize.Of(small.After));

        await audit.Table.PutAsync(Item(Noise(1, room)), Ct);
        await audit.Table.PutAsync(Item(Noise(2, room)), Ct);
        (await Should.ThrowAsync<AuditedWriteException>(() => audit.Table.PutAsync(Item(Noise(3, room + 1)), Ct))).Message.ShouldContain("409601 bytes with its stamp");
        (await Should.ThrowAsync<AuditedWriteException>(() => audit.Table.DeleteAsync(Key, Ct))).Message.ShouldContain("bytes with its mark");
        await audit.Table.PutAsync(new(Key) { ["deep"] = Nested(ItemSize.DepthMax) }, Ct);
        (await Should.ThrowAsync<AuditedWriteException>(() => audit.Table.PutAsync(new(Key) { ["deep"] = Nested(ItemSize.DepthMax + 1) }, Ct))).Message.ShouldContain("levels deep");
        await audit.DrainAsync(Ct);

        var entries = await audit.HistoryAsync("o1", Ct);
        AuditedOrders.ShouldChain(entries);
        entries.Count.ShouldBe(4);
        (await audit.RunAsync(Ct, "verify")).Out.ShouldStartWith("intact and complete");
        (await audit.WaitingAsync(Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task An_intent_that_lost_a_part_is_told_of_and_nothing_else_stops()
    {
        await using var audit = await AuditedOrders.CreateAsync(database, isStreamed: false, Ct);
        await audit.Table.PutAsync(Item(Noise(1, Large)), Ct);
        await audit.Table.PutAsync(Item(Noise(2, Large)), Ct);
        var part = (await audit.IntentKeysAsync(Ct)).First(key => key["sk"].S == "part");
        await audit.Client.DeleteItemAsync(audit.Trail, part, Ct);
        await audit.Table.PutAsync(new() { ["id"] = new("o2") }, Ct);

        await audit.DrainAsync(Ct);

        (await audit.HistoryAsync("o1", Ct)).Count.ShouldBe(1);
        (await audit.HistoryAsync("o2", Ct)).Count.ShouldBe(1);
        (await audit.RunAsync(Ct, "status", "--json")).Out.ShouldContain($"the one at {part["pk"].S} | part is missing");
        (await audit.WaitingAsync(Ct)).ShouldBe(3);
    }

    private static Dictionary<string, AttributeValue> Key => new() { ["id"] = new("o1") };

    private static Dictionary<string, AttributeValue> Item(byte[] blob) => new(Key) { ["blob"] = new() { B = new MemoryStream(blob) } };

    private static byte[]? BlobOf(JsonElement entry, string image) =>
        AuditedOrders.Image(entry, image) is { ValueKind: JsonValueKind.Object } has ? has.GetProperty("blob").GetProperty("B").GetBytesFromBase64() : null;

    // A value within maps, so many levels in all.
    private static AttributeValue Nested(int depth)
    {
        var value = new AttributeValue("core");
        for (var level = 1; level < depth; level++)
        {
            value = new AttributeValue { M = new() { ["in"] = value } };
        }

        return value;
    }

    private static byte[] Noise(int seed, int size)
    {
        var noise = new byte[size];
        new Random(seed).NextBytes(noise);
        return noise;
    }
}
