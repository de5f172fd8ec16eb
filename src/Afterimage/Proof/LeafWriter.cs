using System.Buffers;
using System.Buffers.Text;

namespace Afterimage.Proof;

/// <summary>Writes the bytes of one leaf into a place that is large enough from the start.</summary>
internal ref struct LeafWriter(IBufferWriter<byte> into, int lengthMax)
{
    private readonly Span<byte> place = into.GetSpan(lengthMax);
    private int length;

    /// <summary>Text that is canonical already.</summary>
    public void Text(ReadOnlySpan<byte> text)
    {
        text.CopyTo(place[length..]);
        length += text.Length;
    }

    /// <summary>An integer, as every reader of JSON keeps it.</summary>
    public void Integer(long value)
    {
        if (value is < 0 or > TreeState.SizeMax)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "Leaves hold integers from 0 to 2^53 - 1.");
        }

        Utf8Formatter.TryFormat(value, place[length..], out var written);
        length += written;
    }

    /// <summary>A word of letters, digits and underscores, in quotes.</summary>
    public void Quoted(ReadOnlySpan<byte> word)
    {
        foreach (var character in word)
        {
            if (!char.IsAsciiLetterOrDigit((char)character) && character != '_')
            {
                throw new ArgumentException($"Letters, digits and underscores need no escape here, and the character {character} is none of them.");
            }
        }

        Text("\""u8);
        Text(word);
        Text("\""u8);
    }

    /// <summary>A word in quotes, or null where there is none.</summary>
    public void QuotedOrNull(ReadOnlySpan<byte> word)
    {
        if (word.IsEmpty)
        {
            Text("null"u8);
        }
        else
        {
            Quoted(word);
        }
    }

    /// <summary>Canonical text, quotes included, or null where there is none.</summary>
    public void TextOrNull(ReadOnlySpan<byte> text) => Text(text.IsEmpty ? "null"u8 : text);

    /// <summary>A hash as base64, in quotes.</summary>
    public void Hash(in Sha256Hash hash)
    {
        Text("\""u8);
        hash.WriteBase64(place[length..]);
        length += Sha256Hash.Base64Length;
        Text("\""u8);
    }

    /// <summary>Hands the text over and hashes it as a leaf.</summary>
    public readonly Sha256Hash Finish()
    {
        var hash = MerkleTree.Leaf(place[..length]);
        into.Advance(length);
        return hash;
    }
}
