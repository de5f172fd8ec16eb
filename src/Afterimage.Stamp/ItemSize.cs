using System.Text;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>How large an item is as DynamoDB counts it, and how deep it nests (API reference, item sizes and limits). Numbers count as no fewer bytes than they take.</summary>
internal static class ItemSize
{
    /// <summary>400 KB, names and values.</summary>
    public const long Max = 400 * 1_024;

    /// <summary>How many levels DynamoDB takes, of which a value that holds no others is one.</summary>
    public const int DepthMax = 32;

    private const int ContainerBytes = 3;

    /// <summary>Whether DynamoDB takes it as an item.</summary>
    public static bool Fits(IReadOnlyDictionary<string, AttributeValue> item) => Of(item) <= Max && DepthOf(item) <= DepthMax;

    public static long Of(IReadOnlyDictionary<string, AttributeValue>? item) => item?.Sum(attribute => Bytes(attribute.Key) + Of(attribute.Value)) ?? 0;

    public static int DepthOf(IReadOnlyDictionary<string, AttributeValue>? item) => item is not { Count: > 0 } ? 0 : item.Values.Max(DepthOf);

    // An SDK that is told to initialize collections has empty ones in every value: one that holds something goes first.
    private static long Of(AttributeValue value) => value switch
    {
        { S: { } text } => Bytes(text),
        { N: { } number } => OfNumber(number),
        { B: { } bytes } => bytes.Length,
        { SS: { Count: > 0 } texts } => texts.Sum(Bytes),
        { NS: { Count: > 0 } numbers } => numbers.Sum(OfNumber),
        { BS: { Count: > 0 } many } => many.Sum(bytes => bytes.Length),
        { L: { Count: > 0 } items } => ContainerBytes + items.Sum(item => Of(item) + 1),
        { M: { } members } => ContainerBytes + members.Sum(member => Bytes(member.Key) + Of(member.Value) + 1),
        { L: not null } => ContainerBytes,
        _ => 1,
    };

    private static int DepthOf(AttributeValue value) => value switch
    {
        { L: { Count: > 0 } items } => 1 + items.Max(DepthOf),
        { M: { } members } => 1 + DepthOf(members),
        _ => 1,
    };

    // A byte for two digits, and one or two besides: 38 digits have 21.
    private static long OfNumber(string number)
    {
        var mantissa = number.AsSpan(0, number.AsSpan().IndexOfAny('e', 'E') is var e and >= 0 ? e : number.Length);
        var digits = mantissa.Trim("+-0.").Length;
        return 2 + ((digits + 1) / 2);
    }

    private static long Bytes(string text) => Encoding.UTF8.GetByteCount(text);
}
