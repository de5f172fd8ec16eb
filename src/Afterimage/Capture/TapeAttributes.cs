using Afterimage.Entries.Raw;
using Afterimage.Streams.Records.Tape;
using Afterimage.Trail.Bodies;

namespace Afterimage.Capture;

/// <summary>The attributes of a change on a tape. Texts that are canonical as delivered are not copied.</summary>
internal sealed class TapeAttributes(RecordTape tape) : IChangeAttributes
{
    private readonly ByteBuffer rewritten = new();
    private int key;
    private int old;
    private int @new;
    private int named;
    private (int Node, int At, int Length) before;
    private (int Node, int At, int Length) after;
    private (int At, int Length) name;

    /// <inheritdoc/>
    public BodyFlags Flags =>
        (tape.Envelope.OldImage >= 0 ? BodyFlags.OldImage : BodyFlags.None) | (tape.Envelope.NewImage >= 0 ? BodyFlags.NewImage : BodyFlags.None);

    /// <inheritdoc/>
    public BodyAttribute Place { get; private set; }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Name => name.Length > 0
        ? rewritten.Written.Slice(name.At, name.Length)
        : tape.RawMember(named)[..(tape.Nodes[named].Name.Length + 2)];

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Before => Text(before);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> After => Text(after);

    /// <inheritdoc/>
    public void Restart() => (key, old, @new) = (0, 0, 0);

    /// <inheritdoc/>
    public bool MoveNext()
    {
        rewritten.Truncate(0);
        var inKey = Head(tape.Envelope.Keys, key);
        var inOld = Head(tape.Envelope.OldImage, old);
        var inNew = Head(tape.Envelope.NewImage, @new);
        named = First(First(inOld, inNew), inKey);
        if (named < 0)
        {
            return false;
        }

        var place = BodyAttribute.None;
        inKey = Take(inKey, BodyAttribute.Key, ref key, ref place);
        inOld = Take(inOld, BodyAttribute.Before, ref old, ref place);
        inNew = Take(inNew, BodyAttribute.After, ref @new, ref place);
        var isOnlyKey = inOld < 0 && inNew < 0;
        name = NameOf();
        before = TextOf(isOnlyKey ? inKey : inOld);
        after = isOnlyKey ? before : TextOf(inNew);
        Place = isOnlyKey || (inOld >= 0 && inNew >= 0 && Before.SequenceEqual(After)) ? place | BodyAttribute.Same : place;
        return true;
    }

    /// <inheritdoc/>
    public void AppendEnvelope(ByteBuffer target)
    {
        var envelope = tape.Envelope;
        var writer = new EnvelopeWriter(target);
        Text(ref writer, "eventId"u8, envelope.EventId);
        Text(ref writer, "eventVersion"u8, envelope.EventVersion);
        Text(ref writer, "region"u8, envelope.Region);
        if (envelope.SizeBytes.IsPresent)
        {
            writer.Name("sizeBytes"u8);
            target.Append(tape.Bytes(envelope.SizeBytes));
        }

        if (envelope.HasIdentity)
        {
            writer.Name("userIdentity"u8);
            var identity = new EnvelopeWriter(target);
            Text(ref identity, "principalId"u8, envelope.IdentityPrincipal);
            Text(ref identity, "type"u8, envelope.IdentityType);
            identity.Close();
        }

        Text(ref writer, "view"u8, envelope.ViewType);
        writer.Close();
    }

    private void Text(ref EnvelopeWriter writer, ReadOnlySpan<byte> field, TapeText text)
    {
        if (text.IsPresent)
        {
            writer.Text(field, tape.Bytes(text));
        }
    }

    private int Head(int item, int at)
    {
        if (item < 0)
        {
            return -1;
        }

        var members = tape.Sorted(item);
        return at < members.Length ? members[at] : -1;
    }

    private int First(int left, int right) => left < 0 ? right : right < 0 || tape.CompareNames(left, right) <= 0 ? left : right;

    private int Take(int head, BodyAttribute where, ref int at, ref BodyAttribute place)
    {
        if (head < 0 || (head != named && tape.CompareNames(head, named) != 0))
        {
            return -1;
        }

        at++;
        place |= where;
        return head;
    }

    private (int At, int Length) NameOf()
    {
        var text = tape.Nodes[named].Name;
        if (text.IsPlain)
        {
            return default;
        }

        var at = rewritten.Length;
        rewritten.AppendString(tape.Bytes(text), TextForm.Canonical);
        return (at, rewritten.Length - at);
    }

    private (int Node, int At, int Length) TextOf(int node)
    {
        if (node < 0 || tape.Nodes[node].IsCanonical)
        {
            return (node, 0, 0);
        }

        var at = rewritten.Length;
        rewritten.AppendValue(tape, node, TextForm.Canonical);
        return (node, at, rewritten.Length - at);
    }

    private ReadOnlySpan<byte> Text((int Node, int At, int Length) text) => text switch
    {
        { Length: > 0 } => rewritten.Written.Slice(text.At, text.Length),
        { Node: >= 0 } => tape.Raw(text.Node),
        _ => default,
    };
}
