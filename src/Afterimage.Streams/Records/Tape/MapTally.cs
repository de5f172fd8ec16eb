namespace Afterimage.Streams.Records.Tape;

/// <summary>What is known of a map's members as they are read.</summary>
internal struct MapTally(RecordTape tape)
{
    private int last = -1;
    private ulong lastKey;
    private bool isCanonical = true;
    private int length;

    /// <summary>How many members there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether each name comes behind the one before.</summary>
    public bool IsSorted { get; private set; } = true;

    /// <summary>Counts a member, which is read.</summary>
    public void Add(int member)
    {
        ref var node = ref tape[member];
        IsSorted &= node.NameKey > lastKey || last < 0 || (node.NameKey == lastKey && tape.CompareNames(last, member) < 0);
        isCanonical &= node.IsCanonical & node.Name.IsPlain;
        length += node.Name.Length + 4 + node.End - node.Start;
        last = member;
        lastKey = node.NameKey;
        Count++;
    }

    /// <summary>Says of a map what its members are: text that is longer than they are holds space.</summary>
    public readonly void Close(ref TapeNode map, int wrap)
    {
        map.IsCanonical = isCanonical && IsSorted && map.End - map.Start == length + wrap + (Count == 0 ? 2 : 1);
    }
}
