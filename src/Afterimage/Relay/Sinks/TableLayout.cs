using System.Globalization;
using Afterimage.Entries;

namespace Afterimage.Relay.Sinks;

/// <summary>A key attribute of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">S, N or B.</param>
internal sealed record TableKey(string Name, string Type);

/// <summary>How a table that people made for an audit trail is laid out, told from its keys.</summary>
/// <param name="Partition">The partition key.</param>
/// <param name="Sort">The sort key, if there is one.</param>
internal abstract record TableLayout(TableKey Partition, TableKey? Sort)
{
    /// <summary>The layouts there are, for who has another one.</summary>
    public const string Known =
        "Sinks know two layouts: partition key EventId (S), with or without a sort key EventTimestamp (S or N); and a key attribute of the audited table, such as order_id, with a sort key timestamp (S or N).";

    /// <summary>The longest text that still fits beside the images and changes it repeats: an item has 400 KB (developer guide, limits).</summary>
    protected const int TextBesideItsPartsMax = 120_000;

    private const string Id = "EventId";
    private const string Stamp = "EventTimestamp";
    private const string Timestamp = "timestamp";

    /// <summary>Whether the key says which entry it is, so that another entry cannot be at it.</summary>
    public abstract bool KeyNamesTheEntry { get; }

    /// <summary>The layout; null where none has such keys.</summary>
    public static TableLayout? Of(TableKey partition, TableKey? sort) => (partition, sort) switch
    {
        ({ Name: Id, Type: "S" }, null or { Name: Stamp, Type: "S" or "N" }) => new OfEvents(partition, sort),
        (_, { Name: Timestamp, Type: "S" or "N" }) => new OfItems(partition, sort),
        _ => null,
    };

    /// <summary>The entry as an item; or why it cannot be one.</summary>
    public (AttributeMap? Item, string? Problem) ItemOf(OutgoingEntry outgoing)
    {
        var (key, problem) = KeyOf(outgoing.Entry);
        if (key is null)
        {
            return (null, problem);
        }

        var entry = outgoing.Entry;
        var item = new Dictionary<string, AttributeValue>(StringComparer.Ordinal)
        {
            [Id] = AttributeValue.String(entry.Id.Value),
            ["EventName"] = AttributeValue.String(entry.Action is { } action ? EntryWords.Of(action) : EntryWords.Of(entry.Kind)),
            ["TableName"] = AttributeValue.String(entry.Table),
        };
        if (entry.Actor.Id is { Length: > 0 and <= 2_048 } actor)
        {
            item["Actor"] = AttributeValue.String(actor);
        }

        foreach (var (name, value) in Parts(outgoing).Concat(key))
        {
            item[name] = value;
        }

        return (new AttributeMap(item), null);
    }

    /// <summary>The key's attributes; or why the entry has none.</summary>
    protected abstract (IReadOnlyDictionary<string, AttributeValue>? Key, string? Problem) KeyOf(AuditEntry entry);

    /// <summary>What the layout holds of the entry.</summary>
    protected abstract IEnumerable<KeyValuePair<string, AttributeValue>> Parts(OutgoingEntry outgoing);

    /// <summary>Images by these names, as far as there are any.</summary>
    protected static IEnumerable<KeyValuePair<string, AttributeValue>> Maps(params (string Name, AttributeMap? Map)[] maps) =>
        maps.Where(one => one.Map is not null).Select(one => KeyValuePair.Create(one.Name, NativeValue.Of(AttributeValue.Map(one.Map!))));

    private static string Moment(AuditEntry entry) => entry.Time.ToString(EntryJson.TimeFormat, CultureInfo.InvariantCulture);

    private static string Seconds(AuditEntry entry) => entry.Time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static AttributeValue Text(OutgoingEntry outgoing) => AttributeValue.String(System.Text.Encoding.UTF8.GetString(outgoing.Text.Span));

    /// <summary>An item per event, under the entry's id.</summary>
    private sealed record OfEvents(TableKey Partition, TableKey? Sort) : TableLayout(Partition, Sort)
    {
        public override bool KeyNamesTheEntry => true;

        protected override (IReadOnlyDictionary<string, AttributeValue>? Key, string? Problem) KeyOf(AuditEntry entry) => (
            new Dictionary<string, AttributeValue>(StringComparer.Ordinal)
            {
                [Id] = AttributeValue.String(entry.Id.Value),
                [Stamp] = Sort is { Type: "N" } ? AttributeValue.Number(Seconds(entry)) : AttributeValue.String(Moment(entry)),
            },
            null);

        protected override IEnumerable<KeyValuePair<string, AttributeValue>> Parts(OutgoingEntry outgoing)
        {
            var entry = outgoing.Entry;
            (string, AttributeMap?)[] maps = [("Keys", entry.Keys), ("OldImage", entry.OldImage), ("NewImage", entry.NewImage)];
            return entry.Kind == EntryKind.Change && entry.Unreadable is null && EntryFit.IsWhole(outgoing.Text.Span) && Array.TrueForAll(maps, one => NativeValue.Fits(one.Item2))
                ? Maps(maps)
                : Maps(maps[0]).Append(KeyValuePair.Create("Entry", Text(outgoing)));
        }
    }

    /// <summary>The events of an item beside each other, in their order.</summary>
    private sealed record OfItems(TableKey Partition, TableKey? Sort) : TableLayout(Partition, Sort)
    {
        // As many digits of a sequence number as a number of DynamoDB has behind the seconds: 38 in all.
        private const int DigitsMax = 27;

        // Sequence numbers have 40 digits at the most.
        private const int SequenceLength = 40;

        public override bool KeyNamesTheEntry => Sort!.Type == "S";

        protected override (IReadOnlyDictionary<string, AttributeValue>? Key, string? Problem) KeyOf(AuditEntry entry)
        {
            if (entry.Keys is null || !entry.Keys.TryGetValue(Partition.Name, out var partition) || partition.Kind.ToString() != Partition.Type)
            {
                var name = $"{Partition.Name} ({Partition.Type})";
                return (null, $"The table's partition key {name} is no key attribute of this entry. Give the sink a filter of the tables that have it, and of actions to leave out what is no change.");
            }

            var digits = (entry.SequenceNumber ?? "0").PadLeft(SequenceLength, '0');
            var sort = KeyNamesTheEntry
                ? AttributeValue.String($"{Moment(entry)}#{digits}#{entry.Id.Value}")
                : AttributeValue.Number($"{Seconds(entry)}.{digits[^DigitsMax..]}");
            return (new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { [Partition.Name] = partition, [Timestamp] = sort }, null);
        }

        protected override IEnumerable<KeyValuePair<string, AttributeValue>> Parts(OutgoingEntry outgoing)
        {
            var entry = outgoing.Entry;
            var whole = KeyValuePair.Create("FullJSON", Text(outgoing));
            if (outgoing.Text.Length > TextBesideItsPartsMax || !EntryFit.IsWhole(outgoing.Text.Span) || !NativeValue.Fits(entry.OldImage) || !NativeValue.Fits(entry.NewImage))
            {
                return [whole];
            }

            var parts = Maps(("OldData", entry.OldImage), ("NewData", entry.NewImage)).Append(whole);
            // A change stands two levels further in than an image; one of a deep place is still whole in FullJSON.
            var deepest = Math.Max(NativeValue.Depth(entry.OldImage), NativeValue.Depth(entry.NewImage));
            return entry.Changes is { } changes && deepest + 2 <= NativeValue.DepthMax ? parts.Append(KeyValuePair.Create("Diff", NativeValue.Of(changes))) : parts;
        }
    }
}
