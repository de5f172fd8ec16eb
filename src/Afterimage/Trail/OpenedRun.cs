namespace Afterimage.Trail;

/// <summary>A run that was taken apart. It is used for one run after another, and its parts hold until the next: memory for each would cost more than to read it.</summary>
public sealed class OpenedRun
{
    /// <summary>The texts of the leaves.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Texts => TextParts.Parts;

    /// <summary>The bodies of their entries; a leaf without an entry has an empty one.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Bodies => BodyParts.Parts;

    internal OpenedParts TextParts { get; } = new();

    internal OpenedParts BodyParts { get; } = new();
}

/// <summary>Parts of one kind, and the room that they lie in.</summary>
internal sealed class OpenedParts
{
    private byte[] room = [];

    /// <summary>The parts.</summary>
    public List<ReadOnlyMemory<byte>> Parts { get; } = [];

    /// <summary>Room for so many bytes. What lay there before is gone.</summary>
    public Memory<byte> Room(int length)
    {
        if (room.Length < length)
        {
            room = GC.AllocateUninitializedArray<byte>(Math.Max(length, (int)Math.Min(2L * room.Length, Array.MaxLength)));
        }

        return room.AsMemory(0, length);
    }
}
