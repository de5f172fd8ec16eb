namespace Afterimage.Trail.DynamoDb.Table;

/// <summary>The key of an item of the trail's table.</summary>
/// <param name="Partition">Its attribute <c>pk</c>, at most 2,048 bytes (API reference, limits of keys).</param>
/// <param name="Sort">Its attribute <c>sk</c>, at most 1,024 bytes.</param>
internal readonly record struct ItemKey(string Partition, string Sort)
{
    /// <summary>The attribute that an item's partition key is in.</summary>
    public const string PartitionAttribute = "pk";

    /// <summary>The attribute that an item's sort key is in.</summary>
    public const string SortAttribute = "sk";

    /// <inheritdoc/>
    public override string ToString() => $"{Partition} | {Sort}";
}
