using System.Security.Cryptography;
using System.Text;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Entries;

/// <summary>
/// An entry's id: 26 characters of Crockford's base32 in lower case, a pure function of what the entry stands for, so that a worker,
/// a Lambda function and a repeat after a crash all give the same one.
/// </summary>
public readonly record struct EntryId(string Value)
{
    /// <summary>The number of characters: 16 bytes are 128 bits, and two zero bits fill the last character.</summary>
    public const int Length = 26;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>The id of a change of one item.</summary>
    /// <param name="streamArn">The stream that delivered it.</param>
    /// <param name="keys">The item's key, numbers as delivered.</param>
    /// <param name="sequenceNumber">The record's sequence number; leading zeros do not count.</param>
    /// <exception cref="FormatException">The sequence number is not made of digits.</exception>
    public static EntryId OfChange(string streamArn, AttributeMap keys, string sequenceNumber)
    {
        if (sequenceNumber.Length == 0 || sequenceNumber.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            throw new FormatException($"'{sequenceNumber}' is not a sequence number.");
        }

        var digits = sequenceNumber.TrimStart('0') is { Length: > 0 } significant ? significant : "0";
        return Of(streamArn, CanonicalText.Of(keys), digits);
    }

    /// <summary>The id of a change that was committed with an intent, in a table without a stream.</summary>
    /// <param name="tableArn">The table.</param>
    /// <param name="keys">The item's key.</param>
    /// <param name="nonce">The intent's name: the stamp's nonce, and for a removal that of the mark with <c>/REMOVE</c> behind it.</param>
    public static EntryId OfTransaction(string tableArn, AttributeMap keys, string nonce) => Of("tx", tableArn, CanonicalText.Of(keys), nonce);

    /// <summary>The id of a record that could not be read.</summary>
    /// <param name="streamArn">The stream that delivered it.</param>
    /// <param name="raw">Every byte of the record.</param>
    public static EntryId OfUnreadable(string streamArn, ReadOnlySpan<byte> raw) =>
        Of("raw", streamArn, Convert.ToHexStringLower(SHA256.HashData(raw)));

    /// <summary>The id of a gap.</summary>
    /// <param name="streamArn">The stream.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="last">The last sequence number kept before it; null where nothing was.</param>
    /// <param name="cause">Why something is missing.</param>
    public static EntryId OfGap(string streamArn, string shard, SequenceNumber? last, GapCause cause) =>
        Of("gap", streamArn, shard, last?.Digits ?? string.Empty, EntryWords.Of(cause));

    /// <summary>The id of what became of a stream.</summary>
    /// <param name="table">The table.</param>
    /// <param name="streamArn">The stream.</param>
    /// <param name="what">What became of it.</param>
    public static EntryId OfLifecycle(string table, string streamArn, LifecycleEvent what) => Of("lifecycle", table, streamArn, EntryWords.Of(what));

    /// <summary>
    /// Reads an id as a person may have typed it: in either case, with <c>i</c> or <c>l</c> for one and <c>o</c> for zero.
    /// </summary>
    /// <returns>Whether the text is an id; <paramref name="id"/> is then in the one form that entries carry.</returns>
    public static bool TryParse(string? text, out EntryId id)
    {
        id = default;
        if (text is not { Length: Length })
        {
            return false;
        }

        var canonical = string.Create(Length, text, static (characters, typed) =>
        {
            for (var at = 0; at < characters.Length; at++)
            {
                characters[at] = typed[at] switch
                {
                    'i' or 'I' or 'l' or 'L' => '1',
                    'o' or 'O' => '0',
                    >= 'A' and <= 'Z' => (char)(typed[at] | 0x20),
                    _ => typed[at],
                };
            }
        });

        // The last character carries three bits of the hash and the two zeros, so only every fourth one can stand there.
        if (!canonical.All(Alphabet.Contains) || Alphabet.IndexOf(canonical[^1], StringComparison.Ordinal) % 4 != 0)
        {
            return false;
        }

        id = new EntryId(canonical);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static EntryId Of(params ReadOnlySpan<string> lines)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines!)));
        var text = new StringBuilder(Length);
        for (var bit = 0; bit < Length * 5; bit += 5)
        {
            text.Append(Alphabet[FiveBits(hash.AsSpan(0, 16), bit)]);
        }

        return new EntryId(text.ToString());
    }

    private static int FiveBits(ReadOnlySpan<byte> bytes, int from)
    {
        var value = 0;
        for (var bit = from; bit < from + 5; bit++)
        {
            var isSet = bit < bytes.Length * 8 && (bytes[bit / 8] & (0x80 >> (bit % 8))) != 0;
            value = (value << 1) | (isSet ? 1 : 0);
        }

        return value;
    }
}
