using System.Text;
using Afterimage.Entries;
using Afterimage.Entries.Raw;
using Afterimage.Trail.Bodies;

namespace Afterimage.Capture;

/// <summary>The attributes of a change that was decoded into values, for records that bytes alone do not do for.</summary>
/// <param name="values">The change.</param>
/// <param name="standing">What its stamp is worth.</param>
internal sealed class ValueAttributes(RecordValues values, StampStanding standing) : IChangeAttributes
{
    private readonly List<(BodyAttribute Place, byte[] Name, byte[] Before, byte[] After)> attributes = [.. Read(values)];
    private int at = -1;

    /// <inheritdoc/>
    public BodyFlags Flags =>
        (values.Before is null ? BodyFlags.None : BodyFlags.OldImage) | (values.After is null ? BodyFlags.None : BodyFlags.NewImage)
        | StampFlags.Of(standing);

    /// <inheritdoc/>
    public BodyAttribute Place => attributes[at].Place;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Name => attributes[at].Name;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Before => attributes[at].Before;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> After => attributes[at].After;

    /// <inheritdoc/>
    public void Restart() => at = -1;

    /// <inheritdoc/>
    public bool MoveNext() => ++at < attributes.Count;

    /// <inheritdoc/>
    public void AppendEnvelope(ByteBuffer target)
    {
        var record = values.Record;
        var writer = new EnvelopeWriter(target);
        Text(ref writer, "eventId"u8, record.EventId);
        Text(ref writer, "eventVersion"u8, record.EventVersion);
        Text(ref writer, "region"u8, record.Region);
        if (record.SizeBytes is { } size)
        {
            writer.Name("sizeBytes"u8);
            target.Append(size);
        }

        if (record.UserIdentity is { } user)
        {
            writer.Name("userIdentity"u8);
            var identity = new EnvelopeWriter(target);
            Text(ref identity, "principalId"u8, user.PrincipalId);
            Text(ref identity, "type"u8, user.Type);
            identity.Close();
        }

        Text(ref writer, "view"u8, record.ViewType);
        writer.Close();
    }

    private static void Text(ref EnvelopeWriter writer, ReadOnlySpan<byte> field, string? text)
    {
        if (text is not null)
        {
            writer.Text(field, Encoding.UTF8.GetBytes(text));
        }
    }

    private static IEnumerable<(BodyAttribute Place, byte[] Name, byte[] Before, byte[] After)> Read(RecordValues values)
    {
        var (_, keys, before, after) = values;
        var names = keys.Keys.Concat(before?.Keys ?? []).Concat(after?.Keys ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var (inKey, inOld, inNew) = (Canonical(keys, name), Canonical(before, name), Canonical(after, name));
            var isOnlyKey = inOld.Length == 0 && inNew.Length == 0;
            var place = Where(inKey, BodyAttribute.Key) | Where(inOld, BodyAttribute.Before) | Where(inNew, BodyAttribute.After);
            var isSame = isOnlyKey || inOld.AsSpan().SequenceEqual(inNew);
            yield return (isSame ? place | BodyAttribute.Same : place, Encoding.UTF8.GetBytes(CanonicalText.Of(name)), isOnlyKey ? inKey : inOld, isOnlyKey ? inKey : inNew);
        }
    }

    private static BodyAttribute Where(byte[] value, BodyAttribute place) => value.Length > 0 ? place : BodyAttribute.None;

    private static byte[] Canonical(AttributeMap? item, string name) =>
        item is not null && item.TryGetValue(name, out var value) ? Encoding.UTF8.GetBytes(CanonicalText.Of(value)) : [];
}
