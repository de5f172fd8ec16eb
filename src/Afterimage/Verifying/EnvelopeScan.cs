using System.Buffers.Text;
using Afterimage.Proof;

namespace Afterimage.Verifying;

/// <summary>Finds the view in an envelope that is written as nearly every one is. Whatever is otherwise in the least is for a reader of JSON to judge.</summary>
internal static class EnvelopeScan
{
    /// <summary>Finds the view's name.</summary>
    /// <returns>Whether the envelope has every member in the one way, and none besides.</returns>
    public static bool TryView(ReadOnlySpan<byte> envelope, out ReadOnlySpan<byte> view)
    {
        var rest = envelope;
        return Utf8.TryWord(ref rest, "{\"eventId\":\""u8, out view)
            && Utf8.TryWord(ref rest, ",\"eventVersion\":\""u8, out view)
            && Utf8.TryWord(ref rest, ",\"region\":\""u8, out view)
            && TrySize(ref rest)
            && Utf8.TryWord(ref rest, ",\"view\":\""u8, out view)
            && rest is [(byte)'}'];
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
