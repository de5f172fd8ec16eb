using System.Text;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>How large an item is as DynamoDB counts it, and how deep it nests (API reference, item sizes and limits). Numbers count as the longest there are.</summary>
internal static class ItemSize
{
    /// <summary>400 KB, names and values.</summary>
    public const long Max = 400 * 1_024;

    /// <summary>How many levels DynamoDB takes.</summary>
    public const int DepthMax = 32;

    private const int NumberBytes = 21;
    private const int ContainerBytes = 3;

    public static long Of(IReadOnlyDictionary<string, AttributeValue>? item) => item?.Sum(attribute => Bytes(attribute.Key) + Of(attribute.Value)) ?? 0;

    public static int DepthOf(IReadOnlyDictionary<string, AttributeValue>? item) => item is not { Count: > 0 } ? 0 : item.Values.Max(DepthOf);

    private static long Of(AttributeValue value) => value switch
    {
        { S: { } text } => Bytes(text),
        { N: not null } => NumberBytes,
        { B: { } bytes } => bytes.Length,
        { M: { } members } => ContainerBytes + members.Sum(member => Bytes(member.Key) + Of(member.Value) + 1),
        { L: { } items } => ContainerBytes + items.Sum(item => Of(item) + 1),
        { SS: { } texts } => texts.Sum(Bytes),
        { NS: { } numbers } => numbers.Count * NumberBytes,
        { BS: { } many } => many.Sum(bytes => bytes.Length),
        _ => 1,
    };

    private static int DepthOf(AttributeValue value) => value switch
    {
        { M: { } members } => 1 + DepthOf(members),
        { L: { Count: > 0 } items } => 1 + items.Max(DepthOf),
        { L: not null } => 1,
        _ => 0,
    };

    private static long Bytes(string text) => Encoding.UTF8.GetByteCount(text);
}
