using System.Runtime.InteropServices;

namespace Afterimage.Streams.Records.Tape;

/// <summary>The types of DynamoDB, and the elements of sets.</summary>
internal enum TapeKind : byte
{
    S,
    N,
    B,
    BOOL,
    NULL,
    SS,
    NS,
    BS,
    M,
    L,
    Element,
}

/// <summary>A string on a tape: unescaped UTF-8.</summary>
/// <remarks>Held in one number, so that it goes through registers wherever it is handed on.</remarks>
internal readonly record struct TapeText
{
    private readonly ulong bits;

    /// <summary>A string that is there.</summary>
    public TapeText(int at, int length, bool isPlain) => bits = ((ulong)(uint)at << 32) | ((uint)length << 1) | (isPlain ? 1u : 0);

    /// <summary>Where it begins; zero where there is none, since a record begins with a brace.</summary>
    public int At => (int)(bits >> 32);

    /// <summary>Its length in bytes.</summary>
    public int Length => (int)((uint)bits >> 1);

    /// <summary>Whether it is printable ASCII without quote and backslash, which every writer of JSON leaves as it is.</summary>
    public bool IsPlain => (bits & 1) != 0;

    public bool IsPresent => At > 0;
}

/// <summary>A value on a tape. What lies within it follows it.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct TapeNode
{
    /// <summary>
    /// Where the value's own text begins, brace and type included; for an item, where the item's does. An attribute that both images have byte
    /// by byte is the same slice in both.
    /// </summary>
    public int Start;

    /// <summary>Where it ends.</summary>
    public int End;

    /// <summary>The node behind it and all that lies within it.</summary>
    public int Next;

    /// <summary>For a map or set: where the sorted numbers of its nodes begin.</summary>
    public int Order;

    /// <summary>The number of members or elements.</summary>
    public int Count;

    /// <summary>Its name, if it is a member of a map.</summary>
    public TapeText Name;

    /// <summary>The beginning of the name, as <see cref="Utf16Order.Key"/> orders it.</summary>
    public ulong NameKey;

    /// <summary>The text of a scalar.</summary>
    public TapeText Text;

    public TapeKind Kind;

    /// <summary>Whether its name is plain and has no space around it.</summary>
    public readonly bool IsNameTidy => Name.IsPlain && Start == Name.At + Name.Length + 2;

    /// <summary>Whether its bytes are its canonical text: no needless space, plain strings, names and the elements of sets sorted.</summary>
    public bool IsCanonical;
}
