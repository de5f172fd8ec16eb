using System.Text.Unicode;

namespace Afterimage.Streams.Records.Tape;

/// <summary>
/// One record, read in one walk: the members of its envelope and every value of its keys and images as slices of one buffer.
/// A tape is used again for the next record, so that nothing is allocated once its buffers fit.
/// </summary>
/// <remarks>
/// It refuses more than <see cref="StreamRecord.Read"/> does: whatever never comes from DynamoDB, such as escaped type names, is left to that.
/// What it accepts, both read alike. After a refusal its contents mean nothing.
/// </remarks>
internal sealed class RecordTape
{
    private readonly Comparison<int> byText;
    private readonly MemberOrder members = new();
    private byte[] bytes = new byte[8192];
    private TapeNode[] nodes = new TapeNode[256];
    private int[] order = new int[256];
    private int end;
    private int ordered;

    public RecordTape() => byText = (left, right) => Utf16Order.Compare(Text(left), Text(right));

    /// <summary>The number of nodes.</summary>
    public int Count { get; private set; }

    /// <summary>The members of the record's envelope.</summary>
    public RecordEnvelope Envelope { get; } = new();

    /// <summary>The values, each followed by what lies within it.</summary>
    public ReadOnlySpan<TapeNode> Nodes => nodes.AsSpan(0, Count);

    /// <summary>Where the strings of the record may end.</summary>
    internal TextStops Stops { get; } = new();

    /// <summary>Reads a record; its bytes are copied.</summary>
    /// <returns>Whether the tape holds it.</returns>
    public bool TryRead(ReadOnlySpan<byte> raw)
    {
        Copy(raw);
        Stops.Find(raw);
        return Utf8.IsValid(raw) && EnvelopeScanner.TryScan(this, new JsonCursor(this, bytes, raw.Length));
    }

    /// <summary>The bytes of a string.</summary>
    public ReadOnlySpan<byte> Bytes(TapeText text) => bytes.AsSpan(text.At, text.Length);

    /// <summary>The bytes of a string, which change with the next record.</summary>
    public ReadOnlyMemory<byte>? Memory(TapeText text) => text.IsPresent ? bytes.AsMemory(text.At, text.Length) : default(ReadOnlyMemory<byte>?);

    /// <summary>The name of a member.</summary>
    public ReadOnlySpan<byte> Name(int node) => Bytes(nodes[node].Name);

    /// <summary>The text of a scalar or element.</summary>
    public ReadOnlySpan<byte> Text(int node) => Bytes(nodes[node].Text);

    /// <summary>The value's text as delivered.</summary>
    public ReadOnlySpan<byte> Raw(int node) => bytes.AsSpan(nodes[node].Start, nodes[node].End - nodes[node].Start);

    /// <summary>The text of a member as delivered, from its name on.</summary>
    public ReadOnlySpan<byte> RawMember(int node)
    {
        var start = nodes[node].Name.At - 1;
        return bytes.AsSpan(start, nodes[node].End - start);
    }

    /// <summary>The members of a map or the elements of a set, sorted by the UTF-16 code units of their names or texts.</summary>
    public ReadOnlySpan<int> Sorted(int node) => order.AsSpan(nodes[node].Order, nodes[node].Count);

    /// <summary>The member of this name; -1 if there is none.</summary>
    public int Find(int map, ReadOnlySpan<byte> name)
    {
        for (var child = map + 1; child < nodes[map].Next; child = nodes[child].Next)
        {
            if (Name(child).SequenceEqual(name))
            {
                return child;
            }
        }

        return -1;
    }

    /// <summary>The element of a list; -1 if it is shorter.</summary>
    public int Find(int list, int index)
    {
        if (index >= nodes[list].Count)
        {
            return -1;
        }

        var child = list + 1;
        for (; index > 0; index--)
        {
            child = nodes[child].Next;
        }

        return child;
    }

    /// <summary>Adds a value that is not known yet.</summary>
    internal int Add(TapeText name)
    {
        ref var node = ref NextNode();
        node = default;
        node.Name = name;
        node.NameKey = KeyOf(name);
        return Count - 1;
    }

