using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>An item as it was read, with the number and the name of its last audited change.</summary>
internal sealed record ReadItem(Dictionary<string, AttributeValue>? Image, long Number, string? Last);

/// <summary>A change of an item that was read.</summary>
/// <param name="Key">The item's key.</param>
/// <param name="Read">The item as it was read.</param>
/// <param name="After">What it is to be, stamp and all; null where it is to be gone.</param>
/// <param name="Stamp">The stamp, or the mark that stands on the item where it is to be gone.</param>
internal sealed record AuditedChange(Dictionary<string, AttributeValue> Key, ReadItem Read, Dictionary<string, AttributeValue>? After, StampValue Stamp)
{
    public string Name => IntentForm.NameOf(Stamp.Nonce, After is null);
}

/// <summary>One transaction: the item if it is still what was read, the intent with its parts, and the number that puts an item's changes in their order.</summary>
internal static class IntentTransaction
{
    // An expression has at most 300 operators (API reference, limits of expressions), and an attribute takes two.
    private const int ComparedMax = 100;

    private const string Smaller = "Make it smaller, or keep large attributes elsewhere, in S3 say.";

    // API reference, TransactWriteItems.
    private const long BytesMax = 4 * 1_024 * 1_024;

    // A key of names and a hash, a number and a name.
    private const long CounterBytes = 1_024;

    /// <summary>The transaction.</summary>
    /// <exception cref="AuditedWriteException">It is larger than DynamoDB takes.</exception>
    public static TransactWriteItemsRequest Of(AuditedPlace place, AuditedChange change, DateTimeOffset time)
    {
        var intent = IntentItems.Of(place, change, time);
        var bytes = Math.Max(ItemSize.Of(change.Read.Image), ItemSize.Of(change.After)) + intent.Sum(ItemSize.Of) + CounterBytes;
        if (bytes > BytesMax)
        {
            throw new AuditedWriteException(
                $"{place.Table}: The item and its record with the images before and after, compressed, would have {bytes} bytes, and DynamoDB takes {BytesMax} in a transaction. {Smaller}");
        }

        var condition = StillAs(place, change.Read.Image);
        return new TransactWriteItemsRequest
        {
            // The SDK gives it a token, so that a repeat of its own whose first request had arrived is answered as the first one was.
            TransactItems = [Write(place, change, condition), Intent(place, intent[0]), Counter(place, change), .. intent.Skip(1).Select(part => Part(place, part))],
        };
    }

    /// <summary>What stands in the way of the change before it is sent; null if nothing does.</summary>
    public static string? Problem(AuditedChange change)
    {
        var (bytes, depth) = (ItemSize.Of(change.After), ItemSize.DepthOf(change.After));
        return bytes > ItemSize.Max ? $"The item would have {bytes} bytes with its {(change.Stamp.Deletes ? "mark" : "stamp")}, and DynamoDB takes {ItemSize.Max}. {Smaller}"
            : depth > ItemSize.DepthMax ? $"The item nests {depth} levels deep, and DynamoDB takes {ItemSize.DepthMax}. Nest it less deep."
            : null;
    }

    private static TransactWriteItem Write(AuditedPlace place, AuditedChange change, ItemCondition condition) => change.After is { } after
        ? new()
        {
            Put = new Put
            {
                TableName = place.Table,
                Item = after,
                ConditionExpression = condition.Text,
                ExpressionAttributeNames = condition.Names,
                ExpressionAttributeValues = condition.Values,
            },
        }
        : new()
        {
            Delete = new Delete
            {
                TableName = place.Table,
                Key = change.Key,
                ConditionExpression = condition.Text,
                ExpressionAttributeNames = condition.Names,
                ExpressionAttributeValues = condition.Values,
            },
        };

    private static TransactWriteItem Intent(AuditedPlace place, Dictionary<string, AttributeValue> intent) => new()
    {
        Put = new Put { TableName = place.Trail, Item = intent, ConditionExpression = "attribute_not_exists(#p)", ExpressionAttributeNames = Names(("#p", IntentForm.Partition)) },
    };

    // Where the intent was not there, none of its parts was.
    private static TransactWriteItem Part(AuditedPlace place, Dictionary<string, AttributeValue> part) => new() { Put = new Put { TableName = place.Trail, Item = part } };

    private static TransactWriteItem Counter(AuditedPlace place, AuditedChange change) => new()
    {
        Update = new Update
        {
            TableName = place.Trail,
            Key = IntentForm.Counter(place.Table, change.Stamp.Item),
            UpdateExpression = "SET #n = :to, #l = :last",
            ConditionExpression = change.Read.Number == 0 ? "attribute_not_exists(#n)" : "#n = :from",
            ExpressionAttributeNames = Names(("#n", "number"), ("#l", "last")),
            ExpressionAttributeValues = Values(change.Read.Number, change.Name),
        },
    };

    private static Dictionary<string, AttributeValue> Values(long from, string name)
    {
        var values = new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { [":to"] = Number(from + 1), [":last"] = new(name) };
        if (from > 0)
        {
            values[":from"] = Number(from);
        }

        return values;
    }

    private static AttributeValue Number(long number) => new() { N = number.ToString(CultureInfo.InvariantCulture) };

    // The number already keeps those apart who write in this way. This is for those who do not: each attribute as it was read, the stamp first, as many as an expression takes.
    private static ItemCondition StillAs(AuditedPlace place, Dictionary<string, AttributeValue>? image)
    {
        if (image is null)
        {
            return new ItemCondition("attribute_not_exists(#p)", Names(("#p", place.Keys[0])), null);
        }

        var compared = image.Where(attribute => !place.Keys.Contains(attribute.Key))
            .OrderBy(attribute => attribute.Key == new StampOptions().AttributeName ? 0 : 1).ThenBy(attribute => attribute.Key, StringComparer.Ordinal).Take(ComparedMax).ToList();
        var terms = compared.Select((_, at) => string.Create(CultureInfo.InvariantCulture, $"#a{at} = :a{at}"));
        var names = Names(("#p", place.Keys[0]));
        var values = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        for (var at = 0; at < compared.Count; at++)
        {
            names[string.Create(CultureInfo.InvariantCulture, $"#a{at}")] = compared[at].Key;
            values[string.Create(CultureInfo.InvariantCulture, $":a{at}")] = compared[at].Value;
        }

        return new ItemCondition(string.Join(" AND ", terms.Prepend("attribute_exists(#p)")), names, values.Count == 0 ? null : values);
    }

    private static Dictionary<string, string> Names(params ReadOnlySpan<(string Placeholder, string Name)> names)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (placeholder, name) in names)
        {
            map[placeholder] = name;
        }

        return map;
    }

    private sealed record ItemCondition(string Text, Dictionary<string, string> Names, Dictionary<string, AttributeValue>? Values);
}
