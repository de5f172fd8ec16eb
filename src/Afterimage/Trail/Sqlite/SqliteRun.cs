namespace Afterimage.Trail.Sqlite;

/// <summary>A block, with the rows by which its entries are searched.</summary>
/// <param name="Shard">Its shard.</param>
/// <param name="First">The place of its first leaf.</param>
/// <param name="Rules">The text of the rules its entries are read by.</param>
/// <param name="No">The number of its first leaf.</param>
/// <param name="Leaves">How many it says it has.</param>
/// <param name="Texts">The leaves.</param>
/// <param name="Bodies">The bodies.</param>
/// <param name="Rows">The rows of its entries.</param>
internal sealed record SqliteRun(TrailShard Shard, long First, string Rules, long No, long Leaves, Packed Texts, Packed Bodies, IReadOnlyList<EntryRow> Rows)
    : StoredRun(Shard, First, Rules)
{
    /// <inheritdoc/>
    public override bool HasEntries => Bodies.Length > Leaves;

    /// <inheritdoc/>
    public override void Open(OpenedRun into)
    {
        Block.Unpack(Texts, into.TextParts);
        Block.Unpack(Bodies, into.BodyParts);
        if (into.Texts.Count != Leaves || into.Bodies.Count != Leaves)
        {
            throw new FormatException($"A block that is to have {Leaves} leaves holds {into.Texts.Count} texts and {into.Bodies.Count} bodies.");
        }
    }
}

/// <summary>What an entry is searched by.</summary>
internal readonly record struct EntryRow(long No, long Time, string? Table, string? Service, string? Entity, string? Tenant, long? Action, string? Actor, long Attributed)
{
    /// <summary>What it should be for an entry.</summary>
    public static EntryRow Of(long no, string table, string? service, CommittedEntry entry) => new(
        no, SqliteTime.Of(entry.Time), table, service, entry.Entity, entry.Tenant, (long?)entry.Action, entry.Actor, entry.IsAttributed ? 1 : 0);
}
