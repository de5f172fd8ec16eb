using System.Text.Json;
using Afterimage.Entries;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Tests.Support;

/// <summary>An index of a table in memory.</summary>
/// <param name="Index">Its name and keys.</param>
/// <param name="Projected">The attributes that it holds besides keys; null for all of them.</param>
internal sealed record FakeIndex(TableIndex Index, IReadOnlyList<string>? Projected = null);

/// <summary>The items of a table in memory, and of its indexes.</summary>
internal sealed class FakeItems
{
    private const int PageMax = 12;
    private const int EmptyPageIn = 8;

    private readonly Random random;
    private readonly FakeOrder all = new(ItemKey.PartitionAttribute, ItemKey.SortAttribute, null);
    private readonly Dictionary<string, FakeOrder> indexes;
    private readonly HashSet<ItemKey> behind = [];

    public FakeItems(Random random, IReadOnlyList<FakeIndex> indexes)
    {
        this.random = random;
        this.indexes = indexes.ToDictionary(index => index.Index.Name, index => new FakeOrder(index.Index.Partition, index.Index.Sort, index.Projected));
    }

    /// <summary>The keys of all items.</summary>
    public IEnumerable<ItemKey> Keys => all.Keys;

    /// <summary>An item; null if there is none.</summary>
    public AttributeMap? Find(ItemKey key) => all.Find(key)?.Map;

    /// <summary>Puts something in the place of an item, without asking anybody; null takes it away.</summary>
    public void Set(ItemKey key, AttributeMap? item) => Set(key, item is null ? null : new Stored(item), lag: false);

    public Item? Get(ItemKey key, IReadOnlyList<string>? attributes)
    {
        FakeRules.Key(key.Partition, key.Sort);
        return all.Find(key) is { } stored ? stored.Shown(attributes) : null;
    }

    /// <summary>Writes all of it if all conditions hold.</summary>
    public bool Write(IReadOnlyList<ItemWrite> writes, bool lag)
    {
        foreach (var key in writes.Select(write => write.Key))
        {
            FakeRules.Key(key.Partition, key.Sort);
        }

        // All of the conditions are looked at, since any of them may be one that DynamoDB refuses.
        if (writes.Count(write => write.Conditions.Count(term => FakeRules.Holds(term, Find(write.Key))) == write.Conditions.Count) < writes.Count)
        {
            return false;
        }

        var made = writes.Where(write => write is not ItemWrite.Check).Select(write => (write.Key, Item: After(write))).ToList();
        foreach (var (key, item) in made.Where(one => one.Item is not null))
        {
            FakeRules.Item(key, item!);
            foreach (var index in indexes.Values)
            {
                index.Check(item!);
            }
        }

        made.ForEach(one => Set(one.Key, one.Item is null ? null : new Stored(one.Item), lag));
        return true;
    }

    public void CatchUp(Func<ItemKey, bool> which)
    {
        foreach (var key in behind.Where(which).ToList())
        {
            behind.Remove(key);
            foreach (var index in indexes.Values)
            {
                index.Set(key, all.Find(key));
            }
        }
    }

    public ItemPage Query(ItemQuery query)
    {
        var order = query.Index is not { } index ? all
            : indexes.TryGetValue(index.Name, out var known) && known.Partition == index.Partition && known.Sort == index.Sort ? known
            : throw FakeRules.Refused($"The table does not have the specified index: {index.Name}");
        FakeRules.Key(query.Partition, query.From);
        FakeRules.Key(query.Partition, query.Through);
        order.CheckProjected(query.Attributes);
        if (query is { From: { } from, Through: { } through } && Utf8Order.Instance.Compare(from, through) > 0)
        {
            throw FakeRules.Refused($"The BETWEEN operator requires upper bound to be greater than or equal to lower bound: {from}, {through}");
        }

        if (query.Limit < 1)
        {
            throw FakeRules.Refused("Limit must be at least 1.");
        }

        return Page(order, order.Read(query), query.Limit ?? int.MaxValue, query.After, query.Partition, query.Attributes, query.Filter);
    }

