using System.Buffers.Binary;

namespace Afterimage.Streams.Records.Tape;

/// <summary>Orders UTF-8 as ordinal comparison orders the same text in UTF-16.</summary>
internal static class Utf16Order
{
    /// <summary>Less than zero if the left text comes first, zero if both are the same.</summary>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var shared = left.CommonPrefixLength(right);
        if (shared == left.Length || shared == right.Length)
        {
            return left.Length - right.Length;
        }

        return Rank(left[shared]) - Rank(right[shared]);
    }

    /// <summary>The bytes that a key is made of, which must be there behind where a text begins.</summary>
    public const int KeySize = sizeof(ulong);

    /// <summary>A number that orders texts by their first eight bytes; of equal numbers it says nothing.</summary>
    /// <param name="text">The text and whatever follows it.</param>
    /// <param name="length">The text's length.</param>
    /// <param name="isPlain">Whether the text is ASCII.</param>
    public static ulong Key(ReadOnlySpan<byte> text, int length, bool isPlain)
    {
        if (isPlain)
        {
            var key = BinaryPrimitives.ReadUInt64BigEndian(text);
            return length >= KeySize ? key : length == 0 ? 0 : key & (ulong.MaxValue << ((KeySize - length) * 8));
        }

        var ranks = 0UL;
        for (var at = 0; at < KeySize; at++)
        {
            ranks = (ranks << 8) | (at < length ? (uint)Rank(text[at]) : 0);
        }

        return ranks;
    }

    // Characters beyond the basic plane (first byte F0 to F4) are surrogates in UTF-16 and so come before U+E000 to U+FFFF (EE and EF).
    private static int Rank(byte value) => value is 0xEE or 0xEF ? value + 0x10 : value;
}
