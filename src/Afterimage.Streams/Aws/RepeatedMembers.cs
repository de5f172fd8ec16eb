namespace Afterimage.Streams.Aws;

/// <summary>
/// Where the members of an image begin, and of the one before it in the same record. The two are mostly the same from one changed attribute to the
/// next: what was read in the one need not be read again in the other.
/// </summary>
internal ref struct RepeatedMembers(ReadOnlySpan<byte> text, Span<int> buffer)
{
    /// <summary>The numbers that the buffer has room for; of an image with more members, only the first are known.</summary>
    public const int BufferSize = 512;

    private readonly ReadOnlySpan<byte> text = text;
    private Span<int> starts = buffer[..(BufferSize / 2)];
    private Span<int> known = buffer[(BufferSize / 2)..];
    private int count;
    private int knownCount;
    private int next;

    /// <summary>Begins an image: the one before is what is known.</summary>
    public void Begin()
    {
        var free = known;
        known = starts;
        starts = free;
        (knownCount, count, next) = (count, 0, 0);
    }

    /// <summary>How many bytes from a member's beginning on are whole members of the image before.</summary>
    public int Repeated(int at)
    {
        Add(at);
        var first = next++;
        if (first >= knownCount - 1)
        {
            return 0;
        }

        // The comma or brace behind the last of them is not one of the bytes: what comes instead of it here may still belong to the value.
        var from = known[first];
        var same = text[at..].CommonPrefixLength(text[from..(known[knownCount - 1] - 1)]);
        while (next < knownCount && known[next] - 1 - from <= same)
        {
            next++;
        }

        next--;
        for (var member = first + 1; member < next; member++)
        {
            Add(at + known[member] - from);
        }

        var length = known[next] - 1 - from;
        next = Math.Max(next, first + 1);
        return Math.Max(length, 0);
    }

    /// <summary>Ends an image, at the place behind its brace: where another member would begin if the brace were a comma.</summary>
    public void End(int at) => Add(at);

    private void Add(int at)
    {
        if (count < starts.Length)
        {
            starts[count++] = at;
        }
    }
}
