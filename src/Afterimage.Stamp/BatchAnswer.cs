using System.Net;
using System.Runtime.ExceptionServices;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>A delete of a batch that was made by itself: what came of it, or why it was put off.</summary>
internal sealed record SingleDelete(string Table, WriteRequest Write, DeleteItemResponse? Response, AmazonDynamoDBException? PutOff);

/// <summary>The answer to a batch of which some was written one by one, as DynamoDB would have given it.</summary>
internal static class BatchAnswer
{
    // What DynamoDB answers with UnprocessedItems when it happens within a batch.
    private static readonly HashSet<string> PutOffCodes = new(
        ["ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException", "InternalServerError"], StringComparer.Ordinal);

    public static bool IsPutOff(AmazonDynamoDBException e) => PutOffCodes.Contains(e.ErrorCode);

    /// <summary>Puts together what the batch and its deletes gave.</summary>
    /// <exception cref="AmazonDynamoDBException">Nothing of the batch was written: DynamoDB fails then too.</exception>
    public static BatchWriteItemResponse Of(BatchWriteItemResponse? batch, IReadOnlyList<SingleDelete> deletes)
    {
        if (batch is null && deletes.All(delete => delete.PutOff is not null))
        {
            ExceptionDispatchInfo.Throw(deletes[0].PutOff!);
        }

        var done = deletes.Where(delete => delete.Response is not null).ToList();
        var response = batch ?? new BatchWriteItemResponse
        {
            HttpStatusCode = HttpStatusCode.OK,
            ResponseMetadata = done[0].Response!.ResponseMetadata,
        };
        response.UnprocessedItems ??= new(StringComparer.Ordinal);
        foreach (var table in deletes.Where(delete => delete.PutOff is not null).GroupBy(delete => delete.Table, StringComparer.Ordinal))
        {
            response.UnprocessedItems[table.Key] = [.. response.UnprocessedItems.GetValueOrDefault(table.Key) ?? [], .. table.Select(delete => delete.Write)];
        }

        Account(response, done);
        return response;
    }

    private static void Account(BatchWriteItemResponse response, IReadOnlyList<SingleDelete> done)
    {
        var consumed = (response.ConsumedCapacity ?? []).Concat(done.Select(delete => delete.Response!.ConsumedCapacity).OfType<ConsumedCapacity>()).ToList();
        if (consumed.Count > 0)
        {
            response.ConsumedCapacity = [.. consumed.GroupBy(table => table.TableName, StringComparer.Ordinal).Select(table => table.Aggregate((one, other) => Consumption.Sum(one, other)!))];
        }

        foreach (var delete in done.Where(delete => delete.Response!.ItemCollectionMetrics is not null))
        {
            response.ItemCollectionMetrics ??= new(StringComparer.Ordinal);
            response.ItemCollectionMetrics[delete.Table] =
                [.. response.ItemCollectionMetrics.GetValueOrDefault(delete.Table) ?? [], delete.Response!.ItemCollectionMetrics];
        }
    }
}
