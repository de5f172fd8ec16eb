using Afterimage.Entries;
using SdkValue = Amazon.DynamoDBv2.Model.AttributeValue;

namespace Afterimage.Tests.Support;

/// <summary>Values as the AWS SDK wants them written, and as it read them.</summary>
internal static class SdkValues
{
    public static Dictionary<string, SdkValue> Of(AttributeMap map) => map.ToDictionary(member => member.Key, member => Of(member.Value));

    public static AttributeMap Read(IReadOnlyDictionary<string, SdkValue> item) => new(item.Select(attribute => KeyValuePair.Create(attribute.Key, Read(attribute.Value))));

    private static SdkValue Of(AttributeValue value) => value.Kind switch
    {
        AttributeKind.S => new SdkValue { S = value.Text },
        AttributeKind.N => new SdkValue { N = value.Text },
        AttributeKind.B => new SdkValue { B = Bytes(value.Text) },
        AttributeKind.BOOL => new SdkValue { BOOL = value.Text == "true" },
        AttributeKind.SS => new SdkValue { SS = [.. value.Elements] },
        AttributeKind.NS => new SdkValue { NS = [.. value.Elements] },
        AttributeKind.BS => new SdkValue { BS = [.. value.Elements.Select(Bytes)] },
        AttributeKind.M => new SdkValue { M = Of(value.Members), IsMSet = true },
        AttributeKind.L => new SdkValue { L = [.. value.Items.Select(Of)], IsLSet = true },
        _ => new SdkValue { NULL = true },
    };

    private static AttributeValue Read(SdkValue value) => value switch
    {
        { S: { } text } => AttributeValue.String(text),
        { N: { } number } => AttributeValue.Number(number),
        { B: { } bytes } => AttributeValue.Binary(Text(bytes)),
        { BOOL: { } flag } => AttributeValue.Boolean(flag),
        { SS: { } texts } => AttributeValue.StringSet(texts),
        { NS: { } numbers } => AttributeValue.NumberSet(numbers),
        { BS: { } many } => AttributeValue.BinarySet([.. many.Select(Text)]),
        { M: { } members } => AttributeValue.Map(Read(members)),
        { L: { } items } => AttributeValue.List([.. items.Select(Read)]),
        _ => AttributeValue.Null,
    };

    private static string Text(MemoryStream bytes) => Convert.ToBase64String(bytes.ToArray());

    private static MemoryStream Bytes(string base64) => new(Convert.FromBase64String(base64));
}
