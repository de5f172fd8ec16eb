using Afterimage.Entries.Raw;
using Afterimage.Trail.Bodies;

namespace Afterimage.Capture;

/// <summary>
/// The attributes of one change as canonical texts, in the order of their names: of bytes or of values. What is read holds until the next one.
/// </summary>
internal interface IChangeAttributes
{
    /// <summary>The images that the change came with.</summary>
    BodyFlags Flags { get; }

    /// <summary>Where the attribute stands, and whether it is the same wherever it does.</summary>
    BodyAttribute Place { get; }

    /// <summary>Its name, with quotes.</summary>
    ReadOnlySpan<byte> Name { get; }

    /// <summary>Its value before, or in the key where only the key was delivered; empty where there is none.</summary>
    ReadOnlySpan<byte> Before { get; }

    /// <summary>Its value after; empty where there is none.</summary>
    ReadOnlySpan<byte> After { get; }

    /// <summary>Goes back before the first attribute.</summary>
    void Restart();

    /// <summary>Goes on to the next attribute.</summary>
    /// <returns>Whether there is one.</returns>
    bool MoveNext();

    /// <summary>Writes what was delivered of the record's envelope.</summary>
    void AppendEnvelope(ByteBuffer target);
}
