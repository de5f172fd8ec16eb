using Afterimage.Entries;

namespace Afterimage.Trail.Sqlite;

/// <summary>A table's two key attributes, of which only the table's description says which is the partition key.</summary>
internal sealed record KeyPair(string PartitionKey, string SortKey);

/// <summary>Where an entry stands in the history indexes.</summary>
/// <param name="Item">The item's digest; empty where the entry has no key.</param>
/// <param name="Partition">The partition's digest where it differs from the item's.</param>
internal sealed record KeyPlace(byte[] Item, byte[]? Partition)
{
    /// <summary>Of an entry without a key: a record that could not be read.</summary>
    public static KeyPlace None { get; } = new([], null);

    /// <summary>Finds the place; null as long as no table with these key attributes was noted.</summary>
    public static KeyPlace? Find(string table, AttributeMap? keys, IReadOnlyList<KeyPair> known) => keys switch
    {
        null or { Count: 0 } => None,
        { Count: 1 } => new(KeyDigest.Of(table, keys.Values.First(), null), null),
        _ => known.FirstOrDefault(pair => keys.Count == 2 && keys.ContainsKey(pair.PartitionKey) && keys.ContainsKey(pair.SortKey)) is { } pair
            ? new(KeyDigest.Of(table, keys[pair.PartitionKey], keys[pair.SortKey]), KeyDigest.Of(table, keys[pair.PartitionKey], null))
            : null,
    };
}
