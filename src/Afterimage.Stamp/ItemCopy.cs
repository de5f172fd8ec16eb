using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>Copies of items to the last value, so that what a caller changes is not what was read.</summary>
internal static class ItemCopy
{
    public static Dictionary<string, AttributeValue> Of(IReadOnlyDictionary<string, AttributeValue> item) =>
        item.ToDictionary(attribute => attribute.Key, attribute => Of(attribute.Value), StringComparer.Ordinal);

    private static AttributeValue Of(AttributeValue value)
    {
        var copy = Copy.Of(value);
        copy.M = value.M is { } members ? Of(members) : null;
        copy.L = value.L is { } items ? [.. items.Select(Of)] : null;
        copy.SS = value.SS is { } texts ? [.. texts] : null;
        copy.NS = value.NS is { } numbers ? [.. numbers] : null;
        copy.BS = value.BS is { } many ? [.. many] : null;
        return copy;
    }
}
