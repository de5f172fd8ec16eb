using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>The calls of the SDK's own client, which know nothing of stamps.</summary>
internal sealed record DynamoCalls(
    Func<PutItemRequest, CancellationToken, Task<PutItemResponse>> Put,
    Func<UpdateItemRequest, CancellationToken, Task<UpdateItemResponse>> Update,
    Func<DeleteItemRequest, CancellationToken, Task<DeleteItemResponse>> Delete,
    Func<BatchWriteItemRequest, CancellationToken, Task<BatchWriteItemResponse>> BatchWrite,
    Func<TransactWriteItemsRequest, CancellationToken, Task<TransactWriteItemsResponse>> TransactWrite,
    Func<DescribeTableRequest, CancellationToken, Task<DescribeTableResponse>> DescribeTable);
