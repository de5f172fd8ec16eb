using System.Text;
using Afterimage.Entries;
using Afterimage.Entries.Raw;
using Afterimage.Proof;
using Afterimage.Trail.Bodies;

namespace Afterimage.Capture;

/// <summary>Commits to everything that a change discloses, and writes what is kept of it.</summary>
/// <param name="commitment">Takes what is committed to.</param>
/// <param name="redact">The places that are never kept.</param>
internal sealed class ChangeDisclosures(EntryCommitment commitment, IReadOnlyList<AttributePath> redact)
{
    private readonly HashSet<string> hidden = [.. redact.Select(path => CanonicalText.Of(path.Segments[0]))];
    private readonly HashSet<string> whole = [.. redact.Where(path => path.Segments.Count == 1).Select(path => CanonicalText.Of(path.Segments[0]))];
    private readonly ByteBuffer envelope = new();
    private readonly BodyWriter body = new();

    /// <summary>What is kept of the change besides its leaf.</summary>
    public ReadOnlySpan<byte> Body => body.Written;

    /// <summary>Commits to a change and writes its body.</summary>
    /// <param name="attributes">The change.</param>
    /// <param name="secret">The entry's secret.</param>
    /// <param name="redacted">The entry without its redacted values, where anything is redacted in its table.</param>
    public void Take(IChangeAttributes attributes, ReadOnlySpan<byte> secret, AuditEntry? redacted)
    {
        envelope.Truncate(0);
        attributes.AppendEnvelope(envelope);
        commitment.Begin(secret, envelope.Written);
        body.BeginWhole(attributes.Flags, secret, envelope.Written);
        var isHiding = false;
        for (attributes.Restart(); attributes.MoveNext();)
        {
            isHiding |= redacted is not null && hidden.Contains(Encoding.UTF8.GetString(attributes.Name));
            var place = attributes.Place;
            var name = attributes.Name;
            var before = attributes.Before;
            var after = attributes.After;
            body.Add(place, name, before, after);
            if (place.HasFlag(BodyAttribute.Same))
            {
                commitment.AddUnchanged(name, before);
            }
            else
            {
                commitment.Add(name, before, after);
            }
        }

        commitment.Finish();
        if (isHiding)
        {
            WriteHiding(attributes, redacted!);
        }
    }

    // The secret would give the hidden salt away, so that the others stand one by one; and what was derived from hidden values is kept.
    private void WriteHiding(IChangeAttributes attributes, AuditEntry redacted)
    {
        body.BeginHiding(attributes.Flags, EntryJson.ToUtf8(redacted with { OldImage = null, NewImage = null }), commitment.Salt(0), envelope.Written);
        var rank = 0;
        for (attributes.Restart(); attributes.MoveNext();)
        {
            rank++;
            var name = Encoding.UTF8.GetString(attributes.Name);
            if (!hidden.Contains(name))
            {
                body.AddShown(attributes.Place, attributes.Name, commitment.Salt(rank), attributes.Before, attributes.After);
            }
            else if (whole.Contains(name))
            {
                body.AddHidden(attributes.Place, attributes.Name, commitment.Digest(rank), default, default);
            }
            else
            {
                var (before, after) = (Left(redacted.OldImage, name), Left(redacted.NewImage, name));
                body.AddHidden(attributes.Place | BodyAttribute.Partly, attributes.Name, commitment.Digest(rank), before, after);
            }
        }
    }

    private static byte[] Left(AttributeMap? image, string canonicalName) =>
        image?.FirstOrDefault(member => CanonicalText.Of(member.Key) == canonicalName).Value is { } value ? DynamoDbJson.ToUtf8(value) : [];
}
