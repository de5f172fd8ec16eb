using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>What several requests to one table consumed together.</summary>
internal static class Consumption
{
    public static ConsumedCapacity? Sum(ConsumedCapacity? one, ConsumedCapacity? other) => one is null || other is null
        ? one ?? other
        : new ConsumedCapacity
        {
            TableName = one.TableName,
            CapacityUnits = Sum(one.CapacityUnits, other.CapacityUnits),
            ReadCapacityUnits = Sum(one.ReadCapacityUnits, other.ReadCapacityUnits),
            WriteCapacityUnits = Sum(one.WriteCapacityUnits, other.WriteCapacityUnits),
            Table = Sum(one.Table, other.Table),
            GlobalSecondaryIndexes = Sum(one.GlobalSecondaryIndexes, other.GlobalSecondaryIndexes),
            LocalSecondaryIndexes = Sum(one.LocalSecondaryIndexes, other.LocalSecondaryIndexes),
        };

    private static double? Sum(double? one, double? other) => one is null && other is null ? null : (one ?? 0) + (other ?? 0);

    private static Capacity? Sum(Capacity? one, Capacity? other) => one is null || other is null
        ? one ?? other
        : new Capacity
        {
            CapacityUnits = Sum(one.CapacityUnits, other.CapacityUnits),
            ReadCapacityUnits = Sum(one.ReadCapacityUnits, other.ReadCapacityUnits),
            WriteCapacityUnits = Sum(one.WriteCapacityUnits, other.WriteCapacityUnits),
        };

    private static Dictionary<string, Capacity>? Sum(Dictionary<string, Capacity>? one, Dictionary<string, Capacity>? other) => one is null || other is null
        ? one ?? other
        : one.Concat(other).GroupBy(index => index.Key, index => index.Value, StringComparer.Ordinal)
            .ToDictionary(index => index.Key, index => index.Aggregate((sum, next) => Sum(sum, next)!), StringComparer.Ordinal);
}
