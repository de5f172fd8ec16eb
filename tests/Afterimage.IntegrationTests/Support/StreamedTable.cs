using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.IntegrationTests.Support;

/// <summary>A new table with a stream of old and new images.</summary>
internal sealed record StreamedTable(string Name, string StreamArn)
{
    private static int made;

    /// <summary>Makes a table whose keys are strings, under a name that no other test uses.</summary>
    /// <param name="client">Where to make it.</param>
    /// <param name="name">The beginning of its name.</param>
    /// <param name="keys">The partition key and, if there are two, the sort key.</param>
    /// <param name="ct">Ends the wait for it.</param>
    public static async Task<StreamedTable> CreateAsync(IAmazonDynamoDB client, string name, IReadOnlyList<string> keys, CancellationToken ct)
    {
        var answer = await client.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = $"{name}-{Environment.ProcessId}-{Interlocked.Increment(ref made)}",
                AttributeDefinitions = [.. keys.Select(key => new AttributeDefinition(key, ScalarAttributeType.S))],
                KeySchema = [.. keys.Select((key, at) => new KeySchemaElement(key, at == 0 ? KeyType.HASH : KeyType.RANGE))],
                BillingMode = BillingMode.PAY_PER_REQUEST,
                StreamSpecification = new StreamSpecification { StreamEnabled = true, StreamViewType = StreamViewType.NEW_AND_OLD_IMAGES },
            },
            ct);
        return new StreamedTable(answer.TableDescription.TableName, answer.TableDescription.LatestStreamArn);
    }
}
