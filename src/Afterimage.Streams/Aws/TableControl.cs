using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Afterimage.Streams.Records;

namespace Afterimage.Streams.Aws;

/// <summary>Looks at tables and turns their streams on.</summary>
/// <remarks>Calls throw <see cref="AwsException"/> or one of its kinds, or <see cref="AwsConfigurationException"/>; nothing of the SDK's.</remarks>
public sealed class TableControl : ITableLookup
{
    private readonly IAmazonDynamoDB client;

    internal TableControl(IAmazonDynamoDB client) => this.client = client;

    /// <summary>Describes a table; null if there is none of this name in the account and region.</summary>
    public async Task<TableDescription?> DescribeAsync(string table, CancellationToken ct)
    {
        try
        {
            var answer = await CallAsync(client.DescribeTableAsync, new DescribeTableRequest { TableName = table }, ct);
            return Describe(answer.Table);
        }
        catch (ResourceNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The names of all tables of the account in the region, in the order in which DynamoDB lists them.</summary>
    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        string? last = null;
        do
        {
            // 100 names a page (API reference, ListTables).
            var page = await CallAsync(client.ListTablesAsync, new ListTablesRequest { ExclusiveStartTableName = last }, ct);
            foreach (var name in page.TableNames ?? [])
            {
                yield return name;
            }

            last = page.LastEvaluatedTableName;
        }
        while (!string.IsNullOrEmpty(last));
    }

    /// <summary>Enables a table's stream with both images. The stream may take some seconds to be there.</summary>
    /// <exception cref="ResourceNotFoundException">There is no such table.</exception>
    /// <exception cref="AwsException">
    /// ValidationException where a stream is enabled already, ResourceInUseException while the table is being changed.
    /// </exception>
    public async Task<TableDescription> EnableStreamAsync(string table, CancellationToken ct)
    {
        var request = new UpdateTableRequest
        {
            TableName = table,
            StreamSpecification = new StreamSpecification { StreamEnabled = true, StreamViewType = StreamViewType.NEW_AND_OLD_IMAGES },
        };
        var answer = await CallAsync(client.UpdateTableAsync, request, ct);
        return Describe(answer.TableDescription);
    }

    private static TableDescription Describe(Amazon.DynamoDBv2.Model.TableDescription table)
    {
        var types = table.AttributeDefinitions.ToDictionary(one => one.AttributeName, one => one.AttributeType.Value, StringComparer.Ordinal);
        var keys = table.KeySchema.OrderBy(key => key.KeyType == KeyType.HASH ? 0 : 1);
        var enabled = table.StreamSpecification?.StreamEnabled ?? false;
        return new(
            table.TableName,
            table.TableArn,
            table.TableStatus.Value,
            [.. keys.Select(key => new KeyAttribute(key.AttributeName, types[key.AttributeName]))],
            enabled,
            enabled ? table.StreamSpecification!.StreamViewType?.Value : null,
            string.IsNullOrEmpty(table.LatestStreamArn) ? null : new StreamArn(table.LatestStreamArn),
            table.Replicas is { Count: > 0 });
    }

    private async Task<TAnswer> CallAsync<TRequest, TAnswer>(
        Func<TRequest, CancellationToken, Task<TAnswer>> call, TRequest request, CancellationToken ct)
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
}
