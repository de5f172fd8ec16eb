using System.Globalization;
using Afterimage.Capture;
using Afterimage.Stamp;
using Afterimage.Trail;
using Afterimage.Trail.DynamoDb.Table;
using Amazon.DynamoDBv2.Model;
using ChangeAction = Afterimage.Entries.ChangeAction;

namespace Afterimage.Tests.Support;

/// <summary>Items of a table that is changed by transactions: what <c>AuditedTable</c> would commit, as it stands in the trail's table and in the stream.</summary>
internal sealed class AuditedItems(DateTimeOffset start)
{
    public const string Arn = "arn:aws:dynamodb:us-east-1:123456789012:table/Orders";

    private static readonly AuditedPlace Place = new("Orders", Arn, ["id"], "trail");

    private readonly Random random = new(7);

    private readonly Dictionary<string, ReadItem> items = [];
    private int nonces;
    private long sequence = 100;

    /// <summary>When the next change is made.</summary>
    public DateTimeOffset Now { get; set; } = start;

    /// <summary>How large a value each item has besides, which no compression makes smaller; 0 for none.</summary>
    public int BlobBytes { get; init; }

    /// <summary>Every change in its order.</summary>
    public List<AuditedCommit> Changes { get; } = [];

    /// <summary>Writes an item.</summary>
    public void Write(string id, string actor, int amount)
    {
        var item = new Dictionary<string, AttributeValue> { ["amount"] = new() { N = amount.ToString(CultureInfo.InvariantCulture) } };
        if (BlobBytes > 0)
        {
            var blob = new byte[BlobBytes];
            random.NextBytes(blob);
            item["blob"] = new() { B = new MemoryStream(blob) };
        }

        Write(id, actor, item);
    }

    /// <summary>Writes an item of these attributes.</summary>
    public void Write(string id, string actor, Dictionary<string, AttributeValue> item)
    {
        var stamp = Stamp(id, actor, deletes: false);
        Commit(id, new(item) { ["id"] = new(id), ["_audit"] = stamp.ToAttribute() }, stamp);
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
        var intent = request.TransactItems.Select(write => write.Put).Where(put => put?.TableName == Place.Trail).Select(put => put.Item);
        var told = new IntendedChange(
            Arn, ++sequence, after is null ? ChangeAction.Remove : read.Image is null ? ChangeAction.Insert : ChangeAction.Modify,
            Now, SdkValues.Read(change.Key), read.Image is null ? null : SdkValues.Read(read.Image), after is null ? null : SdkValues.Read(after));
        Changes.Add(new AuditedCommit(
            [.. intent.Select(item => new NewItem(new ItemKey(item["pk"].S, item["sk"].S), ItemJson.Of(SdkValues.Read(item))))], IntendedRecord.Of(change.Name, told, FakeStream.Arn)));
    }

    private StampValue Stamp(string id, string actor, bool deletes) => new(
        new Author(actor), StampValue.TimeText(Now), (++nonces).ToString("D22", CultureInfo.InvariantCulture), ItemHash.Of("Orders", Key(id))!, deletes)
    { InTransaction = true };

    private static Dictionary<string, AttributeValue> Key(string id) => new() { ["id"] = new(id) };
}

/// <summary>What is committed of a change.</summary>
/// <param name="Items">The intent, and the parts of its images where they do not fit into it.</param>
/// <param name="Record">The record that a stream delivers.</param>
internal sealed record AuditedCommit(IReadOnlyList<NewItem> Items, ReadOnlyMemory<byte> Record);
