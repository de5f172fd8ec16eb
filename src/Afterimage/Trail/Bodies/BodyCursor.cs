namespace Afterimage.Trail.Bodies;

/// <summary>A place in bytes that were kept. Whatever does not fit into them is an error, never a guess.</summary>
internal ref struct BodyCursor(ReadOnlyMemory<byte> bytes)
{
    private const int LengthBytesMax = 5;

    private readonly ReadOnlyMemory<byte> bytes = bytes;
    private readonly ReadOnlySpan<byte> span = bytes.Span;

    /// <summary>The next byte to be read.</summary>
    public int At { get; private set; }

    /// <summary>Whether everything was read.</summary>
    public readonly bool IsAtEnd => At == span.Length;

    /// <summary>Takes one byte.</summary>
    public byte Byte() => At < span.Length ? span[At++] : throw TooShort(1);

    /// <summary>Takes so many bytes.</summary>
    /// <exception cref="FormatException">There are fewer.</exception>
    public ReadOnlyMemory<byte> Bytes(int length)
    {
        if (length < 0 || length > span.Length - At)
        {
            throw TooShort(length);
        }

        var taken = bytes.Slice(At, length);
        At += length;
        return taken;
    }

    /// <summary>Takes a length and so many bytes.</summary>
    public ReadOnlyMemory<byte> Text() => Bytes(Length());

    /// <summary>Takes what is left.</summary>
    public ReadOnlyMemory<byte> Rest() => Bytes(span.Length - At);

    /// <summary>Takes a length: seven bits a byte, the lowest first.</summary>
    public int Length()
    {
        var value = 0L;
        for (var shift = 0; shift < LengthBytesMax * 7; shift += 7)
        {
            var next = Byte();
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value <= int.MaxValue ? (int)value : throw new FormatException($"{value} is no length.");
            }
        }

        throw new FormatException("A length has no end.");
    }

    private readonly FormatException TooShort(int length) => new($"What is kept of an entry ends at {span.Length} bytes, within a part of {length} that begins at {At}.");
}
