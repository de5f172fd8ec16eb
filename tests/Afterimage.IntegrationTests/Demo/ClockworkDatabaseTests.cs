using System.Text.Json;
using Afterimage.IntegrationTests.Support;

namespace Afterimage.IntegrationTests.Demo;

public sealed class ClockworkDatabaseTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rolled_over_shard_is_closed_and_has_a_child()
    {
        await using var database = await ClockworkDatabase.StartAsync(Ct);
        var table = await StreamedTable.CreateAsync(database.Client, "Orders", ["order_id"], Ct);
        await database.Client.PutItemAsync(table.Name, new() { ["order_id"] = new("1") }, Ct);

        await database.RollShardsOverAsync(Ct);

        var shards = await database.Streams.ShardsAsync(table.StreamArn, Ct);
        shards.Count.ShouldBe(2);
        shards[0].GetProperty("SequenceNumberRange").TryGetProperty("EndingSequenceNumber", out _).ShouldBeTrue();
        shards[1].GetProperty("ParentShardId").GetString().ShouldBe(shards[0].GetProperty("ShardId").GetString());
        shards[1].GetProperty("SequenceNumberRange").TryGetProperty("EndingSequenceNumber", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_older_than_a_day_is_trimmed_once_the_hours_have_passed()
    {
        await using var database = await ClockworkDatabase.StartAsync(Ct);
        var table = await StreamedTable.CreateAsync(database.Client, "Orders", ["order_id"], Ct);
        await database.Client.PutItemAsync(table.Name, new() { ["order_id"] = new("1") }, Ct);
        (await RecordsAsync(database, table, shardAt: 0)).ShouldHaveSingleItem();

        await database.LetHoursPassAsync(25, Ct);

        // The shard was rolled over as well, being older than four hours.
        var trimmed = await Should.ThrowAsync<InvalidOperationException>(() => RecordsAsync(database, table, shardAt: 0));
        trimmed.Message.ShouldContain("TrimmedDataAccessException");
        (await RecordsAsync(database, table, shardAt: 1)).ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<JsonElement>> RecordsAsync(ClockworkDatabase database, StreamedTable table, int shardAt)
    {
        var shards = await database.Streams.ShardsAsync(table.StreamArn, Ct);
        return await database.Streams.RecordsAsync(table.StreamArn, shards[shardAt].GetProperty("ShardId").GetString()!, Ct);
    }
}
