namespace Afterimage.Streams.Records.Tape;

/// <summary>The names that DynamoDB has for the types of values.</summary>
internal static class KindNames
{
    /// <summary>The type of this name; what is not one is <see cref="TapeKind.Element"/>, which no value's type is.</summary>
    public static TapeKind KindOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => KindOf(name[0]),
        2 when name[1] == 'S' => name[0] switch
        {
            (byte)'S' => TapeKind.SS,
            (byte)'N' => TapeKind.NS,
            (byte)'B' => TapeKind.BS,
            _ => TapeKind.Element,
        },
        4 when name.SequenceEqual("BOOL"u8) => TapeKind.BOOL,
        4 when name.SequenceEqual("NULL"u8) => TapeKind.NULL,
        _ => TapeKind.Element,
    };

    /// <summary>The type of a name of one letter.</summary>
    public static TapeKind KindOf(byte letter) => letter switch
    {
        (byte)'S' => TapeKind.S,
        (byte)'N' => TapeKind.N,
        (byte)'B' => TapeKind.B,
        (byte)'M' => TapeKind.M,
        (byte)'L' => TapeKind.L,
        _ => TapeKind.Element,
    };
}
