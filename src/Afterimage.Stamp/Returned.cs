using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>What callers see: never the stamp.</summary>
internal static class Returned
{
    /// <summary>Attributes without the stamp; null where DynamoDB would have returned none.</summary>
    public static Dictionary<string, AttributeValue>? Without(string attribute, Dictionary<string, AttributeValue>? attributes) =>
        attributes is not null && attributes.Remove(attribute) && attributes.Count == 0 ? null : attributes;

    /// <summary>Of writes that DynamoDB put off: they are stamped anew when they are sent again.</summary>
    public static void Strip(Stamper stamper, Dictionary<string, List<WriteRequest>>? unprocessed)
    {
        foreach (var write in (unprocessed ?? []).Where(table => !stamper.LeavesOut(table.Key)).SelectMany(table => table.Value))
        {
            if (write.PutRequest is { } put)
            {
                write.PutRequest = new PutRequest(put.Item.Where(member => member.Key != stamper.Attribute).ToDictionary(StringComparer.Ordinal));
            }
        }
    }

    /// <summary>Of the items that made a transaction fail.</summary>
    public static void Strip(Stamper stamper, IReadOnlyList<TransactWriteItem> writes, IReadOnlyList<CancellationReason>? reasons)
    {
        foreach (var (write, reason) in writes.Zip(reasons ?? []))
        {
            if (!stamper.LeavesOut(TableOf(write)))
            {
                reason.Item = Without(stamper.Attribute, reason.Item);
            }
        }
    }

    public static string? TableOf(TransactWriteItem write) =>
        write.Put?.TableName ?? write.Update?.TableName ?? write.Delete?.TableName ?? write.ConditionCheck?.TableName;
}
