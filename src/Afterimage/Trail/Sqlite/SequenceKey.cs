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
    /// <summary>Before every number: the place of an entry whose record had none that could be read.</summary>
    public static byte[] None { get; } = [];

    /// <summary>After every number.</summary>
    public static byte[] Beyond { get; } = [byte.MaxValue];

    public static byte[] Of(SequenceNumber number)
    {
        var integer = BigInteger.Parse(number.Digits, CultureInfo.InvariantCulture);
        var key = new byte[integer.GetByteCount(isUnsigned: true) + 1];
        key[0] = (byte)(key.Length - 1);
        return integer.TryWriteBytes(key.AsSpan(1), out _, isUnsigned: true, isBigEndian: true)
            ? key
            : throw new InvalidOperationException($"{number} does not fit into the bytes counted for it.");
    }
}
