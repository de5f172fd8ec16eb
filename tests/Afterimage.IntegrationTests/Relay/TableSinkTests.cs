using Afterimage.Entries;
using Afterimage.Hosting;
using Afterimage.IntegrationTests.Support;
using Afterimage.Relay;
using Afterimage.Streams.Aws;
using Afterimage.Tests.Relay;
using Afterimage.Tests.Support;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.IntegrationTests.Relay;

/// <summary>A table of entries in DynamoDB Local, in the layouts that people make.</summary>
public sealed class TableSinkTests(LocalDatabase database)
{
    private static int made;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_of_events_holds_each_entry_once()
    {
        var batch = Outgoing.Some(25);
        var (items, _) = await SentTwiceAsync(batch, ("EventId", "S"), ("EventTimestamp", "S"));

        items.Select(item => item["EventId"].S).ShouldBe(batch.Select(one => one.Entry.Id.Value), ignoreOrder: true);
        items[0]["NewImage"].M["text"].S.ShouldContain("quoted");
        items[0]["EventName"].S.ShouldBe("INSERT");
    }

    [Theory]
    [InlineData("S")]
    [InlineData("N")]
    public async Task Changes_of_an_item_in_one_second_stand_beside_each_other_in_their_order(string type)
    {
        var batch = Enumerable.Range(1, 12).Select(number => Outgoing.Of(SampleEntries.Of(
            Items.Item("""{"id":{"S":"1"},"a":{"N":"1"}}"""), Items.Item($$$"""{"id":{"S":"1"},"a":{"N":"{{{number}}}"},"e":{"S":""}}"""), $"49600000000000000{number:D3}", number))).ToList();

        var (items, client) = await SentTwiceAsync(batch, ("id", "S"), ("timestamp", type));

        using (client)
        {
            items.Select(item => item["EventId"].S).ShouldBe(batch.Select(one => one.Entry.Id.Value));
            items[4]["FullJSON"].S.ShouldBe(EntryJson.ToText(batch[4].Entry));
            items[4]["Diff"].L[0].M["path"].S.ShouldBe("/a");
        }
    }

    [Theory]
    [InlineData(300_000)]
    [InlineData(800_000)]
    public async Task An_entry_that_is_larger_than_an_item_fits(int bytes)
    {
        var random = new Random(7);
        var noise = Convert.ToBase64String([.. Enumerable.Range(0, bytes * 3 / 8).Select(_ => (byte)random.Next(256))]);
        var entry = SampleEntries.Modify($$$"""{"id":{"S":"1"},"t":{"S":"{{{noise}}}"}}""", $$$"""{"id":{"S":"1"},"t":{"S":"{{{noise[1..]}}}"}}""");

        var (items, _) = await SentTwiceAsync([Outgoing.Of(entry, 380_000)], ("EventId", "S"), null);

        items.ShouldHaveSingleItem()["EventId"].S.ShouldBe(entry.Id.Value);
    }

    // In the order of the table's keys.
    private async Task<(List<Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>> Items, AmazonDynamoDBClient Client)> SentTwiceAsync(
        IReadOnlyList<OutgoingEntry> batch, (string Name, string Type) partition, (string Name, string Type)? sort)
    {
        var client = await database.ClientAsync();
        var name = $"AuditTrail-{Environment.ProcessId}-{Interlocked.Increment(ref made)}";
        List<(string Name, string Type)> keys = sort is { } second ? [partition, second] : [partition];
        await client.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = name,
                KeySchema = [.. keys.Select((key, at) => new KeySchemaElement(key.Name, at == 0 ? KeyType.HASH : KeyType.RANGE))],
                AttributeDefinitions = [.. keys.Select(key => new AttributeDefinition(key.Name, ScalarAttributeType.FindValue(key.Type)))],
                BillingMode = BillingMode.PAY_PER_REQUEST,
            },
            Ct);
        using var access = new SinkAccess(
            new AwsSettings("us-east-1", Endpoint: (await database.EndpointAsync()).ToString()), one => one is "AWS_ACCESS_KEY_ID" or "AWS_SECRET_ACCESS_KEY" ? "afterimage" : null, TimeProvider.System, new Random(1));
        await using var sink = SinkOpener.Open(new SinkOptions($"table:{name}"), new SinkSite(TimeProvider.System, _ => null, _ => { }, access.Of, access.Http));

        foreach (var _ in (int[])[1, 2])
        {
            (await sink.SendAsync(batch, Ct)).ShouldBe(batch.Select(_ => Delivery.Done));
        }

        return ((await client.ScanAsync(new ScanRequest { TableName = name }, Ct)).Items, client);
    }
}
