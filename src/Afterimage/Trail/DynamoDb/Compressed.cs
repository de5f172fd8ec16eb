using System.IO.Compression;
using Afterimage.Entries.Raw;
using Afterimage.Trail.Bodies;

namespace Afterimage.Trail.DynamoDb;

/// <summary>Bytes that are kept shorter where they can be: their length, and they themselves, compressed if that is shorter.</summary>
internal static class Compressed
{
    // The fastest: the next ones take several times as long for a tenth less.
    private const int Quality = 1;
    private const int WindowBits = 18;

    public static byte[] Of(ReadOnlySpan<byte> content)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        var isShorter = BrotliEncoder.TryCompress(content, packed, out var written, Quality, WindowBits) && written < content.Length;
        var buffer = new ByteBuffer();
        buffer.AppendLength(content.Length);
        buffer.Append(isShorter ? packed.AsSpan(0, written) : content);
        return buffer.Written.ToArray();
    }

    /// <summary>The bytes again.</summary>
    /// <exception cref="FormatException">They were not kept so.</exception>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> kept)
    {
        var cursor = new BodyCursor(kept);
        var length = cursor.Length();
        var content = cursor.Rest();
        if (content.Length == length)
        {
            return content;
        }

        var expanded = new byte[length];
        return BrotliDecoder.TryDecompress(content.Span, expanded, out var written) && written == length
            ? expanded
            : throw new FormatException($"{content.Length} compressed bytes do not expand to {length}.");
    }
}