    /// <summary>Adds a value with nothing within it.</summary>
    internal void Add(TapeText name, TapeKind kind, TapeText text, int start, int stop)
    {
        ref var node = ref NextNode();
        node.Start = start;
        node.End = stop;
        node.Next = Count;
        node.Order = 0;
        node.Count = 0;
        node.Name = name;
        node.NameKey = KeyOf(name);
        node.Text = text;
        node.Kind = kind;
        node.IsCanonical = true;
    }

    /// <summary>Adds a value and all that lies within it once more, as what stands elsewhere in the record byte by byte.</summary>
    internal void AddCopy(int twin)
    {
        var shift = Count - twin;
        for (var stop = nodes[twin].Next; twin < stop; twin++)
        {
            ref var node = ref NextNode();
            node = nodes[twin];
            node.Next += shift;
            if (node.Kind is TapeKind.M or TapeKind.SS or TapeKind.NS or TapeKind.BS)
            {
                CopyOrder(ref node, shift);
            }
        }
    }

    internal ref TapeNode this[int node] => ref nodes[node];

    /// <summary>Where unescaped text goes: there is always room, since no text is longer unescaped.</summary>
    internal Span<byte> Free => bytes.AsSpan(end);

    internal TapeText Take(int length)
    {
        var text = new TapeText(end, length, isPlain: false);
        end += length;
        return text;
    }

    /// <summary>Sorts the members of a map.</summary>
    /// <returns>False if a name comes twice.</returns>
    internal bool TrySortMembers(int map, bool cameSorted)
    {
        var children = ListChildren(map);
        return cameSorted || members.TrySort(this, children);
    }

    /// <summary>Sorts the elements of a set.</summary>
    /// <returns>Whether they came sorted.</returns>
    internal bool SortElements(int set)
    {
        var elements = ListChildren(set);
        for (var at = 1; at < elements.Length; at++)
        {
            if (byText(elements[at - 1], elements[at]) > 0)
            {
                elements.Sort(byText);
                return false;
            }
        }

        return true;
    }

    /// <summary>Compares the names of two members.</summary>
    internal int CompareNames(int left, int right)
    {
        var (leftKey, rightKey) = (nodes[left].NameKey, nodes[right].NameKey);
        return leftKey == rightKey ? Utf16Order.Compare(Name(left), Name(right)) : leftKey < rightKey ? -1 : 1;
    }

    private ulong KeyOf(TapeText name) => name.IsPresent ? Utf16Order.Key(bytes.AsSpan(name.At), name.Length, name.IsPlain) : 0;

    private ref TapeNode NextNode()
    {
        if (Count == nodes.Length)
        {
            Array.Resize(ref nodes, Count * 2);
        }

        return ref nodes[Count++];
    }

    private Span<int> ListChildren(int parent)
    {
        ref var node = ref nodes[parent];
        var children = TakeOrder(ref node);
        for (var (child, at) = (parent + 1, 0); at < children.Length; at++)
        {
            children[at] = child;
            child = nodes[child].Next;
        }

        return children;
    }

    private void CopyOrder(ref TapeNode node, int shift)
    {
        var twins = node.Order;
        var children = TakeOrder(ref node);
        for (var at = 0; at < children.Length; at++)
        {
            children[at] = order[twins + at] + shift;
        }
    }

    /// <summary>A place for the numbers of a node's children.</summary>
    private Span<int> TakeOrder(ref TapeNode node)
    {
        if (ordered + node.Count > order.Length)
        {
            Array.Resize(ref order, Math.Max(order.Length * 2, ordered + node.Count));
        }

        node.Order = ordered;
        ordered += node.Count;
        return order.AsSpan(node.Order, node.Count);
    }

    // Behind the record are zeros, and behind them is room for what is unescaped.
    private void Copy(ReadOnlySpan<byte> raw)
    {
        end = raw.Length + JsonCursor.LookAhead;
        var needed = (long)end + raw.Length + Utf16Order.KeySize;
        if (bytes.Length < needed)
        {
            bytes = new byte[Math.Max(needed, bytes.Length * 2L)];
        }

        raw.CopyTo(bytes);
        bytes.AsSpan(raw.Length, end - raw.Length).Clear();
        Envelope.Clear();
        Count = 0;
        ordered = 0;
    }
}
