using System.Text;
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

    /// <summary>The texts of what is shown, and the digests of what is hidden.</summary>
    /// <inheritdoc cref="Item" path="/exception"/>
    public (IReadOnlyList<string> Shown, IReadOnlyList<Sha256Hash> Hidden) Texts(StoredBody body)
    {
        if (body.Form == BodyForm.Whole)
        {
            _ = OfWhole(body);
            return ([.. Enumerable.Range(0, commitment.Count).Select(rank => Encoding.UTF8.GetString(commitment.Text(rank)))], []);
        }

        var hidden = body.Attributes.Where(attribute => attribute.Is(BodyAttribute.Hidden)).Select(attribute => Sha256Hash.Read(attribute.Digest.Span));
        return ([.. Written(body)], [.. hidden]);
    }

    private Sha256Hash OfWhole(StoredBody body)
    {
        commitment.Begin(body.Secret.Span, body.Envelope.Span);
        foreach (ref readonly var attribute in body.Each)
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
        var shown = Written(body).Select(text => Sha256Hash.Of(Encoding.UTF8.GetBytes(text)));
        var hidden = body.Attributes.Where(attribute => attribute.Is(BodyAttribute.Hidden)).Select(attribute => Sha256Hash.Read(attribute.Digest.Span));
        return EntryItem.Of([.. shown, .. hidden]);
    }

    // The texts of what is shown of an entry of which something is hidden; each has a salt of its own.
    private static IEnumerable<string> Written(StoredBody body)
    {
        yield return Written(body.Salt.Span, "\"\""u8, body.Envelope.Span);
        foreach (var attribute in body.Attributes.Where(attribute => !attribute.Is(BodyAttribute.Hidden)))
        {
            yield return attribute.Is(BodyAttribute.Same) ? Written(attribute.Salt.Span, attribute.Name.Span, attribute.Before.Span) : Written(attribute);
        }
    }

    private static string Written(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var place = new byte[Disclosure.Length(name, value)];
        Disclosure.Write(place, salt, name, value);
        return Encoding.UTF8.GetString(place);
    }

    private static string Written(StoredAttribute attribute)
    {
        var place = new byte[Disclosure.Length(attribute.Name.Span, attribute.Before.Span, attribute.After.Span)];
        Disclosure.Write(place, attribute.Salt.Span, attribute.Name.Span, attribute.Before.Span, attribute.After.Span);
        return Encoding.UTF8.GetString(place);
    }
}
