using System.Text;
using Afterimage.Entries;

namespace Afterimage.Tests.Support;

/// <summary>Items and entries as tests write them down.</summary>
public static class Items
{
    /// <summary>An item from DynamoDB JSON.</summary>
    public static AttributeMap Item(string dynamoDbJson) => DynamoDbJson.ReadMap(Encoding.UTF8.GetBytes(dynamoDbJson));

    /// <summary>A value from DynamoDB JSON.</summary>
    public static AttributeValue Value(string dynamoDbJson) => Item($$"""{"v":{{dynamoDbJson}}}""")["v"];

    /// <summary>A list of numbers.</summary>
    public static AttributeValue Numbers(IEnumerable<int> numbers) =>
        AttributeValue.List([.. numbers.Select(number => AttributeValue.Number(number.ToString(System.Globalization.CultureInfo.InvariantCulture)))]);

    /// <summary>The changes, one a line: <c>replace /status {"S":"NEW"} -> {"S":"PAID"}</c>.</summary>
    public static string Lines(IEnumerable<Change> changes) => string.Join('\n', changes.Select(Line));

    private static string Line(Change change) => change.Op switch
    {
        ChangeOp.Add => $"add {change.Path} {Text(change.Value!)}",
        ChangeOp.Remove => $"remove {change.Path} {Text(change.Old!)}",
        _ => $"replace {change.Path} {Text(change.Old!)} -> {Text(change.Value!)}",
    };

    private static string Text(AttributeValue value) =>
        value.Kind == AttributeKind.REDACTED ? "redacted" : CanonicalText.Of(value);
}
