using System.Text;
using Afterimage.Entries;
using Afterimage.Entries.Raw;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Trail;
using Afterimage.Trail.Bodies;

namespace Afterimage.Verifying;

/// <summary>
/// Checks entries of which something is hidden. What was derived from hidden values was kept, since it cannot be derived again; everything else in it must be what the
/// shown attributes give.
/// </summary>
internal sealed class HidingCheck(StreamArn stream, ShardId shard, TableRules rules)
{
    public (CommittedEntry? Entry, (string Check, string What)? Problem) Check(ShardLeaf leaf, StoredBody stored, DisclosureCheck disclosures)
    {
        if (disclosures.Item(stored) != leaf.Item)
        {
            return (null, ("ITEM", "its values are not those that were hashed"));
        }

        if (BodyShape.Problem(leaf, stored) is { } wrong)
        {
            return (null, ("ITEM", wrong));
        }

        var kept = EntryJson.Read(stored.Json);
        var (derived, intent) = Derived(leaf, stored);
        var hidden = stored.Attributes.Where(attribute => attribute.Is(BodyAttribute.Hidden)).Select(Name).ToHashSet(StringComparer.Ordinal);

        // The place is the leaf's: what is kept of an entry that came without a shard was made before it had one.
        var isSame = Text(kept with { Index = derived.Index }, hidden) == Text(derived with { OldImage = null, NewImage = null }, hidden)
            && intent is null && (kept.Changes is null) == (derived.Changes is null) && derived.Id.Value == leaf.EntryId && (kept.Kind == EntryKind.Mark) == (leaf.Kind == "mark");
        return (CommittedEntry.Of(kept, default), isSame ? null : ("DERIVED", "what is kept of it is not what follows from its attributes"));
    }

    // The entry as it would be if every hidden attribute were what is left of it.
    private (AuditEntry Entry, string? Intent) Derived(ShardLeaf leaf, StoredBody stored)
    {
        var text = new ByteBuffer();
        RecordText.Append(text, leaf, stored with { Attributes = [.. stored.Attributes.Where(attribute => !attribute.Is(BodyAttribute.Hidden))] });
        var (values, standing) = (RecordValues.Read(text.Written.ToArray()), stored.Flags.Standing());
        var shown = EntryMaker.FromRecord(values, stream, shard, leaf.Index, rules, standing);
        var named = Image(stored, stored.Flags.HasFlag(BodyFlags.NewImage) ? BodyAttribute.After : BodyAttribute.Before);
        return (
            shown with { Entity = Find(rules.Entity, named) ?? shown.Entity, Tenant = Find(rules.Tenant, named) ?? shown.Tenant },
            IntentCheck.Problem(stream, standing, StampUse.Of(values, EntryMaker.ActionOf(values.Record), stream.Table, rules.Stamp)));
    }

    private static AttributeMap Image(StoredBody stored, BodyAttribute place)
    {
        var text = new ByteBuffer();
        RecordText.AppendItem(text, stored.Each, place);
        return DynamoDbJson.ReadKeptMap(text.Memory);
    }

    private static string? Find(AttributePath? path, AttributeMap image) => path?.Find(image)?.AsText();

    // Without what hangs on hidden attributes: changes of them, an actor that stands in one, and whether something else than what replication notes differs.
    private string Text(AuditEntry entry, HashSet<string> hidden) => EntryJson.ToText(entry with
    {
        Changes = entry.Changes is null ? null : [.. entry.Changes.Where(change => !hidden.Contains(AttributePath.Parse(change.Path).Segments[0]))],
        Actor = (rules.Actor is { } actor && hidden.Contains(actor.Segments[0])) || entry.Actor == Actor.Replication ? Actor.Unknown : entry.Actor,
    });

    private static string Name(StoredAttribute attribute) => System.Text.Json.JsonSerializer.Deserialize<string>(Encoding.UTF8.GetString(attribute.Name.Span))!;
}
