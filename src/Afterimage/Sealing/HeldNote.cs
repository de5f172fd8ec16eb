using System.Globalization;
using Afterimage.Proof;

namespace Afterimage.Sealing;

/// <summary>How a checkpoint lies in a witness: the note as it is, under the size of its log in twenty digits, so that names sort as sizes do.</summary>
internal static class HeldNote
{
    /// <summary>The most bytes a note may have. With the signatures of many it is a few kilobytes.</summary>
    public const int BytesMax = 64 * 1024;

    private const int Digits = 20;

    /// <summary>The name of the checkpoint of this size.</summary>
    public static string NameOf(long size) => size.ToString("D20", CultureInfo.InvariantCulture);

    /// <summary>The size that a name stands for.</summary>
    /// <param name="name">The name.</param>
    /// <param name="witness">The witness's address.</param>
    /// <exception cref="AfterimageException">No checkpoint has such a name.</exception>
    public static long SizeOf(ReadOnlySpan<char> name, string witness) =>
        name.Length == Digits && long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size <= TreeState.SizeMax
            ? size
            : throw new AfterimageException(
                $"The witness {witness} holds '{name}', which is the name of no checkpoint.", "Move away what does not belong to the witness: it holds nothing but checkpoints, each under its size.");

    /// <summary>Reads what is held under a name.</summary>
    /// <exception cref="AfterimageException">It is no checkpoint of this size.</exception>
    public static SignedCheckpoint Read(ReadOnlySpan<byte> note, long size, string witness)
    {
        try
        {
            var held = note.Length <= BytesMax ? SignedCheckpoint.Read(note) : throw new FormatException($"A note has at most {BytesMax} bytes.");
            return held.Checkpoint.Size == size ? held : throw new FormatException($"It is of size {held.Checkpoint.Size}.");
        }
        catch (FormatException e)
        {
            throw new AfterimageException(
                $"What the witness {witness} holds under {NameOf(size)} is not the checkpoint of this size: {e.Message}",
                "Somebody has written to the witness, or its storage is damaged: find out which before anything is changed there.",
                e);
        }
    }
}
