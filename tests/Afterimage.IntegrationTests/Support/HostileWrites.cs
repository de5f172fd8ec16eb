using System.Globalization;
using Afterimage.Entries;
using Afterimage.Tests.Support;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using AttributeValue = Afterimage.Entries.AttributeValue;

namespace Afterimage.IntegrationTests.Support;

/// <summary>Writes items with hostile values into a table whose key is <c>id</c>.</summary>
internal sealed class HostileWrites(AmazonDynamoDBClient client, string table, Random random)
{
    private const int Items = 500;

    /// <summary>Writes random items in batches: most are put, some deleted.</summary>
    public async Task WriteAsync(int writes, CancellationToken ct)
    {
        var hostile = new RandomItems(random);
        for (var written = 0; written < writes;)
        {
            // One request may not touch an item twice.
            var ids = Enumerable.Range(0, 25).Select(_ => random.Next(Items)).Distinct().ToList();
            await WriteBatchAsync([.. ids.Select(id => Request(id, hostile))], ct);
            written += ids.Count;
        }
    }

    private WriteRequest Request(int id, RandomItems hostile)
    {
        var key = KeyValuePair.Create("id", AttributeValue.String($"item-{id.ToString(CultureInfo.InvariantCulture)}"));
        return random.Next(5) == 0
            ? new WriteRequest(new DeleteRequest(SdkValues.Of(new AttributeMap([key]))))
            : new WriteRequest(new PutRequest(SdkValues.Of(new AttributeMap([.. hostile.Item(4).Where(member => member.Key != "id"), key]))));
    }

    // What DynamoDB refuses (too deep, two equal numbers in a set) makes no record; the rest of its batch is written by itself.
    private async Task WriteBatchAsync(List<WriteRequest> requests, CancellationToken ct)
    {
        try
        {
            await client.BatchWriteItemAsync(new BatchWriteItemRequest(new Dictionary<string, List<WriteRequest>> { [table] = requests }), ct);
        }
        catch (AmazonDynamoDBException e) when (e.ErrorCode == "ValidationException")
        {
            foreach (var request in requests.Count > 1 ? requests : [])
            {
                await WriteBatchAsync([request], ct);
            }
        }
    }
}
