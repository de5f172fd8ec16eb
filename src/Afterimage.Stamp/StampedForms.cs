using Amazon;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>Requests with a stamp in them; the caller's own stay as they are.</summary>
internal static class StampedForms
{
    /// <summary>An item with the stamp in the place of whatever stood there: items that were read come back with their old one.</summary>
    public static Dictionary<string, AttributeValue> Item(Dictionary<string, AttributeValue> item, string attribute, AttributeValue stamp) =>
        new(item, item.Comparer) { [attribute] = stamp };

    public static PutItemRequest Put(PutItemRequest given, string attribute, AttributeValue stamp)
    {
        var request = Copy.Of(given);
        request.Item = Item(given.Item, attribute, stamp);
        return request;
    }

    public static Put Put(Put given, string attribute, AttributeValue stamp)
    {
        var put = Copy.Of(given);
        put.Item = Item(given.Item, attribute, stamp);
        return put;
    }

    /// <summary>An update in the form that the caller chose; DynamoDB refuses a mixture.</summary>
    public static UpdateItemRequest Update(UpdateItemRequest given, string attribute, AttributeValue stamp)
    {
        var request = Copy.Of(given);
        if (given.UpdateExpression is null && (IsSet(given.AttributeUpdates) || IsSet(given.Expected)))
        {
            request.AttributeUpdates = new(given.AttributeUpdates ?? [], StringComparer.Ordinal)
            {
                [attribute] = new AttributeValueUpdate(stamp, AttributeAction.PUT),
            };
            return request;
        }

        (request.UpdateExpression, request.ExpressionAttributeNames, request.ExpressionAttributeValues) = Assigned(
            given.UpdateExpression, given.ConditionExpression, given.ExpressionAttributeNames, given.ExpressionAttributeValues, attribute, stamp);
        return request;
    }

    public static Update Update(Update given, string attribute, AttributeValue stamp)
    {
        var update = Copy.Of(given);
        (update.UpdateExpression, update.ExpressionAttributeNames, update.ExpressionAttributeValues) = Assigned(
            given.UpdateExpression, given.ConditionExpression, given.ExpressionAttributeNames, given.ExpressionAttributeValues, attribute, stamp);
        return update;
    }

    private static (string Update, Dictionary<string, string> Names, Dictionary<string, AttributeValue> Values) Assigned(
        string? update,
        string? condition,
        Dictionary<string, string>? names,
        Dictionary<string, AttributeValue>? values,
        string attribute,
        AttributeValue stamp)
    {
        if (Expressions.Names(update, names, attribute))
        {
            throw new ArgumentException($"The update expression names {attribute}, which holds the stamp of each write: leave it out of the expression.");
        }

        names = new(names ?? [], StringComparer.Ordinal);
        values = new(values ?? [], StringComparer.Ordinal);
        var stem = Expressions.FreeStem([update, condition, .. names.Keys, .. values.Keys]);
        names[$"#{stem}"] = attribute;
        values[$":{stem}"] = stamp;
        return (Expressions.WithAssignment(update, $"#{stem} = :{stem}"), names, values);
    }

    /// <summary>Whether a request sends a collection: an empty one too, unless the SDK makes empty ones itself.</summary>
    private static bool IsSet<T>(Dictionary<string, T>? members) => members is not null && (members.Count > 0 || !AWSConfigs.InitializeCollections);
}
