using System.Globalization;
using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>One seal of the log, which is one item: heads, the end of the seal behind them, and what the log knows of each tree from then on.</summary>
/// <param name="End">Where the log ends with it.</param>
/// <param name="Leaves">The log's leaves that it added.</param>
/// <param name="EndBefore">The text of the end of the seal before; empty for the first.</param>
internal sealed record Seal(LogEnd End, IReadOnlyList<LogText> Leaves, ReadOnlyMemory<byte> EndBefore)
{
    // API reference: an item has at most 400 KB, names of attributes and all. What is left over is for those.
    private const int RulesBytesMax = 100 * 1024;
    private const int TreesBytesMax = 256 * 1024;

    // What a head's text has beside its name, and what an attribute takes beside its value.
    private const int HeadBytes = 300;

    /// <summary>The attributes that tell where the log ends.</summary>
    public static IReadOnlyList<string> EndAttributes { get; } = [ItemKey.PartitionAttribute, ItemKey.SortAttribute, "tree", "time"];

    /// <summary>Where a log ends that has no seal.</summary>
    public static LogEnd Beginning { get; } = new(TreeState.Empty, 0, null);

    /// <summary>The heads among the leaves.</summary>
    public IEnumerable<SealedTree> Heads => Leaves.Where(leaf => leaf.Head is not null).Select(leaf => leaf.Head!);

    /// <summary>The text of the leaf that ends it.</summary>
    public ReadOnlyMemory<byte> EndText => Leaves.LastOrDefault(leaf => leaf.Head is null)?.Text ?? default;

    /// <summary>The heads as they stand in the log.</summary>
    public IEnumerable<(TreeName Tree, PlacedHead Head)> PlacedHeads => Leaves
        .Select((leaf, at) => (leaf, Place: End.Tree.Size - Leaves.Count + at)).Where(one => one.leaf.Head is not null)
        .Select(one => (one.leaf.Head!.Name, new PlacedHead(one.Place, one.leaf.Text, EndText, EndBefore)));

    /// <summary>The key of a seal.</summary>
    public static ItemKey KeyOf(long number) => new(Layout.Log, Layout.Place(number));

    /// <summary>
    /// As many grown trees as go into one seal. They follow those of the seal before, in the order of names, so that each of them gets its turn however many there are.
    /// The tree of what was done to the trail always does.
    /// </summary>
    public static IReadOnlyList<GrownTree> Room(IEnumerable<GrownTree> grown, Seal? before)
    {
        var last = before?.Heads.Select(head => head.Name).Where(name => name != TreeName.Administration).Select(name => name.Value).Max(StringComparer.Ordinal);
        var turns = grown
            .OrderByDescending(tree => tree.Name == TreeName.Administration)
            .ThenByDescending(tree => string.CompareOrdinal(tree.Name.Value, last) > 0)
            .ThenBy(tree => tree.Name.Value, StringComparer.Ordinal);
        var bytes = 0;
        return [.. turns.TakeWhile(tree => (bytes += HeadBytes + (2 * Encoding.UTF8.GetByteCount(tree.Name.Value)) + tree.Tree.ToBytes().Length) <= TreesBytesMax)];
    }

    /// <summary>A seal as it was kept.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static Seal Read(Item item)
    {
        var rules = item.Texts("rules");
        return new Seal(ReadEnd(item), [.. Members(item, "leaves").Select(leaf => new LogText(
            Encoding.UTF8.GetBytes(leaf.Text("text")),
            leaf.TextOrNull("tree") is not { } name ? null : new SealedTree(new TreeName(name), TreeState.Read(leaf.Bytes("state")), Rules(leaf, rules))))],
            Encoding.UTF8.GetBytes(item.Text("before")));
    }

    /// <summary>Where the log ends with a seal.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static LogEnd ReadEnd(Item item) => new(TreeState.Read(item.Bytes("tree")), ReadPlace(item), Cell.Moment(item.Text("time")));

    /// <summary>The place that an item's key names.</summary>
    /// <exception cref="FormatException">It names none.</exception>
    public static long ReadPlace(Item item) => long.TryParse(item.Key.Sort, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
        ? place
        : throw new FormatException($"'{item.Key}' names no place.");

    /// <summary>The seal as an item.</summary>
    public NewItem ToItem()
    {
        var rules = new List<string>();
        var room = RulesBytesMax;
        foreach (var text in Heads.Select(head => head.Rules).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            // Rules that find no room are noted once more with the next seal of their tree, which harms nothing.
            room -= Encoding.UTF8.GetByteCount(text);
            rules.AddRange(room >= 0 ? [text] : []);
        }

        return NewItem.Of(
            KeyOf(End.Epoch),
            ("tree", Cell.Of(End.Tree.ToBytes())),
            ("time", Cell.Of(End.Time)),
            ("before", AttributeValue.String(Encoding.UTF8.GetString(EndBefore.Span))),
            ("rules", rules.Count == 0 ? null : Cell.Of(rules)),
            ("leaves", AttributeValue.List([.. Leaves.Select(leaf => Leaf(leaf, rules))])));
    }

    private static AttributeValue Leaf(LogText leaf, List<string> rules)
    {
        List<KeyValuePair<string, AttributeValue>> members = [new("text", AttributeValue.String(Encoding.UTF8.GetString(leaf.Text.Span)))];
        if (leaf.Head is { } head)
        {
            members.Add(new("tree", AttributeValue.String(head.Name.Value)));
            members.Add(new("state", Cell.Of(head.Tree.ToBytes())));
            if (head.Rules is { } text && rules.IndexOf(text) is >= 0 and var at)
            {
                members.Add(new("rules", Cell.Of(at)));
            }
        }

        return AttributeValue.Map(new AttributeMap(members));
    }

    private static string? Rules(Item leaf, IReadOnlyList<string> rules) => leaf.IntegerOrNull("rules") is not { } at ? null
        : at >= 0 && at < rules.Count ? rules[(int)at]
        : throw new FormatException($"A seal has {rules.Count} texts of rules, and names number {at}.");

    private static IEnumerable<Item> Members(Item item, string list) =>
        item.Attributes.TryGetProperty(list, out var typed) && typed.TryGetProperty("L", out var values)
            ? values.EnumerateArray().Select(one => one.TryGetProperty("M", out var members) ? new Item(members) : throw new FormatException($"A leaf in {item.Key} has no attributes."))
            : throw new FormatException($"{item.Key} has no leaves.");
}
