namespace Afterimage.Proof;

/// <summary>What the leaf of a gap says.</summary>
internal readonly ref struct GapText
{
    /// <summary>Why something is missing: a word.</summary>
    public required ReadOnlySpan<byte> Cause { get; init; }

    /// <summary>How sure it is that something is: a word.</summary>
    public required ReadOnlySpan<byte> Certainty { get; init; }

    /// <summary>The last sequence number kept before it; empty where nothing was.</summary>
    public ReadOnlySpan<byte> Last { get; init; }

    /// <summary>The next one that was seen; empty where none was.</summary>
    public ReadOnlySpan<byte> Next { get; init; }

    /// <summary>The canonical text of the stream before this one, with quotes; empty unless the gap lies between the two.</summary>
    public ReadOnlySpan<byte> Previous { get; init; }

    /// <summary>How long these are together.</summary>
    public int Length => Cause.Length + Certainty.Length + Last.Length + Next.Length + Previous.Length;
}
