using System.Buffers.Text;
using System.Text;

namespace Afterimage.Proof;

/// <summary>Reads the leaf of a change as it is written, name by name, which nearly every leaf is. Whatever is otherwise in the least is for a reader of JSON to judge.</summary>
internal static class EntryLeafScan
{
    /// <summary>Reads a leaf.</summary>
    /// <returns>Whether it is of a change and written in the one way.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out long at, out string eid, out long index, out Sha256Hash item, out string op, out string seq)
    {
        (at, eid, index, item, op, seq) = (-1, string.Empty, -1, default, string.Empty, string.Empty);
        var rest = text;
        if (!TryInteger(ref rest, "{\"at\":"u8, out at)
            || !Utf8.TryWord(ref rest, ",\"eid\":\""u8, out var id)
            || !TryInteger(ref rest, ",\"i\":"u8, out index)
            || !Utf8.TryWord(ref rest, ",\"item\":\""u8, out var hash)
            || !Utf8.TryWord(ref rest, ",\"op\":\""u8, out var action)
            || !Utf8.TryWord(ref rest, ",\"seq\":\""u8, out var sequence)
            || !rest.SequenceEqual(",\"t\":\"entry\"}"u8)
            || hash.Length != Sha256Hash.Base64Length)
        {
            return false;
        }

        try
        {
            item = Utf8.Hash(hash);
        }
        catch (FormatException)
        {
            return false;
        }

        (eid, seq) = (Encoding.ASCII.GetString(id), Encoding.ASCII.GetString(sequence));
        op = action.SequenceEqual("MODIFY"u8) ? "MODIFY" : action.SequenceEqual("INSERT"u8) ? "INSERT" : Encoding.ASCII.GetString(action);
        return true;
    }

    // An integer without a sign, a leading zero or a fraction, as JSON has it.
    private static bool TryInteger(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> name, out long value)
    {
        value = -1;
        if (!rest.StartsWith(name) || !Utf8Parser.TryParse(rest[name.Length..], out value, out var length) || value < 0 || value > TreeState.SizeMax)
        {
            return false;
        }

        var isPlain = char.IsAsciiDigit((char)rest[name.Length]) && (length == 1 || rest[name.Length] != (byte)'0');
        rest = rest[(name.Length + length)..];
        return isPlain && rest.Length > 0 && rest[0] == (byte)',';
    }
}
