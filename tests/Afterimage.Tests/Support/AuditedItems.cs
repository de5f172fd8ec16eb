using System.Globalization;
using Afterimage.Capture;
using Afterimage.Stamp;
using Afterimage.Trail;
using Afterimage.Trail.DynamoDb.Table;
using Amazon.DynamoDBv2.Model;
using ChangeAction = Afterimage.Entries.ChangeAction;
using Ours = Afterimage.Entries.AttributeValue;
using OurMap = Afterimage.Entries.AttributeMap;

namespace Afterimage.Tests.Support;

/// <summary>Items of a table that is changed by transactions: what <c>AuditedTable</c> would commit, as it stands in the trail's table and in the stream.</summary>
internal sealed class AuditedItems(DateTimeOffset start)
{
    public const string Arn = "arn:aws:dynamodb:us-east-1:123456789012:table/Orders";

    private static readonly AuditedPlace Place = new("Orders", Arn, ["id"], "trail");

    private readonly Dictionary<string, ReadItem> items = [];
    private int nonces;
    private long sequence = 100;

    /// <summary>When the next change is made.</summary>
    public DateTimeOffset Now { get; set; } = start;

    /// <summary>Every change in its order.</summary>
    public List<(NewItem Intent, ReadOnlyMemory<byte> Record)> Changes { get; } = [];

    /// <summary>Writes an item.</summary>
    public void Write(string id, string actor, int amount)
    {
        var stamp = Stamp(id, actor, deletes: false);
        Commit(id, new(Key(id)) { ["amount"] = new() { N = amount.ToString(CultureInfo.InvariantCulture) }, ["_audit"] = stamp.ToAttribute() }, stamp);
    }

    /// <summary>Marks an item and deletes it.</summary>
    public void Delete(string id, string actor)
    {
        var mark = Mark(id, actor);
        Commit(id, null, mark);
    }

    /// <summary>Marks an item, and does nothing more.</summary>
    public StampValue Mark(string id, string actor)
    {
        var mark = Stamp(id, actor, deletes: true);
        Commit(id, new(items[id].Image!) { ["_audit"] = mark.ToAttribute() }, mark);
        return mark;
    }

    private void Commit(string id, Dictionary<string, AttributeValue>? after, StampValue stamp)
    {
        var read = items.GetValueOrDefault(id) ?? new ReadItem(null, 0, null);
        var change = new AuditedChange(Key(id), read, after, stamp);
        items[id] = new ReadItem(after, read.Number + 1, change.Name);
        var request = IntentTransaction.Of(Place, change, Now);
        var intent = request.TransactItems[1].Put.Item;
        var told = new IntendedChange(
            Arn, ++sequence, after is null ? ChangeAction.Remove : read.Image is null ? ChangeAction.Insert : ChangeAction.Modify,
            Now, Map(change.Key), read.Image is null ? null : Map(read.Image), after is null ? null : Map(after));
        Changes.Add((
            new NewItem(new ItemKey(intent["pk"].S, intent["sk"].S), ItemJson.Of(Map(intent))), IntendedRecord.Of(change.Name, told, FakeStream.Arn)));
    }

    private StampValue Stamp(string id, string actor, bool deletes) => new(
        new Author(actor), StampValue.TimeText(Now), (++nonces).ToString("D22", CultureInfo.InvariantCulture), ItemHash.Of("Orders", Key(id))!, deletes)
    { InTransaction = true };

    private static Dictionary<string, AttributeValue> Key(string id) => new() { ["id"] = new(id) };

    private static OurMap Map(IReadOnlyDictionary<string, AttributeValue> item) => new(item.Select(attribute => KeyValuePair.Create(attribute.Key, Of(attribute.Value))));

    private static Ours Of(AttributeValue value) => value switch
    {
        { S: { } text } => Ours.String(text),
        { N: { } number } => Ours.Number(number),
        { M: { } members } => Ours.Map(Map(members)),
        _ => Ours.Boolean(value.BOOL == true),
    };
}
