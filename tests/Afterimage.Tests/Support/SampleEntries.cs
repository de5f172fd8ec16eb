using Afterimage.Entries;
using static Afterimage.Tests.Support.Items;

namespace Afterimage.Tests.Support;

/// <summary>Entries for tests that care about some of their fields.</summary>
public static class SampleEntries
{
    public const string Arn = "arn:aws:dynamodb:us-west-2:123456789012:table/Orders/stream/2026-11-21T20:00:00.000";

    /// <summary>A change of an item whose key is <c>id</c>.</summary>
    public static AuditEntry Modify(string old, string @new) => Of(Item(old), Item(@new), "49600000000000000005", index: 41);

    /// <summary>A change from one image to the other; null is an item that is not there. The key is <c>id</c>.</summary>
    public static AuditEntry Of(AttributeMap? old, AttributeMap? @new, string sequenceNumber, long index)
    {
        var keys = new AttributeMap((@new ?? old ?? AttributeMap.Empty).Where(member => member.Key == "id"));
        return new AuditEntry
        {
            Id = EntryId.OfChange(Arn, keys, sequenceNumber),
            Kind = EntryKind.Change,
            Table = "Orders",
            Action = old is null ? ChangeAction.Insert : @new is null ? ChangeAction.Remove : ChangeAction.Modify,
            Time = new DateTimeOffset(2026, 11, 21, 20, 11, 12, TimeSpan.Zero),
            Keys = keys,
            OldImage = old,
            NewImage = @new,
            Changes = ItemDiff.Between(old, @new),
            Actor = Actor.Unknown,
            Stream = new StreamOrigin(Arn, "5e1b", "1.1", "us-west-2", 112, "NEW_AND_OLD_IMAGES", UserIdentity: null),
            ShardId = "shardId-00000001",
            SequenceNumber = sequenceNumber,
            Index = index,
        };
    }
}
