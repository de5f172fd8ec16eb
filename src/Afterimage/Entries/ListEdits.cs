namespace Afterimage.Entries;

/// <summary>One step of a list's way from old to new, both walked from the front.</summary>
internal enum ListEdit
{
    /// <summary>The next elements of both are equal.</summary>
    Keep,

    /// <summary>The next element of the old list became the next one of the new list.</summary>
    Replace,

    /// <summary>The next element of the old list is gone.</summary>
    Remove,

    /// <summary>The next element of the new list was not there.</summary>
    Insert,
}

/// <summary>
/// The fewest insertions, removals and replacements that turn one list into another. Of several ways with equally few: the one with the
/// fewest replacements that cannot descend (both maps, or both lists); then the one whose replaced maps differ in the fewest members;
/// then, from the front, the one that replaces rather than removes and removes rather than inserts.
/// </summary>
/// <remarks>
/// The common beginning and end are set aside first. The rest is a table of edit distances with a row for each old element and a column for
/// each new one, of at most <see cref="CellsMax"/> cells. A table that would be larger is cut to a band along its diagonal, which finds
/// every way of at most as many edits as the band is wide to each side. Lists that differ in more are compared by position.
/// </remarks>
internal sealed class ListEdits
{
    /// <summary>The most cells of a table: enough for all lists of up to 1,000 elements, and for n elements that differ in fewer than 500,000 / n.</summary>
    public const int CellsMax = 1 << 20;

    /// <summary>The largest table for which maps are compared member by member to find the likest pairs: a hundred elements by a hundred.</summary>
    public const int LikenessCellsMax = 10_000;

    // A cost is three counts in one number, the weightiest first: edits, replacements that do not descend, members that differ.
    private const int EditShift = 40;
    private const long Edit = 1L << EditShift;
    private const long Plain = 1L << 28;
    private const long Unreachable = long.MaxValue / 2;

    private readonly IReadOnlyList<AttributeValue> before;
    private readonly IReadOnlyList<AttributeValue> after;
    private readonly int[] beforeClass;
    private readonly int[] afterClass;
    private readonly IReadOnlyDictionary<string, int>[] beforeMembers = [];
    private readonly IReadOnlyDictionary<string, int>[] afterMembers = [];

    private ListEdits(IReadOnlyList<AttributeValue> before, IReadOnlyList<AttributeValue> after)
    {
        this.before = before;
        this.after = after;

        // Equal values share a number, so that the table compares numbers.
        var classes = new Dictionary<AttributeValue, int>();
        beforeClass = [.. before.Select(ClassOf)];
        afterClass = [.. after.Select(ClassOf)];
        if ((long)before.Count * after.Count <= LikenessCellsMax)
        {
            beforeMembers = [.. before.Select(MembersOf)];
            afterMembers = [.. after.Select(MembersOf)];
        }

        Dictionary<string, int> MembersOf(AttributeValue value) =>
            value.Members.ToDictionary(member => member.Key, member => ClassOf(member.Value), StringComparer.Ordinal);

        int ClassOf(AttributeValue value)
        {
            if (!classes.TryGetValue(value, out var number))
            {
                number = classes.Count;
                classes.Add(value, number);
            }

            return number;
        }
    }

    /// <summary>The steps from the old list to the new one.</summary>
    public static IReadOnlyList<ListEdit> Between(IReadOnlyList<AttributeValue> before, IReadOnlyList<AttributeValue> after)
    {
        var shorter = Math.Min(before.Count, after.Count);
        var head = 0;
        while (head < shorter && before[head].Equals(after[head]))
        {
            head++;
        }

        var tail = 0;
        while (tail < shorter - head && before[before.Count - 1 - tail].Equals(after[after.Count - 1 - tail]))
        {
            tail++;
        }

        var middle = new ListEdits(Middle(before), Middle(after));
        return [.. Keep(head), .. middle.Fewest() ?? middle.ByPosition(), .. Keep(tail)];

        AttributeValue[] Middle(IReadOnlyList<AttributeValue> list) => [.. list.Skip(head).Take(list.Count - head - tail)];

        static IEnumerable<ListEdit> Keep(int count) => Enumerable.Repeat(ListEdit.Keep, count);
    }