    public ItemPage Scan(ItemScan scan)
    {
        if (scan.Segment < 0 || scan.Segment >= scan.Segments)
        {
            throw FakeRules.Refused($"There is no segment {scan.Segment} of {scan.Segments}.");
        }

        return Page(all, all.Read(scan), int.MaxValue, scan.After, "-", scan.Attributes, []);
    }

    private AttributeMap? After(ItemWrite write) => write switch
    {
        ItemWrite.Delete => null,
        ItemWrite.Put put => Checked(put),
        ItemWrite.Update update => Updated(update),
        _ => throw new ArgumentOutOfRangeException(nameof(write), write, "There is no such write."),
    };

    private static AttributeMap Checked(ItemWrite.Put put)
    {
        var item = DynamoDbJson.ReadMap(put.Item.Text);
        return KeyOf(item) == put.Key
            ? FakeRules.Kept(item)
            : throw FakeRules.Refused($"The item's text has another key than {put.Key}.");
    }

    private AttributeMap Updated(ItemWrite.Update update)
    {
        List<string> names = [.. update.Set.Select(one => one.Name), .. update.Add.Select(one => one.Name)];
        if (names.Count == 0 || names.Distinct().Count() < names.Count || names.Intersect([ItemKey.PartitionAttribute, ItemKey.SortAttribute]).Any())
        {
            throw FakeRules.Refused($"Invalid UpdateExpression: {string.Join(", ", names)}");
        }

        var item = new Dictionary<string, AttributeValue>(Find(update.Key) ?? new AttributeMap(
        [
            new(ItemKey.PartitionAttribute, AttributeValue.String(update.Key.Partition)), new(ItemKey.SortAttribute, AttributeValue.String(update.Key.Sort)),
        ]));
        foreach (var (name, value) in update.Set)
        {
            item.Remove(name);
            if (value is not null)
            {
                item.Add(name, value);
            }
        }

        foreach (var (name, by) in update.Add)
        {
            var sum = item.TryGetValue(name, out var has)
                ? has.Kind == AttributeKind.N ? by + long.Parse(has.Text) : throw FakeRules.Refused($"Type mismatch for ADD: {name} is {has.Kind}.")
                : by;
            item[name] = Cell.Of(sum);
        }

        return FakeRules.Kept(new AttributeMap(item));
    }

    private void Set(ItemKey key, Stored? item, bool lag)
    {
        all.Set(key, item);
        behind.Add(key);
        if (!lag)
        {
            CatchUp(one => one == key);
        }
    }

    // A page may be empty and not the last, and the last may not know that it is.
    private ItemPage Page(
        FakeOrder order, IEnumerable<Stored> rest, int limit, PageMark? after, string partition, IReadOnlyList<string>? attributes, IReadOnlyList<Term> filter)
    {
        var count = Math.Min(limit, random.Next(EmptyPageIn) == 0 ? 0 : 1 + random.Next(PageMax));
        var looked = rest.Take(count + 1).ToList();
        var isLast = looked.Count <= count;
        var shown = looked.Take(count).ToList();
        var next = isLast && (shown.Count == 0 || random.Next(4) > 0) ? null
            : shown.Count > 0 ? order.MarkOf(shown[^1].Map)
            : after ?? FakeOrder.Start(partition);
        return new ItemPage([.. shown.Where(item => filter.All(term => FakeRules.Holds(term, order.Projected(item.Map)))).Select(item => order.Shown(item, attributes))], next);
    }

    private static ItemKey KeyOf(AttributeMap item) => new(item[ItemKey.PartitionAttribute].Text, item[ItemKey.SortAttribute].Text);
}

/// <summary>An item as it is kept.</summary>
internal sealed class Stored(AttributeMap map)
{
    private readonly Lazy<JsonElement> json = new(() => Parse(map));

    public AttributeMap Map => map;

    public Item Shown(IReadOnlyList<string>? attributes) => attributes is null ? new Item(json.Value)
        : new Item(Parse(new AttributeMap(map.Where(member => attributes.Contains(member.Key)))));

    private static JsonElement Parse(AttributeMap map) =>
        JsonDocument.Parse(ItemJson.Of(map), new JsonDocumentOptions { MaxDepth = DynamoDbJson.DepthMax }).RootElement;
}
