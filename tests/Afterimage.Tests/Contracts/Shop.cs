using System.Globalization;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Contracts;

/// <summary>The table and the changes that the trail's specifications speak of.</summary>
internal static class Shop
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static readonly StreamArn Stream = StreamOf("Orders", "2026-11-20T00:00:00.000");

    public static readonly ShardId Shard = new("shardId-00000001795302519000-0a1b2c3d");

    public static readonly TrailTable Orders = new(
        "Orders", new KeyAttribute("UserId", AttributeKind.S), new KeyAttribute("OrderId", AttributeKind.S), Stream, Followed: true);

    public static StreamArn StreamOf(string table, string label) => new($"arn:aws:dynamodb:eu-west-1:123456789012:table/{table}/stream/{label}");

    public static ShardProgress Unread(ShardId shard) => new(shard, null, null, 0, false);

    public static AttributeMap Keys(string user, string order) => Keys(AttributeValue.String(user), AttributeValue.String(order));

    public static AttributeMap Keys(AttributeValue user, AttributeValue order) => new([new("UserId", user), new("OrderId", order)]);

    /// <summary>One change; its sequence number says which.</summary>
    public static AuditEntry Entry(string sequenceNumber, AttributeMap? keys = null, DateTimeOffset? time = null, StreamArn? stream = null)
    {
        var origin = stream ?? Stream;
        var key = keys ?? Keys("u1", "o1");
        return new AuditEntry
        {
            Id = EntryId.OfChange(origin.Value, key, sequenceNumber),
            Kind = EntryKind.Change,
            Table = origin.Table,
            Service = "orders-api",
            Action = ChangeAction.Modify,
            Time = time ?? Noon,
            Keys = key,
            OldImage = key,
            NewImage = new AttributeMap([.. key, new("Number", AttributeValue.Number(sequenceNumber.Length > 38 ? "1" : sequenceNumber))]),
            Changes = [],
            Actor = Actor.Unknown,
            Stream = new StreamOrigin(origin.Value, $"event-{sequenceNumber}", "1.1", "eu-west-1", 112, "NEW_AND_OLD_IMAGES", null),
            ShardId = Shard.Value,
            SequenceNumber = sequenceNumber,
            Index = 0,
        };
    }

    /// <summary>An append of these entries to a shard that stands at <paramref name="before"/>: their places follow from it.</summary>
    public static TrailAppend Append(StreamArn stream, ShardProgress before, params IReadOnlyList<AuditEntry> entries)
    {
        List<AuditEntry> placed = [.. entries.Select((entry, i) => entry with { Index = before.Size + i, ShardId = before.Shard.Value })];
        var last = placed.Count > 0 && placed[^1].SequenceNumber is { } number ? new SequenceNumber(number) : before.Last;
        return Leaves.Append(stream, before, before with { Last = last, Size = before.Size + placed.Count }, placed);
    }

    public static TrailAppend Append(ShardProgress before, params IReadOnlyList<AuditEntry> entries) => Append(Stream, before, entries);

    /// <summary>Entries with these sequence numbers, a second after each other.</summary>
    public static List<AuditEntry> Series(int first, int count, AttributeMap? keys = null) =>
        [.. Enumerable.Range(first, count).Select(n => Entry(n.ToString(CultureInfo.InvariantCulture), keys, Noon.AddSeconds(n)))];

    public static IEnumerable<string> Numbers(IEnumerable<AuditEntry> entries) => entries.Select(entry => entry.SequenceNumber ?? "none");

    /// <summary>Entries as text: the only form in which every part of them is compared.</summary>
    public static IEnumerable<string> Texts(IEnumerable<AuditEntry> entries) => entries.Select(EntryJson.ToText);
}
