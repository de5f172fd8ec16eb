using System.Buffers.Text;

namespace Afterimage.Verifying;

/// <summary>Finds the view in an envelope that is written as nearly every one is. Whatever is otherwise in the least is for a reader of JSON to judge.</summary>
internal static class EnvelopeScan
{
    /// <summary>Finds the view's name.</summary>
    /// <returns>Whether the envelope has every member in the one way, and none besides.</returns>
    public static bool TryView(ReadOnlySpan<byte> envelope, out ReadOnlySpan<byte> view)
    {
        var rest = envelope;
        return TryWord(ref rest, "{\"eventId\":\""u8, out view)
            && TryWord(ref rest, ",\"eventVersion\":\""u8, out view)
            && TryWord(ref rest, ",\"region\":\""u8, out view)
            && TrySize(ref rest)
            && TryWord(ref rest, ",\"view\":\""u8, out view)
            && rest is [(byte)'}'];
    }

    private static bool TryWord(scoped ref ReadOnlySpan<byte> rest, scoped ReadOnlySpan<byte> name, out ReadOnlySpan<byte> word)
    {
        word = default;
        if (!rest.StartsWith(name))
        {
            return false;
        }

        var end = rest[name.Length..].IndexOf((byte)'"');
        if (end < 0)
        {
            return false;
        }

        word = rest.Slice(name.Length, end);
        rest = rest[(name.Length + end + 1)..];
        return !word.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !word.Contains((byte)'\\');
    }

    private static bool TrySize(ref ReadOnlySpan<byte> rest)
    {
        var name = ",\"sizeBytes\":"u8;
        if (!rest.StartsWith(name) || !Utf8Parser.TryParse(rest[name.Length..], out long size, out var length) || size <= 0 || rest[name.Length] is < (byte)'1' or > (byte)'9')
        {
            return false;
        }

        rest = rest[(name.Length + length)..];
        return true;
    }
}
