using System.Buffers;
using System.IO.Compression;
using Afterimage.Entries.Raw;
using Afterimage.Trail.Bodies;

namespace Afterimage.Trail.Sqlite;

/// <summary>
/// Leaves that lie beside each other in a shard, compressed together: entries of one table repeat each other's names and values, and alone
/// they compress half as well.
/// </summary>
internal static class Block
{
    // Large enough to compress well, small enough that reading one entry does not take a millisecond.
    private const int LeavesMax = 64;
    private const int LengthMax = 64 * 1024;

    // The fastest; the higher ones take three to ten times as long for a tenth less.
    private const int Quality = 1;
    private const int WindowBits = 18;

    // A block ends behind the leaf that fills it, and a leaf's body has at most two images of 400 KB, some more for salts, and JSON around what could not be read.
    private const int ExpandedMax = 64 * 1024 * 1024;

    /// <summary>Cuts leaves into blocks.</summary>
    public static IEnumerable<PackedBlock> Pack(IReadOnlyList<TrailLeaf> leaves)
    {
        var (texts, bodies) = (new ByteBuffer(), new ByteBuffer());
        var first = 0;
        for (var at = 0; at < leaves.Count; at++)
        {
            Append(texts, leaves[at].Text.Span);
            Append(bodies, leaves[at].Entry is { } entry ? entry.Body.Span : default);
            if (at + 1 == leaves.Count || at + 1 - first == LeavesMax || bodies.Length >= LengthMax)
            {
                yield return new PackedBlock(first, at + 1 - first, Compress(texts.Written), Compress(bodies.Written));
                texts.Truncate(0);
                bodies.Truncate(0);
                first = at + 1;
            }
        }
    }

    /// <summary>Takes the texts of a block's leaves, or their bodies, apart again. A leaf without an entry has an empty body.</summary>
    /// <exception cref="FormatException">This is no part of a block.</exception>
    public static List<ReadOnlyMemory<byte>> Unpack(Packed packed)
    {
        var parts = new OpenedParts();
        Unpack(packed, parts);
        return parts.Parts;
    }

    /// <summary>The same into room that was used before.</summary>
    /// <inheritdoc cref="Unpack(Packed)" path="/exception"/>
    public static void Unpack(Packed packed, OpenedParts into)
    {
        into.Parts.Clear();
        if (packed.Length < packed.Content.Length || packed.Length > ExpandedMax)
        {
            throw new FormatException($"A block of {packed.Content.Length} bytes says that it expands to {packed.Length}.");
        }

        var cursor = new BodyCursor(packed.Content.Length == packed.Length ? packed.Content : Expand(packed.Content, into.Room(packed.Length)));
        while (!cursor.IsAtEnd)
        {
            into.Parts.Add(cursor.Text());
        }
    }

    private static void Append(ByteBuffer content, ReadOnlySpan<byte> part)
    {
        content.AppendLength(part.Length);
        content.Append(part);
    }

    // What does not get shorter stays as it is, which its length tells.
    private static Packed Compress(ReadOnlySpan<byte> content)
    {
        var rented = ArrayPool<byte>.Shared.Rent(content.Length);
        try
        {
            var isShorter = BrotliEncoder.TryCompress(content, rented.AsSpan(0, content.Length), out var written, Quality, WindowBits) && written < content.Length;
            return new Packed(content.Length, isShorter ? rented[..written] : content.ToArray());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static Memory<byte> Expand(ReadOnlySpan<byte> content, Memory<byte> into) =>
        BrotliDecoder.TryDecompress(content, into.Span, out var written) && written == into.Length
            ? into
            : throw new FormatException($"A block of {content.Length} bytes does not expand to {into.Length}.");
}

/// <summary>A block, ready to be written.</summary>
/// <param name="First">The first of its leaves.</param>
/// <param name="Leaves">How many it has.</param>
/// <param name="Texts">Their texts.</param>
/// <param name="Bodies">What is kept of their entries besides.</param>
internal sealed record PackedBlock(int First, int Leaves, Packed Texts, Packed Bodies);

/// <summary>Parts that were put together, each behind its length.</summary>
/// <param name="Length">How long they are.</param>
/// <param name="Content">They, compressed if that is shorter.</param>
internal sealed record Packed(int Length, byte[] Content);
