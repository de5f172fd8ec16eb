using System.Text;

namespace Afterimage.Proof;

/// <summary>Reads text and base64 in the one way each has of being written: what two readers could take differently proves nothing.</summary>
internal static class Utf8
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text.</summary>
    /// <exception cref="FormatException">The bytes are not UTF-8.</exception>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException("These bytes are not UTF-8.", e);
        }
    }

    /// <summary>The bytes that base64 with padding stands for.</summary>
    /// <exception cref="FormatException">It is not, or is not written in the one way.</exception>
    public static byte[] Base64(string text)
    {
        var bytes = new byte[System.Buffers.Text.Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Convert.TryFromBase64String(text, bytes, out var written) && Convert.ToBase64String(bytes.AsSpan(0, written)) == text
            ? bytes[..written]
            : throw new FormatException($"'{Start(text)}' is not base64.");
    }

    /// <summary>The hash that base64 stands for.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Sha256Hash Hash(string text) => Sha256Hash.Read(Base64(text));

    /// <summary>The hash that base64 stands for, without a text in between.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Sha256Hash Hash(ReadOnlySpan<byte> text)
    {
        Span<byte> bytes = stackalloc byte[Sha256Hash.Size];
        Span<byte> written = stackalloc byte[Sha256Hash.Base64Length];
        var isHash = System.Buffers.Text.Base64.DecodeFromUtf8(text, bytes, out _, out var length) == System.Buffers.OperationStatus.Done && length == Sha256Hash.Size;
        var hash = isHash ? Sha256Hash.Read(bytes) : throw new FormatException("A hash is base64 of 32 bytes.");
        hash.WriteBase64(written);
        return written.SequenceEqual(text) ? hash : throw new FormatException("Base64 is written in one way.");
    }

    private static string Start(string text) => text.Length <= 60 ? text : $"{text[..60]}…";

    /// <summary>Takes a name, as it is written before a string, and the string behind it with its closing quote.</summary>
    /// <param name="rest">What is left of the text; it goes on behind the string.</param>
    /// <param name="name">The name with its quotes, the colon and the string's opening quote.</param>
    /// <param name="word">The string.</param>
    /// <returns>Whether the name stands there and the string is of ASCII without anything to escape.</returns>
    public static bool TryWord(scoped ref ReadOnlySpan<byte> rest, scoped ReadOnlySpan<byte> name, out ReadOnlySpan<byte> word)
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
}
