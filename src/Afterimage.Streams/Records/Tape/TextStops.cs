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
    /// <summary>The bytes that one word of bits stands for; texts are padded to a multiple of it.</summary>
    public const int Block = 64;

    private ulong[] words = new ulong[128];

    /// <summary>Finds the stops of a text whose length is a multiple of <see cref="Block"/> and whose last byte is one.</summary>
    public void Find(ReadOnlySpan<byte> text)
    {
        if (words.Length < text.Length / Block)
        {
            words = new ulong[text.Length / Block * 2];
        }

        for (var word = 0; text.Length >= Block; word++)
        {
            words[word] = StopsOf(Vector512.Create(text[..Block]));
            text = text[Block..];
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

    // As signed bytes, what is not ASCII is below the controls.
    private static ulong StopsOf(Vector512<byte> block) =>
        (Vector512.LessThan(block.AsSByte(), Vector512.Create((sbyte)0x20)).AsByte()
            | Vector512.Equals(block, Vector512.Create((byte)0x7F))
            | Vector512.Equals(block, Vector512.Create((byte)'"'))
            | Vector512.Equals(block, Vector512.Create((byte)'\\'))).ExtractMostSignificantBits();
}
