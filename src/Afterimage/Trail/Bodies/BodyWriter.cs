using Afterimage.Entries.Raw;
using Afterimage.Proof;

namespace Afterimage.Trail.Bodies;

/// <summary>
/// Writes what is kept of an entry besides its leaf: each value once, in the very text that was hashed. Made once and used again for every
/// entry; not for two threads.
/// </summary>
internal sealed class BodyWriter
{
    private readonly ByteBuffer body = new();

    /// <summary>What was written since the beginning.</summary>
    public ReadOnlySpan<byte> Written => body.Written;

    /// <summary>Begins an entry of which nothing is hidden.</summary>
    public void BeginWhole(BodyFlags images, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> envelope)
    {
        Begin(BodyForm.Whole);
        body.Append((byte)images);
        body.Append(secret);
        Text(envelope);
    }

    /// <summary>Begins an entry of which something is hidden.</summary>
    /// <param name="images">The images it came with.</param>
    /// <param name="entry">The entry's JSON without its images.</param>
    /// <param name="salt">The envelope's salt, as base64.</param>
    /// <param name="envelope">The envelope's text.</param>
    public void BeginHiding(BodyFlags images, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> envelope)
    {
        Begin(BodyForm.Hiding);
        body.Append((byte)images);
        Text(entry);
        body.Append(salt);
        Text(envelope);
    }

    /// <summary>What is kept of an entry whose leaf says all there is.</summary>
    public static byte[] Notice => [(byte)BodyForm.Notice];

    /// <summary>Writes an entry as its JSON.</summary>
    public void WriteJson(ReadOnlySpan<byte> entry)
    {
        Begin(BodyForm.Json);
        body.Append(entry);
    }

    /// <summary>Adds an attribute of an entry of which nothing is hidden. Where both values are the same, the first stands for both.</summary>
    public void Add(BodyAttribute place, ReadOnlySpan<byte> name, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        body.Append((byte)place);
        Text(name);
        Values(place, before, after);
    }

    /// <summary>Adds an attribute that is shown beside hidden ones.</summary>
    public void AddShown(BodyAttribute place, ReadOnlySpan<byte> name, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        body.Append((byte)place);
        Text(name);
        body.Append(salt);
        Values(place, before, after);
    }

    /// <summary>Adds an attribute that is hidden. With <see cref="BodyAttribute.Partly"/> the values are what is left of it.</summary>
    public void AddHidden(BodyAttribute place, ReadOnlySpan<byte> name, in Sha256Hash digest, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        body.Append((byte)(place | BodyAttribute.Hidden));
        Text(name);
        body.Append(digest.Bytes);
        if (place.HasFlag(BodyAttribute.Partly))
        {
            Values(place, before, after);
        }
    }

    private void Begin(BodyForm form)
    {
        body.Truncate(0);
        body.Append((byte)form);
    }

    private void Values(BodyAttribute place, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if ((place & (BodyAttribute.Same | BodyAttribute.Before)) != BodyAttribute.None)
        {
            Text(before);
        }

        if ((place & (BodyAttribute.Same | BodyAttribute.After)) == BodyAttribute.After)
        {
            Text(after);
        }
    }

    private void Text(ReadOnlySpan<byte> text)
    {
        body.AppendLength(text.Length);
        body.Append(text);
    }
}