    /// <summary>The fewest edits; null where they are more than the table can find.</summary>
    private List<ListEdit>? Fewest()
    {
        var longer = Math.Max(before.Count, after.Count);
        var isWhole = (before.Count + 1L) * (after.Count + 1L) <= CellsMax;
        var widthMax = isWhole ? longer : ((CellsMax / (before.Count + 1)) - 1) / 2;
        var width = Math.Max(16, Math.Abs(before.Count - after.Count));
        while (isWhole || width <= widthMax)
        {
            // A wider band finds the same way, only slower: every way with as few edits lies within the narrow one.
            width = Math.Min(width, widthMax);
            var table = new Band(before.Count, after.Count, width);
            Fill(table);
            if (table[0, 0] >> EditShift <= width)
            {
                return Walk(table);
            }

            width = width == widthMax ? int.MaxValue : Math.Min(width * 4, widthMax);
        }

        return null;
    }

    /// <summary>Each cell: what it costs to turn the rest of the old list from its row on into the rest of the new one from its column on.</summary>
    private void Fill(Band table)
    {
        for (var i = before.Count; i >= 0; i--)
        {
            for (var j = table.Last(i); j >= table.First(i); j--)
            {
                var isEnd = i == before.Count && j == after.Count;
                table[i, j] = isEnd ? 0 : Math.Min(PairCost(table, i, j), Math.Min(RemoveCost(table, i, j), InsertCost(table, i, j)));
            }
        }
    }

    private List<ListEdit> Walk(Band table)
    {
        var edits = new List<ListEdit>();
        var (i, j) = (0, 0);
        while (i < before.Count || j < after.Count)
        {
            var cost = table[i, j];
            if (cost == PairCost(table, i, j))
            {
                edits.Add(beforeClass[i] == afterClass[j] ? ListEdit.Keep : ListEdit.Replace);
                i++;
                j++;
            }
            else if (cost == RemoveCost(table, i, j))
            {
                edits.Add(ListEdit.Remove);
                i++;
            }
            else
            {
                edits.Add(ListEdit.Insert);
                j++;
            }
        }

        return edits;
    }

    private long PairCost(Band table, int i, int j) =>
        i == before.Count || j == after.Count ? Unreachable : table[i + 1, j + 1] + Weigh(i, j);

    private long RemoveCost(Band table, int i, int j) => i == before.Count ? Unreachable : table[i + 1, j] + Edit;

    private long InsertCost(Band table, int i, int j) => j == after.Count ? Unreachable : table[i, j + 1] + Edit;

    private long Weigh(int i, int j)
    {
        if (beforeClass[i] == afterClass[j])
        {
            return 0;
        }

        return (before[i].Kind, after[j].Kind) switch
        {
            (AttributeKind.M, AttributeKind.M) when beforeMembers.Length > 0 => Edit + Differing(beforeMembers[i], afterMembers[j]),
            (AttributeKind.M, AttributeKind.M) or (AttributeKind.L, AttributeKind.L) => Edit,
            _ => Edit + Plain,
        };
    }

    /// <summary>The names of both maps without those that have equal values in them.</summary>
    private static int Differing(IReadOnlyDictionary<string, int> before, IReadOnlyDictionary<string, int> after)
    {
        var common = before.Keys.Count(after.ContainsKey);
        var equal = before.Count(member => after.TryGetValue(member.Key, out var value) && value == member.Value);
        return before.Count + after.Count - common - equal;
    }

    private List<ListEdit> ByPosition()
    {
        var shorter = Math.Min(before.Count, after.Count);
        return
        [
            .. Enumerable.Range(0, shorter).Select(at => beforeClass[at] == afterClass[at] ? ListEdit.Keep : ListEdit.Replace),
            .. Enumerable.Repeat(ListEdit.Remove, before.Count - shorter),
            .. Enumerable.Repeat(ListEdit.Insert, after.Count - shorter),
        ];
    }

    /// <summary>The part of a table near its diagonal. What lies outside counts as unreachable.</summary>
    private sealed class Band(int rows, int columns, int width)
    {
        private readonly int stride = (int)Math.Min((2L * width) + 1, columns + 1L);
        private readonly long[] cells = new long[(rows + 1L) * Math.Min((2L * width) + 1, columns + 1L)];

        public long this[int i, int j]
        {
            get => j < First(i) || j > Last(i) ? Unreachable : cells[((long)i * stride) + j - First(i)];
            set => cells[((long)i * stride) + j - First(i)] = value;
        }

        public int First(int i) => Math.Clamp(i - width, 0, columns + 1 - stride);

        public int Last(int i) => First(i) + stride - 1;
    }
}
