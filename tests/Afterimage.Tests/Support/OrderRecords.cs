using System.Globalization;
using System.Text;
using Afterimage.Entries;

namespace Afterimage.Tests.Support;

/// <summary>Records of orders that change, as DynamoDB delivers them: the key in every image, and attributes of every kind beside it.</summary>
internal sealed class OrderRecords(Random random)
{
    private static readonly string[] Actors = ["alice", "bob", "carol"];

    private readonly RandomItems items = new(random);

    /// <summary>One record.</summary>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="at">When the change was made.</param>
    public byte[] Record(long sequence, DateTimeOffset at)
    {
        var keys = new AttributeMap([new("id", AttributeValue.String($"o{random.Next(12)}")), new("line", AttributeValue.Number($"{random.Next(3)}"))]);
        var before = With(items.Item(random.Next(1, 6)), keys);
        var after = With(items.Changed(before, 3), keys);
        var (name, old, @new) = random.Next(3) switch
        {
            0 => ("INSERT", null, after),
            1 => ("REMOVE", before, (AttributeMap?)null),
            _ => ("MODIFY", before, after),
        };
        var images = (old is null ? string.Empty : $",\"OldImage\":{Json(old)}") + (@new is null ? string.Empty : $",\"NewImage\":{Json(@new)}");
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$$"""
            {"eventID":"e{{{sequence}}}","eventName":"{{{name}}}","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":{{{at.ToUnixTimeSeconds()}}},"Keys":{{{Json(keys)}}}{{{images}}},"SequenceNumber":"{{{sequence}}}","SizeBytes":{{{random.Next(999)}}},"StreamViewType":"NEW_AND_OLD_IMAGES"} }
            """));
    }

    private AttributeMap With(AttributeMap item, AttributeMap keys) => new(
    [
        .. item.Where(member => !keys.ContainsKey(member.Key) && member.Key is not ("by" or "kind")),
        new("by", AttributeValue.String(Actors[random.Next(3)])),
        new("kind", AttributeValue.String(random.Next(2) == 0 ? "order" : "return")),
        .. keys,
    ]);

    private static string Json(AttributeMap map) => Encoding.UTF8.GetString(DynamoDbJson.ToUtf8(AttributeValue.Map(map)))[5..^1];
}
