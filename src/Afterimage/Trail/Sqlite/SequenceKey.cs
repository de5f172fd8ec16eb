using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Afterimage.Streams.Records;

namespace Afterimage.Trail.Sqlite;

/// <summary>
/// Sequence numbers as bytes that sort as the numbers do: the count of bytes, then the integer with its most significant byte first.
/// Forty digits take 18 bytes at most, and an index holds one with every entry.
/// </summary>
internal static class SequenceKey
{
    private const int HalfDigits = 19;
    private const ulong HalfPower = 10_000_000_000_000_000_000;

    /// <summary>Before every number: the place of an entry whose record had none that could be read.</summary>
    public static byte[] None { get; } = [];

    /// <summary>After every number.</summary>
    public static byte[] Beyond { get; } = [byte.MaxValue];

    public static byte[] Of(SequenceNumber number)
    {
        var digits = number.Digits;
        if (digits.Length > 2 * HalfDigits)
        {
            return Of(BigInteger.Parse(digits, CultureInfo.InvariantCulture).ToByteArray(isUnsigned: true, isBigEndian: true));
        }

        var low = Math.Max(0, digits.Length - HalfDigits);
        var value = (new UInt128(0, Half(digits.AsSpan(0, low))) * HalfPower) + Half(digits.AsSpan(low));
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return Of(value == 0 ? bytes[^1..] : bytes.TrimStart((byte)0));
    }

    private static ulong Half(ReadOnlySpan<char> digits) => digits.IsEmpty ? 0 : ulong.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static byte[] Of(ReadOnlySpan<byte> integer) => [(byte)integer.Length, .. integer];
}
