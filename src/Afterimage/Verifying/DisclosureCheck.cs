using Afterimage.Entries.Raw;
using Afterimage.Proof;
using Afterimage.Trail.Bodies;

namespace Afterimage.Verifying;

/// <summary>Works out the hash over what an entry discloses from what is kept of it. Not for two threads.</summary>
internal sealed class DisclosureCheck : IDisposable
{
    private readonly EntryCommitment commitment = new();

    /// <summary>The hash; values are taken as they stand and never written anew.</summary>
    /// <exception cref="FormatException">What is kept is not of an entry.</exception>
    /// <exception cref="ArgumentException">Attributes are double or out of order.</exception>
    public Sha256Hash Item(StoredBody body) => body.Form == BodyForm.Whole ? OfWhole(body) : OfHiding(body);

    public void Dispose() => commitment.Dispose();

    private Sha256Hash OfWhole(StoredBody body)
    {
        commitment.Begin(body.Secret.Span, body.Envelope.Span);
        foreach (var attribute in body.Attributes)
        {
            if (attribute.Is(BodyAttribute.Same))
            {
                commitment.AddUnchanged(attribute.Name.Span, attribute.Before.Span);
            }
            else
            {
                commitment.Add(attribute.Name.Span, attribute.Before.Span, attribute.After.Span);
            }
        }

        commitment.Finish();
        return commitment.Item;
    }

    private static Sha256Hash OfHiding(StoredBody body)
    {
        var text = new ByteBuffer();
        var digests = new List<Sha256Hash> { Digest(text, body.Salt.Span, "\"\""u8, body.Envelope.Span) };
        foreach (var attribute in body.Attributes)
        {
            digests.Add(
                attribute.Is(BodyAttribute.Hidden) ? Sha256Hash.Read(attribute.Digest.Span)
                : attribute.Is(BodyAttribute.Same) ? Digest(text, attribute.Salt.Span, attribute.Name.Span, attribute.Before.Span)
                : Digest(text, attribute));
        }

        return EntryItem.Of([.. digests]);
    }

    private static Sha256Hash Digest(ByteBuffer text, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        text.Truncate(0);
        var place = text.Take(Disclosure.Length(name, value));
        Disclosure.Write(place, salt, name, value);
        return Sha256Hash.Of(place);
    }

    private static Sha256Hash Digest(ByteBuffer text, StoredAttribute attribute)
    {
        text.Truncate(0);
        var place = text.Take(Disclosure.Length(attribute.Name.Span, attribute.Before.Span, attribute.After.Span));
        Disclosure.Write(place, attribute.Salt.Span, attribute.Name.Span, attribute.Before.Span, attribute.After.Span);
        return Sha256Hash.Of(place);
    }
}
