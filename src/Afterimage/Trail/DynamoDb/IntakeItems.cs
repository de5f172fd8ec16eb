using Afterimage.Streams.Records;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>The items of entries that came by the intake.</summary>
internal static class IntakeItems
{
    private static readonly IReadOnlyList<string> Looked = [ItemKey.PartitionAttribute, ItemKey.SortAttribute, "claim"];

    /// <summary>Whether the intake brought any of these. A stream of which it never brought anything is not asked any further.</summary>
    public static async Task<bool> AnyAsync(IItemTable table, ShardRows rows, StreamArn stream, IEnumerable<CommittedEntry> entries, CancellationToken ct) =>
        await rows.FindAsync(stream, TrailShard.Intake, ct) is not null && (await FindAsync(table, stream, entries, Looked, ct)).Count > 0;

    /// <summary>The items of those of these entries that the intake brought.</summary>
    public static async Task<IReadOnlyList<Item>> FindAsync(
        IItemTable table, StreamArn stream, IEnumerable<CommittedEntry> entries, IReadOnlyList<string> attributes, CancellationToken ct)
    {
        var keys = entries.Select(entry => EntryItems.KeyOf(stream, entry)).Distinct().ToList();
        return [.. (await table.GetManyAsync(keys, attributes, ct)).Where(item => item.TextOrNull("claim") == Claim.Intake)];
    }
}
