using System.Text.Encodings.Web;

namespace Afterimage.Entries.Raw;

/// <summary>UTF-8 text that grows at its end, and is emptied and used again.</summary>
internal sealed class ByteBuffer
{
    private const int ChunkMax = 4096;

    private byte[] bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => bytes.AsMemory(0, Length);

    /// <summary>Forgets what was written behind this length.</summary>
    public void Truncate(int length) => Length = length;

    public void Append(byte value)
    {
        if (Length == bytes.Length)
        {
            Grow(1);
        }

        bytes[Length++] = value;
    }

    public void Append(ReadOnlySpan<byte> text)
    {
        if (bytes.Length - Length < text.Length)
        {
            Grow(text.Length);
        }

        text.CopyTo(bytes.AsSpan(Length));
        Length += text.Length;
    }

    /// <summary>A place for so many bytes, which are written at once.</summary>
    public Span<byte> Take(int length)
    {
        if (bytes.Length - Length < length)
        {
            Grow(length);
        }

        Length += length;
        return bytes.AsSpan(Length - length, length);
    }

    /// <summary>Writes a byte and a text behind it.</summary>
    public void Append(byte first, ReadOnlySpan<byte> text)
    {
        if (bytes.Length - Length <= text.Length)
        {
            Grow(text.Length + 1);
        }

        bytes[Length] = first;
        text.CopyTo(bytes.AsSpan(Length + 1));
        Length += text.Length + 1;
    }

    /// <summary>Writes once more what stands at a place.</summary>
    public void AppendCopy(int from, int length)
    {
        var target = Take(length);
        bytes.AsSpan(from, length).CopyTo(target);
    }

    /// <summary>Writes over a byte.</summary>
    public void Replace(int at, byte value) => bytes[at] = value;

    /// <summary>Writes an integer.</summary>
    public void Append(long value)
    {
        Span<byte> digits = stackalloc byte[20];
        _ = value.TryFormat(digits, out var length, default, System.Globalization.CultureInfo.InvariantCulture);
        Append(digits[..length]);
    }

    /// <summary>Writes a length: seven bits a byte, the lowest first.</summary>
    public void AppendLength(int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Append((byte)(value | 0x80));
        }

        Append((byte)value);
    }

    /// <summary>Writes what System.Text.Json's writer would between the quotes of a string.</summary>
    public void AppendEscaped(ReadOnlySpan<byte> text, JavaScriptEncoder encoder)
    {
        var first = encoder.FindFirstCharacterToEncodeUtf8(text);
        if (first < 0)
        {
            Append(text);
            return;
        }

        Append(text[..first]);
        for (var rest = text[first..]; rest.Length > 0;)
        {
            // At most six bytes for one; what does not fit comes in the next round.
            var target = Take(Math.Min(rest.Length * 6, ChunkMax));
            _ = encoder.EncodeUtf8(rest, target, out var read, out var written);
            Length -= target.Length - written;
            rest = rest[read..];
        }
    }

    private void Grow(int more) => Array.Resize(ref bytes, (int)Math.Min(Array.MaxLength, Math.Max(bytes.Length * 2L, Length + (long)more)));
}
