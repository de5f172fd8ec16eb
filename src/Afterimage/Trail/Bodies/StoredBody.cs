using System.Runtime.InteropServices;
using Afterimage.Proof;

namespace Afterimage.Trail.Bodies;

/// <summary>What is kept of an entry besides its leaf, taken apart.</summary>
/// <param name="Form">How it was written.</param>
/// <param name="Flags">The images the change came with, and what only the entries before it tell.</param>
/// <param name="Json">The entry's JSON, without its images where something of it is hidden; empty where nothing is.</param>
/// <param name="Secret">What all salts are made from; empty unless nothing is hidden.</param>
/// <param name="Salt">The envelope's salt, as base64, where something is hidden.</param>
/// <param name="Envelope">The envelope's text.</param>
/// <param name="Attributes">The attributes in the order in which they were hashed.</param>
internal sealed record StoredBody(
    BodyForm Form,
    BodyFlags Flags,
    ReadOnlyMemory<byte> Json,
    ReadOnlyMemory<byte> Secret,
    ReadOnlyMemory<byte> Salt,
    ReadOnlyMemory<byte> Envelope,
    List<StoredAttribute> Attributes)
{
    /// <summary>The attributes where they lie: there are many, and each is large.</summary>
    public ReadOnlySpan<StoredAttribute> Each => CollectionsMarshal.AsSpan(Attributes);

    /// <summary>Takes a body apart.</summary>
    /// <exception cref="FormatException">These bytes are none.</exception>
    public static StoredBody Read(ReadOnlyMemory<byte> body) => Read(body, []);

    /// <summary>Takes a body apart; its attributes come to lie in a list that was used for another one before.</summary>
    /// <inheritdoc cref="Read(ReadOnlyMemory{byte})" path="/exception"/>
    public static StoredBody Read(ReadOnlyMemory<byte> body, List<StoredAttribute> attributes)
    {
        attributes.Clear();
        var cursor = new BodyCursor(body);
        var form = (BodyForm)cursor.Byte();
        return form switch
        {
            BodyForm.Notice when cursor.IsAtEnd => new StoredBody(form, BodyFlags.None, default, default, default, default, []),
            BodyForm.Json => new StoredBody(form, BodyFlags.None, cursor.Rest(), default, default, default, []),
            BodyForm.Whole => new StoredBody(
                form, (BodyFlags)cursor.Byte(), default, cursor.Bytes(ShardSalts.SecretSize), default, cursor.Text(), ReadAttributes(ref cursor, isHiding: false, attributes)),
            BodyForm.Hiding => new StoredBody(
                form, (BodyFlags)cursor.Byte(), cursor.Text(), default, cursor.Bytes(Disclosure.SaltLength), cursor.Text(), ReadAttributes(ref cursor, isHiding: true, attributes)),
            _ => throw new FormatException($"What is kept of an entry begins with {(byte)form}, which this program does not know."),
        };
    }

    private static List<StoredAttribute> ReadAttributes(ref BodyCursor cursor, bool isHiding, List<StoredAttribute> attributes)
    {
        while (!cursor.IsAtEnd)
        {
            var place = (BodyAttribute)cursor.Byte();
            var name = cursor.Text();
            var isHidden = place.HasFlag(BodyAttribute.Hidden);
            var digest = isHidden ? cursor.Bytes(Sha256Hash.Size) : default;
            var salt = isHiding && !isHidden ? cursor.Bytes(Disclosure.SaltLength) : default;
            var hasValues = !isHidden || place.HasFlag(BodyAttribute.Partly);
            var isSame = place.HasFlag(BodyAttribute.Same);
            var first = hasValues && (isSame || place.HasFlag(BodyAttribute.Before)) ? cursor.Text() : default;
            var second = hasValues && !isSame && place.HasFlag(BodyAttribute.After) ? cursor.Text() : isSame ? first : default;
            attributes.Add(new StoredAttribute(place, name, salt, digest, first, second));
        }

        return attributes;
    }
}

/// <summary>One attribute of an entry.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Name">Its name as canonical text, with quotes.</param>
/// <param name="Salt">Its salt, where others are hidden.</param>
/// <param name="Digest">The digest of its disclosure, where it is hidden.</param>
/// <param name="Before">Its value before, or in the key.</param>
/// <param name="After">Its value after.</param>
internal readonly record struct StoredAttribute(
    BodyAttribute Place,
    ReadOnlyMemory<byte> Name,
    ReadOnlyMemory<byte> Salt,
    ReadOnlyMemory<byte> Digest,
    ReadOnlyMemory<byte> Before,
    ReadOnlyMemory<byte> After)
{
    /// <summary>Whether it stands there.</summary>
    public bool Is(BodyAttribute place) => (Place & place) != BodyAttribute.None;
}
