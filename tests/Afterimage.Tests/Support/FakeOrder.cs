using System.Text;
using Afterimage.Entries;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Tests.Support;

/// <summary>Items in the order of the table's keys, or of an index.</summary>
/// <param name="partition">The attribute that is the partition key.</param>
/// <param name="sort">The attribute that is the sort key.</param>
/// <param name="projected">What an index holds besides keys; null for everything.</param>
internal sealed class FakeOrder(string partition, string sort, IReadOnlyList<string>? projected)
{
    private readonly Dictionary<ItemKey, Stored> items = [];
    private readonly Dictionary<string, SortedSet<Place>> places = new(StringComparer.Ordinal);

    public string Partition => partition;

    public string Sort => sort;

    public IEnumerable<ItemKey> Keys => items.Keys;

    private List<string> KeyAttributes => [ItemKey.PartitionAttribute, ItemKey.SortAttribute, partition, sort];

    /// <summary>Where a page ends that has not begun.</summary>
    public static PageMark Start(string partition) => Mark([(ItemKey.PartitionAttribute, partition), (ItemKey.SortAttribute, string.Empty)]);

    public Stored? Find(ItemKey key) => items.GetValueOrDefault(key);

    /// <summary>Refuses an item whose attributes are no keys of this index, though they are called so.</summary>
    public void Check(AttributeMap item)
    {
        var keys = new[] { partition, sort }.Select(item.GetValueOrDefault).ToList();
        if (keys.Any(key => key is not null && key.Kind != AttributeKind.S))
        {
            throw FakeRules.Refused($"Type mismatch for index key {partition} or {sort}.");
        }

        FakeRules.Key(keys[0]?.Text, keys[1]?.Text);
    }

    /// <summary>Refuses to show what the index does not hold.</summary>
    public void CheckProjected(IReadOnlyList<string>? attributes)
    {
        if (projected is not null && (attributes ?? []).Except([.. projected, .. KeyAttributes]).ToList() is { Count: > 0 } others)
        {
            throw FakeRules.Refused($"The index does not project {string.Join(", ", others)}.");
        }
    }

    public void Set(ItemKey key, Stored? item)
    {
        if (items.Remove(key, out var before))
        {
            places[before.Map[partition].Text].Remove(PlaceOf(before.Map));
        }

        if (item is not null && item.Map.ContainsKey(partition) && item.Map.ContainsKey(sort))
        {
            items.Add(key, item);
            var name = item.Map[partition].Text;
            if (!places.TryGetValue(name, out var set))
            {
                places.Add(name, set = new SortedSet<Place>(PlaceOrder.Instance));
            }

            set.Add(PlaceOf(item.Map));
        }
    }

    /// <summary>What a query asks for, from where the page before ended.</summary>
    public IEnumerable<Stored> Read(ItemQuery query)
    {
        if (!places.TryGetValue(query.Partition, out var set) || set.Count == 0)
        {
            return [];
        }

        var after = PlaceOf(query.After, query.Partition);
        var low = query.From is { } from ? new Place(from, -1, default) : set.Min;
        var high = query.Through is { } through ? new Place(through, 1, default) : set.Max;
        (low, high) = after is not { } at ? (low, high) : query.Reverse ? (low, Least(at with { Edge = -1 }, high)) : (Most(at with { Edge = 1 }, low), high);
        var view = PlaceOrder.Instance.Compare(low, high) > 0 ? [] : set.GetViewBetween(low, high);
        return (query.Reverse ? view.Reverse() : view).Select(place => items[place.Key]);
    }

    /// <summary>What a scan asks for: partitions lie as their hashes have it.</summary>
    public IEnumerable<Stored> Read(ItemScan scan)
    {
        var after = scan.After is { } mark && KeyOf(mark) is { Sort.Length: > 0 } key ? key : new ItemKey(string.Empty, string.Empty);
        return places.Where(one => Hash(one.Key) % (uint)scan.Segments == (uint)scan.Segment)
            .OrderBy(one => Hash(one.Key)).ThenBy(one => one.Key, StringComparer.Ordinal)
            .SkipWhile(one => after.Partition.Length > 0 && one.Key != after.Partition)
            .SelectMany(one => one.Value)
            .Where(place => place.Key.Partition != after.Partition || Utf8Order.Instance.Compare(place.Sort, after.Sort) > 0)
            .Select(place => items[place.Key]);
    }

    /// <summary>Where a page ends with this item.</summary>
    public PageMark MarkOf(AttributeMap item) => Mark(KeyAttributes.Distinct().Select(name => (name, item[name].Text)));

    /// <summary>What the index holds of an item.</summary>
    public AttributeMap Projected(AttributeMap item) => projected is null ? item : new AttributeMap(item.Where(member => projected.Contains(member.Key) || KeyAttributes.Contains(member.Key)));

    public Item Shown(Stored item, IReadOnlyList<string>? attributes) => item.Shown(attributes ?? (projected is null ? null : [.. projected, .. KeyAttributes]));

    private Place PlaceOf(AttributeMap item) => new(item[sort].Text, 0, new ItemKey(item[ItemKey.PartitionAttribute].Text, item[ItemKey.SortAttribute].Text));

    private Place? PlaceOf(PageMark? mark, string wanted)
    {
        if (mark is null || KeyOf(mark).Sort.Length == 0)
        {
            return null;
        }

        var keys = DynamoDbJson.ReadMap(mark.Text);
        return keys[partition].Text == wanted ? PlaceOf(keys) : throw FakeRules.Refused($"The provided starting key is not of the partition {wanted}.");
    }

    private static PageMark Mark(IEnumerable<(string Name, string Text)> keys) =>
        new(ItemJson.Of(new AttributeMap(keys.Select(key => KeyValuePair.Create(key.Name, AttributeValue.String(key.Text))))));

    private static ItemKey KeyOf(PageMark mark)
    {
        var keys = DynamoDbJson.ReadMap(mark.Text);
        return new ItemKey(keys[ItemKey.PartitionAttribute].Text, keys[ItemKey.SortAttribute].Text);
    }

    private static Place Least(Place one, Place other) => PlaceOrder.Instance.Compare(one, other) < 0 ? one : other;

    private static Place Most(Place one, Place other) => PlaceOrder.Instance.Compare(one, other) > 0 ? one : other;

    private static uint Hash(string text) => Encoding.UTF8.GetBytes(text).Aggregate(2_166_136_261u, (hash, one) => (hash ^ one) * 16_777_619u);

    // An edge lies before or behind all items of its sort key, or before or behind one item.
    private readonly record struct Place(string Sort, int Edge, ItemKey Key);

    private sealed class PlaceOrder : IComparer<Place>
    {
        public static PlaceOrder Instance { get; } = new();

        public int Compare(Place x, Place y)
        {
            var bySort = Utf8Order.Instance.Compare(x.Sort, y.Sort);
            var isOfAll = x.Key == default || y.Key == default;
            var byKey = bySort != 0 || isOfAll ? bySort
                : string.CompareOrdinal(x.Key.Partition, y.Key.Partition) is not 0 and var order ? order
                : Utf8Order.Instance.Compare(x.Key.Sort, y.Key.Sort);
            return byKey != 0 ? byKey : x.Edge.CompareTo(y.Edge);
        }
    }
}
