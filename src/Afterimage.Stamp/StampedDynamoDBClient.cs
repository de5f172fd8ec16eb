using Amazon;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Afterimage.Stamp;

/// <summary>An <see cref="AmazonDynamoDBClient"/> whose writes say who made them, deletes included: put it where the other stood.</summary>
/// <remarks>
/// <para>Each write carries one attribute with the actor of the open <see cref="AuditScope"/>. The document model and the object model over this client are
/// covered with it. What calls return, and how they fail, is as without stamps; a request that is handed in is never changed.</para>
/// <para>PartiQL statements pass through unstamped and are counted by the meter <c>Afterimage.Stamp</c>.</para>
/// </remarks>
public class StampedDynamoDBClient : AmazonDynamoDBClient
{
    private readonly StampedCalls stamped;

    /// <summary>A client with the credentials and region of the surroundings.</summary>
    /// <param name="options">How to stamp; the defaults unless told.</param>
    public StampedDynamoDBClient(StampOptions? options = null) => stamped = Stamped(options);

    /// <summary>A client for a region.</summary>
    /// <param name="region">The region.</param>
    /// <param name="options">How to stamp; the defaults unless told.</param>
    public StampedDynamoDBClient(RegionEndpoint region, StampOptions? options = null)
        : base(region) => stamped = Stamped(options);

    /// <summary>A client of a configuration.</summary>
    /// <param name="clientConfig">The SDK's configuration.</param>
    /// <param name="options">How to stamp; the defaults unless told.</param>
    public StampedDynamoDBClient(AmazonDynamoDBConfig clientConfig, StampOptions? options = null)
        : base(clientConfig) => stamped = Stamped(options);

    /// <summary>A client with credentials.</summary>
    /// <param name="credentials">The credentials.</param>
    /// <param name="options">How to stamp; the defaults unless told.</param>
    public StampedDynamoDBClient(AWSCredentials credentials, StampOptions? options = null)
        : base(credentials) => stamped = Stamped(options);

    /// <summary>A client with credentials for a region.</summary>
    /// <param name="credentials">The credentials.</param>
    /// <param name="region">The region.</param>
    /// <param name="options">How to stamp; the defaults unless told.</param>
    public StampedDynamoDBClient(AWSCredentials credentials, RegionEndpoint region, StampOptions? options = null)
        : base(credentials, region) => stamped = Stamped(options);

    /// <summary>A client with credentials and a configuration.</summary>
    /// <param name="credentials">The credentials.</param>
    /// <param name="clientConfig">The SDK's configuration.</param>
    /// <param name="options">How to stamp; the defaults unless told.</param>
    public StampedDynamoDBClient(AWSCredentials credentials, AmazonDynamoDBConfig clientConfig, StampOptions? options = null)
        : base(credentials, clientConfig) => stamped = Stamped(options);

    /// <summary>A client with an access key.</summary>
    /// <param name="awsAccessKeyId">The access key's id.</param>
    /// <param name="awsSecretAccessKey">The secret access key.</param>
    /// <param name="options">How to stamp; the defaults unless told.</param>
    public StampedDynamoDBClient(string awsAccessKeyId, string awsSecretAccessKey, StampOptions? options = null)
        : base(awsAccessKeyId, awsSecretAccessKey) => stamped = Stamped(options);

    /// <summary>A client with an access key for a region.</summary>
    /// <param name="awsAccessKeyId">The access key's id.</param>
    /// <param name="awsSecretAccessKey">The secret access key.</param>
    /// <param name="region">The region.</param>
    /// <param name="options">How to stamp; the defaults unless told.</param>
    public StampedDynamoDBClient(string awsAccessKeyId, string awsSecretAccessKey, RegionEndpoint region, StampOptions? options = null)
        : base(awsAccessKeyId, awsSecretAccessKey, region) => stamped = Stamped(options);

    /// <summary>A client with an access key and a configuration.</summary>
    /// <param name="awsAccessKeyId">The access key's id.</param>
    /// <param name="awsSecretAccessKey">The secret access key.</param>
    /// <param name="clientConfig">The SDK's configuration.</param>
    /// <param name="options">How to stamp; the defaults unless told.</param>
    public StampedDynamoDBClient(string awsAccessKeyId, string awsSecretAccessKey, AmazonDynamoDBConfig clientConfig, StampOptions? options = null)
        : base(awsAccessKeyId, awsSecretAccessKey, clientConfig) => stamped = Stamped(options);

