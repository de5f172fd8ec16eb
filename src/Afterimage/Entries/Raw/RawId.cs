using Afterimage.Proof;

namespace Afterimage.Entries.Raw;

/// <summary>An entry's id as bytes, made without a string.</summary>
internal static class RawId
{
    /// <summary>The number of bytes of the hash that an id holds.</summary>
    public const int Size = 16;

    // What each character stands for: characters of an id come in no order that a processor could learn.
    private static readonly byte[] Digits = DigitsOf(Alphabet);

    private static ReadOnlySpan<byte> Alphabet => "0123456789abcdefghjkmnpqrstvwxyz"u8;

    /// <summary>Hashes what an id stands for.</summary>
    public static void Hash(ReadOnlySpan<byte> lines, Span<byte> id) => Sha256Hash.Of(lines).Bytes[..Size].CopyTo(id);

    /// <summary>Writes the 26 characters of an id.</summary>
    public static void Write(ReadOnlySpan<byte> id, Span<byte> text)
    {
        var alphabet = Alphabet;
        var bits = 0;
        var (value, at) = (0, 0);
        foreach (var next in id)
        {
            value = ((value << 8) | next) & 0xFFFF;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[at++] = alphabet[(value >> bits) & 31];
            }
        }

        // Three bits are left over; two zeros fill the last character.
        text[at] = alphabet[(value << (5 - bits)) & 31];
    }

    /// <summary>Reads the bytes of an id.</summary>
    public static void Read(EntryId entryId, Span<byte> id)
    {
        var (value, bits, at) = (0, 0, 0);
        foreach (var character in entryId.Value)
        {
            value = ((value << 5) | Digits[character & 0x7F]) & 0xFFFF;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                id[at++] = (byte)(value >> bits);
            }
        }
    }

    private static byte[] DigitsOf(ReadOnlySpan<byte> alphabet)
    {
        var digits = new byte[128];
        for (var digit = 0; digit < alphabet.Length; digit++)
        {
            digits[alphabet[digit]] = (byte)digit;
        }

        return digits;
    }
}
