using System.Globalization;

namespace Afterimage.Entries;

/// <summary>What a stamped client leaves on every item that it writes: who wrote it, and which write of which item it was.</summary>
/// <param name="Writer">Who wrote.</param>
/// <param name="Time">When, by the writer's clock.</param>
/// <param name="Nonce">What no other write has.</param>
/// <param name="Item">The hash of table and key: on another item the stamp is a copy.</param>
/// <param name="Deletes">Whether the writer is about to delete the item.</param>
internal sealed record WriterStamp(Actor Writer, DateTimeOffset Time, string Nonce, string Item, bool Deletes)
{
    /// <summary>Whether the write was to be committed together with an intent that tells of it.</summary>
    public bool InTransaction { get; init; }

    /// <summary>What an intent of the write is named by.</summary>
    /// <param name="removes">Whether the write removed the item that bears this mark.</param>
    public string IntentName(bool removes) => removes ? $"{Nonce}/REMOVE" : Nonce;

    /// <summary>The attribute that it is, unless the table's rules name another.</summary>
    public const string Attribute = "_audit";

    private const string Version = "1";

    /// <summary>The stamp on an item; null if it bears none that can be read.</summary>
    public static WriterStamp? Find(AttributeMap? item, string attribute)
    {
        if (item is null || !item.TryGetValue(attribute, out var value) || value.Kind != AttributeKind.M)
        {
            return null;
        }

        var map = value.Members;
        return map.TryGetValue("v", out var version) && version is { Kind: AttributeKind.N, Text: Version }
            && Text(map, "nonce") is { Length: > 0 } nonce && Text(map, "item") is { } hash
            && DateTimeOffset.TryParse(Text(map, "time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new WriterStamp(
                new Actor(ActorSource.Stamp, Text(map, "actor"), Text(map, "service"), Text(map, "reason"), Text(map, "request")),
                time,
                nonce,
                hash,
                IsSet(map, "deletes"))
            {
                InTransaction = IsSet(map, "tx"),
            }
            : null;
    }

    private static bool IsSet(AttributeMap map, string name) => map.TryGetValue(name, out var value) && value is { Kind: AttributeKind.BOOL, Text: "true" };

    private static string? Text(AttributeMap map, string name) => map.TryGetValue(name, out var value) && value.Kind == AttributeKind.S ? value.Text : null;
}
