using Afterimage.IntegrationTests.Support;
using Afterimage.Stamp;
using Amazon.DynamoDBv2;

namespace Afterimage.IntegrationTests.Stamp;

/// <summary>Where the key attributes of an item that is put are known from.</summary>
public sealed class TableKeysTests(LocalDatabase database)
{
    private readonly HookedHttp http = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_is_described_once()
    {
        using var twins = await TwinTables.CreateAsync(database, Ct, hook: http);

        await twins.Stamped.PutItemAsync(twins.Table.Name, TwinTables.Item("a"), Ct);
        await twins.Stamped.PutItemAsync(twins.Table.Name, TwinTables.Item("a"), Ct);

        http.Sent.ShouldBe(["DescribeTable", "PutItem", "PutItem"]);
    }

    [Fact]
    public async Task A_table_whose_keys_are_told_is_not_described()
    {
        using var named = await TwinTables.CreateAsync(database, Ct);
        using var client = new StampedDynamoDBClient(
            LocalDatabase.Credentials,
            new AmazonDynamoDBConfig { ServiceURL = (await database.EndpointAsync()).ToString(), AuthenticationRegion = "us-east-1", HttpClientFactory = http },
            new() { Keys = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [named.Table.Name] = ["id"] } });

        await client.PutItemAsync(named.Table.Name, TwinTables.Item("a"), Ct);

        http.Sent.ShouldBe(["PutItem"]);
        StampValue.NonceOf(await named.ItemAsync("a", Ct), TwinTables.Attribute).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_table_that_may_not_be_described_is_not_written_and_what_to_do_is_said()
    {
        using var twins = await TwinTables.CreateAsync(database, Ct, hook: http);
        http.Before = (operation, _) => Task.FromResult(operation == "DescribeTable" ? HookedHttp.Failure("AccessDeniedException", "not you") : null);

        var failure = await Should.ThrowAsync<InvalidOperationException>(twins.Stamped.PutItemAsync(twins.Table.Name, TwinTables.Item("a"), Ct));

        failure.Message.ShouldContain("dynamodb:DescribeTable");
        failure.Message.ShouldContain("StampOptions.Keys");
    }
}
