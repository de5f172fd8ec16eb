using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Afterimage.Streams.Records.Tape;

/// <summary>
/// Where strings may end: a bit for each byte of a text that is not printable ASCII, or is a quote or a backslash. Found for a whole text at
/// once, since that takes fewer steps than to look for the end of each string, most of which are short.
/// </summary>
internal sealed class TextStops
{
    /// <summary>The bytes that one word of bits stands for.</summary>
    public const int Block = 64;

    private ulong[] words = new ulong[128];

    /// <summary>The stops of one block of a text. All that is behind the text's end is one.</summary>
    public static ulong Of(ReadOnlySpan<byte> text, int block)
    {
        var start = block * Block;
        return start + Block <= text.Length ? Of(Vector512.Create(text.Slice(start, Block))) : OfLast(text, start);
    }

    /// <summary>Finds the stops of a text.</summary>
    public void Find(ReadOnlySpan<byte> text)
    {
        var count = (text.Length / Block) + 1;
        if (words.Length < count)
        {
            words = new ulong[count * 2];
        }

        for (var word = 0; word < count; word++)
        {
            words[word] = Of(text, word);
        }
    }

    /// <summary>The first stop at a place or behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(int at)
    {
        var word = (int)((uint)at / Block);
        var bits = words[word] >> (at % Block);
        return bits != 0 ? at + BitOperations.TrailingZeroCount(bits) : NextBehind(word);
    }

    private int NextBehind(int word)
    {
        ulong bits;
        do
        {
            bits = words[++word];
        }
        while (bits == 0);

        return (word * Block) + BitOperations.TrailingZeroCount(bits);
    }

    private static ulong OfLast(ReadOnlySpan<byte> text, int start)
    {
        Span<byte> last = stackalloc byte[Block];
        last.Clear();
        text[Math.Min(start, text.Length)..].CopyTo(last);
        return Of(Vector512.Create((ReadOnlySpan<byte>)last));
    }

    // As signed bytes, what is not ASCII is below the controls.
    private static ulong Of(Vector512<byte> block) =>
        (Vector512.LessThan(block.AsSByte(), Vector512.Create((sbyte)0x20)).AsByte()
            | Vector512.Equals(block, Vector512.Create((byte)0x7F))
            | Vector512.Equals(block, Vector512.Create((byte)'"'))
            | Vector512.Equals(block, Vector512.Create((byte)'\\'))).ExtractMostSignificantBits();
}
