using System.Globalization;
using System.Text;

namespace Afterimage.Proof;

/// <summary>The size and root of a trail's log, as the text that is signed (C2SP tlog-checkpoint, without extension lines).</summary>
/// <param name="Origin">The trail's name.</param>
/// <param name="Size">How many leaves the log has.</param>
/// <param name="Root">Its root.</param>
public sealed record Checkpoint(string Origin, long Size, Sha256Hash Root)
{
    /// <summary>The three lines that are signed, each with its end.</summary>
    public byte[] ToText() => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Root.ToBase64()}\n"));

    /// <summary>Reads the signed text.</summary>
    /// <exception cref="FormatException">It is no checkpoint, or not written in the one way.</exception>
    public static Checkpoint Read(ReadOnlySpan<byte> text)
    {
        var lines = Utf8.Text(text).Split('\n');
        if (lines is not [{ Length: > 0 } origin, var size, var root, ""])
        {
            throw new FormatException("A checkpoint has three lines: the origin, the size and the root.");
        }

        if (!long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var leaves) || leaves > TreeState.SizeMax || leaves.ToString(CultureInfo.InvariantCulture) != size)
        {
            throw new FormatException($"'{size}' is not the size of a log.");
        }

        return new Checkpoint(origin, leaves, Utf8.Hash(root));
    }
}
