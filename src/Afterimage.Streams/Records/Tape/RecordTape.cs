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

    /// <summary>Reads a record; its bytes are copied.</summary>
    /// <returns>Whether the tape holds it.</returns>
    public bool TryRead(ReadOnlySpan<byte> raw)
    {
        Clear(raw);
        return Utf8.IsValid(raw) && EnvelopeScanner.TryScan(this, raw);
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

    internal int Add(TapeText name)
    {
        if (Count == nodes.Length)
        {
            Array.Resize(ref nodes, Count * 2);
        }

        ref var node = ref nodes[Count];
        node = default;
        node.Name = name;
        node.NameKey = name.IsPresent ? Utf16Order.Key(bytes.AsSpan(name.At), name.Length, name.IsPlain) : 0;
        return Count++;
    }

    internal ref TapeNode this[int node] => ref nodes[node];

    /// <summary>Where unescaped text goes: there is always room, since no text is longer unescaped.</summary>
    internal Span<byte> Free => bytes.AsSpan(end);

    internal TapeText Take(int length)
    {
        var text = new TapeText(end, length, IsPlain: false);
        end += length;
        return text;
    }

    /// <summary>Sorts the members of a map or the elements of a set.</summary>
    /// <returns>Whether they came sorted.</returns>
    internal bool Sort(int node)
    {
        ref var parent = ref nodes[node];
        if (ordered + parent.Count > order.Length)
        {
            Array.Resize(ref order, Math.Max(order.Length * 2, ordered + parent.Count));
        }

        parent.Order = ordered;
        for (var child = node + 1; child < parent.Next; child = nodes[child].Next)
        {
            order[ordered++] = child;
        }

        var children = order.AsSpan(parent.Order, parent.Count);
        return parent.Kind == TapeKind.M ? members.Sort(this, children) : SortElements(children);
    }

    /// <summary>Compares the names of two members.</summary>
    internal int CompareNames(int left, int right)
    {
        var (leftKey, rightKey) = (nodes[left].NameKey, nodes[right].NameKey);
        return leftKey == rightKey ? Utf16Order.Compare(Name(left), Name(right)) : leftKey < rightKey ? -1 : 1;
    }

    private bool SortElements(Span<int> elements)
    {
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

    private void Clear(ReadOnlySpan<byte> raw)
    {
        if (bytes.Length < (raw.Length * 2L) + Utf16Order.KeySize)
        {
            bytes = new byte[Math.Max((raw.Length * 2) + Utf16Order.KeySize, bytes.Length * 2)];
        }

        raw.CopyTo(bytes);
        Envelope.Clear();
        end = raw.Length;
        Count = 0;
        ordered = 0;
    }
}