    /// <summary>A client with a session's access key.</summary>
    /// <param name="awsAccessKeyId">The access key's id.</param>
    /// <param name="awsSecretAccessKey">The secret access key.</param>
    /// <param name="awsSessionToken">The session's token.</param>
    /// <param name="options">How to stamp; the defaults unless told.</param>
    public StampedDynamoDBClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken, StampOptions? options = null)
        : base(awsAccessKeyId, awsSecretAccessKey, awsSessionToken) => stamped = Stamped(options);

    /// <summary>A client with a session's access key for a region.</summary>
    /// <param name="awsAccessKeyId">The access key's id.</param>
    /// <param name="awsSecretAccessKey">The secret access key.</param>
    /// <param name="awsSessionToken">The session's token.</param>
    /// <param name="region">The region.</param>
    /// <param name="options">How to stamp; the defaults unless told.</param>
    public StampedDynamoDBClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken, RegionEndpoint region, StampOptions? options = null)
        : base(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, region) => stamped = Stamped(options);

    /// <summary>A client with a session's access key and a configuration.</summary>
    /// <param name="awsAccessKeyId">The access key's id.</param>
    /// <param name="awsSecretAccessKey">The secret access key.</param>
    /// <param name="awsSessionToken">The session's token.</param>
    /// <param name="clientConfig">The SDK's configuration.</param>
    /// <param name="options">How to stamp; the defaults unless told.</param>
    public StampedDynamoDBClient(
        string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken, AmazonDynamoDBConfig clientConfig, StampOptions? options = null)
        : base(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, clientConfig) => stamped = Stamped(options);

    /// <summary>Puts an item with its stamp. A stamp that the item holds already, since it was read, is replaced.</summary>
    /// <inheritdoc/>
    public override Task<PutItemResponse> PutItemAsync(PutItemRequest request, CancellationToken cancellationToken = default) =>
        stamped.PutAsync(request, cancellationToken);

    /// <summary>Updates an item and its stamp.</summary>
    /// <exception cref="ArgumentException">The update expression itself names the stamp's attribute.</exception>
    /// <inheritdoc/>
    public override Task<UpdateItemResponse> UpdateItemAsync(UpdateItemRequest request, CancellationToken cancellationToken = default) =>
        stamped.UpdateAsync(request, cancellationToken);

    /// <summary>Marks an item with who deletes it, then deletes it: two writes, and the permission <c>dynamodb:UpdateItem</c> besides.</summary>
    /// <inheritdoc/>
    public override Task<DeleteItemResponse> DeleteItemAsync(DeleteItemRequest request, CancellationToken cancellationToken = default) =>
        stamped.DeleteAsync(request, cancellationToken);

    /// <summary>Puts with their stamps in one batch; each delete is marked and made by itself after it.</summary>
    /// <inheritdoc/>
    public override Task<BatchWriteItemResponse> BatchWriteItemAsync(BatchWriteItemRequest request, CancellationToken cancellationToken = default) =>
        stamped.BatchWriteAsync(request, cancellationToken);

    /// <summary>Puts and updates with their stamps in one transaction; its deletes name nobody unless <see cref="StampOptions.MarkBeforeTransactions"/> is set.</summary>
    /// <inheritdoc/>
    public override Task<TransactWriteItemsResponse> TransactWriteItemsAsync(TransactWriteItemsRequest request, CancellationToken cancellationToken = default) =>
        stamped.TransactWriteAsync(request, cancellationToken);

    /// <summary>Passes a PartiQL statement through without a stamp, and counts it if it writes.</summary>
    /// <inheritdoc/>
    public override Task<ExecuteStatementResponse> ExecuteStatementAsync(ExecuteStatementRequest request, CancellationToken cancellationToken = default)
    {
        PartiQL.Count("ExecuteStatement", [request?.Statement]);
        return base.ExecuteStatementAsync(request, cancellationToken);
    }

    /// <summary>Passes PartiQL statements through without stamps, and counts those that write.</summary>
    /// <inheritdoc/>
    public override Task<BatchExecuteStatementResponse> BatchExecuteStatementAsync(BatchExecuteStatementRequest request, CancellationToken cancellationToken = default)
    {
        PartiQL.Count("BatchExecuteStatement", request?.Statements?.Select(statement => statement.Statement));
        return base.BatchExecuteStatementAsync(request, cancellationToken);
    }

    /// <summary>Passes a PartiQL transaction through without stamps, and counts its statements that write.</summary>
    /// <inheritdoc/>
    public override Task<ExecuteTransactionResponse> ExecuteTransactionAsync(ExecuteTransactionRequest request, CancellationToken cancellationToken = default)
    {
        PartiQL.Count("ExecuteTransaction", request?.TransactStatements?.Select(statement => statement.Statement));
        return base.ExecuteTransactionAsync(request, cancellationToken);
    }

    /// <summary>Sends a transaction as it is: its items have their stamps, which an intent in it tells of.</summary>
    internal Task<TransactWriteItemsResponse> TransactWritePlainAsync(TransactWriteItemsRequest request, CancellationToken ct) => base.TransactWriteItemsAsync(request, ct);

    private StampedCalls Stamped(StampOptions? options) => new(
        options ?? new StampOptions(),
        new DynamoCalls(
            base.PutItemAsync, base.UpdateItemAsync, base.DeleteItemAsync, base.BatchWriteItemAsync, base.TransactWriteItemsAsync, base.DescribeTableAsync));
}
