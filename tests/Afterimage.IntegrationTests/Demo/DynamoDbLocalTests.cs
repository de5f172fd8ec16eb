using Afterimage.App.Demo;
using Afterimage.IntegrationTests.Support;

namespace Afterimage.IntegrationTests.Demo;

public sealed class DynamoDbLocalTests(LocalDatabase database)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_put_is_carried_by_the_stream_of_its_table()
    {
        using var client = await database.ClientAsync();
        using var streams = new PlainStreams(await database.EndpointAsync());
        var table = await StreamedTable.CreateAsync(client, "Orders", ["order_id"], Ct);

        await client.PutItemAsync(table.Name, new() { ["order_id"] = new("1"), ["status"] = new("PENDING") }, Ct);

        var shard = (await streams.ShardsAsync(table.StreamArn, Ct)).ShouldHaveSingleItem().GetProperty("ShardId").GetString()!;
        var record = (await streams.RecordsAsync(table.StreamArn, shard, Ct)).ShouldHaveSingleItem();
        record.GetProperty("dynamodb").GetProperty("NewImage").GetProperty("status").GetProperty("S").GetString().ShouldBe("PENDING");
    }

    [Fact]
    public async Task Each_instance_has_a_port_and_a_database_of_its_own()
    {
        await using var first = await DynamoDbLocal.StartAsync(TextWriter.Null, TimeProvider.System, Ct);
        await using var second = await DynamoDbLocal.StartAsync(TextWriter.Null, TimeProvider.System, Ct);
        using var firstClient = LocalDatabase.ClientFor(first.Endpoint);
        using var secondClient = LocalDatabase.ClientFor(second.Endpoint);

        var table = await StreamedTable.CreateAsync(firstClient, "Orders", ["order_id"], Ct);

        (await firstClient.ListTablesAsync(Ct)).TableNames.ShouldBe([table.Name]);
        ((await secondClient.ListTablesAsync(Ct)).TableNames ?? []).ShouldBeEmpty();
    }
}
