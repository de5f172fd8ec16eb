using Afterimage.Streams.Aws;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Afterimage.Trail.DynamoDb;

/// <summary>Makes the trail's table, and tells whether one is.</summary>
/// <param name="client">DynamoDB.</param>
/// <param name="name">The table's name.</param>
internal sealed class TrailTableSetup(IAmazonDynamoDB client, string name)
{
    // Nothing is ever given a time to live that the trail does not allow in so many words; the attribute is there so that it can.
    private const string ExpiryAttribute = "expiresAt";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TableIndex[] All = [Of(Indexes.ByPartition), Of(Indexes.ByTime), Of(Indexes.ByActor)];

    /// <summary>What is wrong with the table for a trail; empty where nothing is, null where there is no table.</summary>
    public async Task<IReadOnlyList<string>?> LookAsync(CancellationToken ct)
    {
        try
        {
            return [.. Faults((await CallAsync(client.DescribeTableAsync, new DescribeTableRequest(name), ct)).Table)];
        }
        catch (Afterimage.Streams.Aws.ResourceNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Makes the table, waits until it can be used, and turns on what keeps it safe where the endpoint knows that.</summary>
    /// <returns>What was done, a sentence each.</returns>
    public async Task<IReadOnlyList<string>> CreateAsync(TrailTableOptions options, TimeProvider time, CancellationToken ct)
    {
        await CallAsync(client.CreateTableAsync, Request(options), ct);
        while (!await IsActiveAsync(ct))
        {
            await Task.Delay(BetweenLooks, time, ct);
        }

        var capacity = options.Capacity is { } given ? $"{given.Read} read and {given.Write} write units provisioned for it and for each index" : "on-demand capacity";
        var encryption = options.KmsKey is { } key ? $"encrypted with the KMS key {key}" : "encrypted with DynamoDB's own key";
        return
        [
            $"Created the table {name} with its three indexes, {capacity}, deletion protection, {encryption}.",
            await TryAsync(
                "Point-in-time recovery is on: what somebody overwrites can be brought back for 35 days.",
                "Point-in-time recovery",
                () => CallAsync(client.UpdateContinuousBackupsAsync, new UpdateContinuousBackupsRequest { TableName = name, PointInTimeRecoverySpecification = new PointInTimeRecoverySpecification { PointInTimeRecoveryEnabled = true } }, ct)),
            await TryAsync(
                $"Time to live is on for the attribute {ExpiryAttribute}, which no entry has.",
                "Time to live",
                () => CallAsync(client.UpdateTimeToLiveAsync, new UpdateTimeToLiveRequest { TableName = name, TimeToLiveSpecification = new TimeToLiveSpecification { AttributeName = ExpiryAttribute, Enabled = true } }, ct)),
        ];
    }

    private CreateTableRequest Request(TrailTableOptions options)
    {
        var throughput = options.Capacity is { } given ? new ProvisionedThroughput(given.Read, given.Write) : null;
        string[] attributes = [.. All.SelectMany(index => new[] { index.Index.Partition, index.Index.Sort }).Append(Table.ItemKey.PartitionAttribute).Append(Table.ItemKey.SortAttribute).Distinct()];
        return new CreateTableRequest
        {
            TableName = name,
            KeySchema = Keys(Table.ItemKey.PartitionAttribute, Table.ItemKey.SortAttribute),
            AttributeDefinitions = [.. attributes.Select(attribute => new AttributeDefinition(attribute, ScalarAttributeType.S))],
            GlobalSecondaryIndexes = [.. All.Select(index => new GlobalSecondaryIndex { IndexName = index.Index.Name, KeySchema = Keys(index.Index.Partition, index.Index.Sort), Projection = index.Projection, ProvisionedThroughput = throughput })],
            BillingMode = throughput is null ? BillingMode.PAY_PER_REQUEST : BillingMode.PROVISIONED,
            ProvisionedThroughput = throughput,
            DeletionProtectionEnabled = true,
            SSESpecification = options.KmsKey is { } key ? new SSESpecification { Enabled = true, SSEType = SSEType.KMS, KMSMasterKeyId = key } : null,
            Tags = [new Tag { Key = "afterimage", Value = "trail" }],
        };
    }

    private async Task<bool> IsActiveAsync(CancellationToken ct)
    {
        var table = (await CallAsync(client.DescribeTableAsync, new DescribeTableRequest(name), ct)).Table;
        return table.TableStatus == TableStatus.ACTIVE && (table.GlobalSecondaryIndexes ?? []).TrueForAll(index => index.IndexStatus == IndexStatus.ACTIVE);
    }

    private static IEnumerable<string> Faults(Amazon.DynamoDBv2.Model.TableDescription table)
    {
        if (!IsKeyedBy(table.KeySchema, Table.ItemKey.PartitionAttribute, Table.ItemKey.SortAttribute))
        {
            yield return $"its keys are {Text(table.KeySchema)}, and a trail's are {Table.ItemKey.PartitionAttribute} and {Table.ItemKey.SortAttribute}";
        }

        foreach (var (index, projection) in All)
        {
            var there = (table.GlobalSecondaryIndexes ?? []).Find(one => one.IndexName == index.Name && one.IndexStatus != IndexStatus.DELETING);
            if (there is null)
            {
                yield return $"the index {index.Name} is missing";
            }
            else if (!IsKeyedBy(there.KeySchema, index.Partition, index.Sort))
            {
                yield return $"the keys of the index {index.Name} are {Text(there.KeySchema)}, and not {index.Partition} and {index.Sort}";
            }
            else if (there.Projection.ProjectionType != ProjectionType.ALL && (projection.NonKeyAttributes ?? []).Exists(attribute => !(there.Projection.NonKeyAttributes ?? []).Contains(attribute)))
            {
                yield return $"the index {index.Name} does not hold all of {string.Join(", ", projection.NonKeyAttributes ?? [])}";
            }
        }
    }

    // Emulators lack one or the other; the trail itself does not need them.
    private static async Task<string> TryAsync(string done, string what, Func<Task> call)
    {
        try
        {
            await call();
            return done;
        }
        catch (AwsException e)
        {
            return $"{what} could not be turned on: {e.Text.TrimEnd('.')}. The trail works without it; turn it on yourself if the endpoint is AWS.";
        }
    }

    private static bool IsKeyedBy(List<KeySchemaElement> keys, string partition, string sort) =>
        keys.Count == 2 && keys.Exists(key => key.AttributeName == partition && key.KeyType == KeyType.HASH) && keys.Exists(key => key.AttributeName == sort && key.KeyType == KeyType.RANGE);

    private static string Text(IEnumerable<KeySchemaElement> keys) => string.Join(" and ", keys.Select(key => key.AttributeName));

    private static List<KeySchemaElement> Keys(string partition, string sort) => [new(partition, KeyType.HASH), new(sort, KeyType.RANGE)];

    private static TableIndex Of(Table.TableIndex index) => new(
        index,
        index == Indexes.ByPartition
            ? new Projection { ProjectionType = ProjectionType.KEYS_ONLY }
            : new Projection { ProjectionType = ProjectionType.INCLUDE, NonKeyAttributes = [.. Indexes.Filtered] });

    private async Task<TAnswer> CallAsync<TRequest, TAnswer>(Func<TRequest, CancellationToken, Task<TAnswer>> call, TRequest request, CancellationToken ct)
        where TRequest : AmazonWebServiceRequest
    {
        try
        {
            return await call(request, ct);
        }
        catch (Exception e) when (SdkErrors.IsFromSdk(e, ct))
        {
            throw SdkErrors.Translate(e, () => new Uri(client.DetermineServiceOperationEndpoint(request).URL));
        }
    }

    private sealed record TableIndex(Table.TableIndex Index, Projection Projection);
}
