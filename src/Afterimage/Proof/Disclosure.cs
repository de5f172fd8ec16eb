namespace Afterimage.Proof;

/// <summary>
/// One thing that an entry commits to, its envelope or one attribute, as the JSON array that is hashed. Its salt keeps a digest that is
/// shown alone from being guessed.
/// </summary>
internal static class Disclosure
{
    /// <summary>The number of characters of a salt: 16 bytes as base64.</summary>
    public const int SaltLength = 24;

    /// <summary>Where the salt stands in the text.</summary>
    public const int SaltAt = 2;

    private static ReadOnlySpan<byte> Absent => "null"u8;

    /// <summary>How long the text of two values is; an empty span is an absent value.</summary>
    public static int Length(ReadOnlySpan<byte> name, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) =>
        Length(name, OrNull(before)) + 1 + OrNull(after).Length;

    /// <summary>How long the text of one value is.</summary>
    public static int Length(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => SaltAt + SaltLength + 2 + name.Length + 1 + value.Length + 1;

    /// <summary>Writes <c>[salt, name, before, after]</c>: the attribute differs, or there was or is none.</summary>
    /// <param name="into">The place, of <see cref="Length(ReadOnlySpan{byte}, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>.</param>
    /// <param name="salt">The 24 characters of its salt.</param>
    /// <param name="name">The canonical text of its name, with quotes.</param>
    /// <param name="before">The canonical text of the value before; empty where it was absent.</param>
    /// <param name="after">The canonical text of the value after; empty where it is absent.</param>
    public static void Write(Span<byte> into, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> name, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var first = OrNull(before);
        var second = OrNull(after);
        Write(into[..^(second.Length + 1)], salt, name, first);
        into[^(second.Length + 2)] = (byte)',';
        second.CopyTo(into[^(second.Length + 1)..]);
        into[^1] = (byte)']';
    }

    /// <summary>Writes <c>[salt, name, value]</c>: the attribute is the same before and after, or only its value as a key was delivered.</summary>
    /// <param name="into">The place, of <see cref="Length(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>.</param>
    /// <param name="salt">The 24 characters of its salt.</param>
    /// <param name="name">The canonical text of its name, with quotes.</param>
    /// <param name="value">The canonical text of its value.</param>
    public static void Write(Span<byte> into, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        "[\""u8.CopyTo(into);
        salt.CopyTo(into.Slice(SaltAt, SaltLength));
        "\","u8.CopyTo(into[(SaltAt + SaltLength)..]);
        name.CopyTo(into[(SaltAt + SaltLength + 2)..]);
        into[SaltAt + SaltLength + 2 + name.Length] = (byte)',';
        value.CopyTo(into[(SaltAt + SaltLength + 2 + name.Length + 1)..]);
        into[^1] = (byte)']';
    }

    private static ReadOnlySpan<byte> OrNull(ReadOnlySpan<byte> value) => value.IsEmpty ? Absent : value;
}
