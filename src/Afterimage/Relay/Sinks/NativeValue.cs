using Afterimage.Entries;

namespace Afterimage.Relay.Sinks;

/// <summary>Parts of an entry as values that DynamoDB takes.</summary>
internal static class NativeValue
{
    /// <summary>How deep attributes may nest (developer guide, limits).</summary>
    public const int DepthMax = 32;

    private const string Redacted = "redacted";

    /// <summary>Whether an image can stand as a map within an item.</summary>
    public static bool Fits(AttributeMap? image) => Depth(image) + 1 <= DepthMax;

    /// <summary>How many levels of maps and lists an image has below its attributes.</summary>
    public static int Depth(AttributeMap? image) => image is null ? 0 : image.Values.Select(Depth).DefaultIfEmpty().Max();

    /// <summary>A value, with <c>{"redacted": true}</c> as a map where one was redacted: DynamoDB knows no such type.</summary>
    public static AttributeValue Of(AttributeValue value) => value.Kind switch
    {
        AttributeKind.REDACTED => AttributeValue.Map(new AttributeMap([new(Redacted, AttributeValue.Boolean(true))])),
        AttributeKind.L => AttributeValue.List([.. value.Items.Select(Of)]),
        AttributeKind.M => AttributeValue.Map(new AttributeMap(value.Members.Select(member => KeyValuePair.Create(member.Key, Of(member.Value))))),
        _ => value,
    };

    /// <summary>Changes as a list of maps.</summary>
    public static AttributeValue Of(IEnumerable<Change> changes) => AttributeValue.List([.. changes.Select(Of)]);

    private static AttributeValue Of(Change change)
    {
        List<KeyValuePair<string, AttributeValue>> members = [new("op", AttributeValue.String(EntryWords.Of(change.Op))), new("path", AttributeValue.String(change.Path))];
        if (change.Old is { } old)
        {
            members.Add(new("old", Of(old)));
        }

        if (change.Value is { } value)
        {
            members.Add(new("value", Of(value)));
        }

        return AttributeValue.Map(new AttributeMap(members));
    }

    private static int Depth(AttributeValue value) => value.Kind switch
    {
        AttributeKind.L => 1 + value.Items.Select(Depth).DefaultIfEmpty().Max(),
        AttributeKind.M => 1 + Depth(value.Members),
        AttributeKind.REDACTED => 1,
        _ => 0,
    };
}
