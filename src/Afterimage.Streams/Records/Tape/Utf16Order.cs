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

    // Characters beyond the basic plane (first byte F0 to F4) are surrogates in UTF-16 and so come before U+E000 to U+FFFF (EE and EF).
    private static int Rank(byte value) => value is 0xEE or 0xEF ? value + 0x10 : value;
}
