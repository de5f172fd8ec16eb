namespace Afterimage.Trail.DynamoDb.Table;

/// <summary>
/// The requests that a trail makes of its DynamoDB table, and no others. Reads are strongly consistent except of an index, which lags behind. A write that
/// was not answered may have been done; whoever writes must be able to repeat it. A simulator implements this too.
/// </summary>
/// <remarks>Throws <see cref="AfterimageException"/> where the operator must act, and <see cref="Streams.Aws.AwsException"/> where waiting may help.</remarks>
internal interface IItemTable
{
    /// <summary>One item; null if there is none.</summary>
    Task<Item?> GetAsync(ItemKey key, CancellationToken ct);

    /// <summary>Any number of items, in any order; those that are not there are left out.</summary>
    /// <param name="keys">Their keys, each once.</param>
    /// <param name="attributes">What is wanted of them; null for everything.</param>
    /// <param name="ct">Gives up.</param>
    Task<IReadOnlyList<Item>> GetManyAsync(IReadOnlyList<ItemKey> keys, IReadOnlyList<string>? attributes, CancellationToken ct);

    /// <summary>A page of the items under one partition key, in the order of their sort keys.</summary>
    Task<ItemPage> QueryAsync(ItemQuery query, CancellationToken ct);

    /// <summary>A page of all items, in no order. For whoever checks the whole trail; no question of a user is answered so.</summary>
    Task<ItemPage> ScanAsync(ItemScan scan, CancellationToken ct);

    /// <summary>Writes one item on a condition.</summary>
    /// <returns>Whether the condition held. If not, nothing was written.</returns>
    Task<bool> WriteAsync(ItemWrite write, CancellationToken ct);

    /// <summary>Writes up to 100 items, all or none: none if any condition does not hold.</summary>
    /// <returns>Whether every condition held.</returns>
    Task<bool> WriteTogetherAsync(IReadOnlyList<ItemWrite> writes, CancellationToken ct);

    /// <summary>Writes any number of whole items without a condition, each for itself: only what would be the same whoever wrote it may be written so.</summary>
    Task PutManyAsync(IReadOnlyList<NewItem> items, CancellationToken ct);
}
