using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>
/// One append: the entries are put, then the shard's row is moved past them. Only the row says what the trail holds, so that a crash in between leaves
/// nothing that anybody sees.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="rows">The rows of shards.</param>
/// <param name="append">What is to be kept.</param>
/// <param name="items">Makes items of its entries.</param>
/// <param name="rules">The hash of its rules.</param>
/// <param name="claim">The claim under which it is written, which no other process and no earlier attempt had.</param>
internal sealed class DynamoAppend(IItemTable table, ShardRows rows, TrailAppend append, EntryItems items, string rules, Claim claim)
{
    private readonly RowMove move = new(append, claim);

    /// <summary>Whether anything was put under the claim.</summary>
    public bool HasPut { get; private set; }

    /// <summary>Runs it.</summary>
    public async Task<AppendOutcome> RunAsync(CancellationToken ct)
    {
        var row = await rows.FindAsync(append.Stream, append.Before.Shard, ct);
        if (!move.BeginsAt(row))
        {
            return move.WasMade(row) ? AppendOutcome.Kept : AppendOutcome.Superseded;
        }

        // Those of whom it is known from the start are not written once more; whom the intake brings meanwhile, the puts meet.
        if (await IntakeItems.AnyAsync(table, rows, append.Stream, append.Entries, ct))
        {
            return AppendOutcome.Met;
        }

        await rows.NoteStreamAsync(append.Stream, ct);
        HasPut = true;
        var claims = new EntryClaims(table, rows, append, items, claim, row);
        await PutAsync(claims, ct);
        return claims.IsSuperseded ? AppendOutcome.Superseded : claims.HasMet ? AppendOutcome.Met : await CommitAsync(claims.Row, ct);
    }

    // Everything but the row, in any order: nobody sees it yet. What an entry does not fit into one item with goes first.
    private async Task PutAsync(EntryClaims claims, CancellationToken ct)
    {
        var made = append.Leaves.Select((leaf, at) => (leaf, at)).Where(pair => pair.leaf.Entry is not null).Select(pair => items.Make(pair.at, claim.ToString())).ToList();
        await table.PutManyAsync([.. made.SelectMany(item => item.Parts).DistinctBy(part => part.Key)], ct);
        var pointers = made.Select(item => Pointer.Of(append.Leaves[item.At].Entry!.Id, item.Item.Key));
        var leaves = append.Leaves.Select(leaf => new BlockLeaf(leaf.Text, leaf.Entry is { } entry ? EntryItems.KeyOf(append.Stream, entry) : null)).ToList();
        var blocks = LeafBlock.Make(append.Stream, append.Before.Shard, append.Before.Size, leaves, claim.ToString(), rules);
        await Task.WhenAll([table.PutManyAsync([.. pointers, .. blocks], ct), .. made.Select(item => claims.PutAsync(item, ct))]);
    }

    private async Task<AppendOutcome> CommitAsync(ShardRow? row, CancellationToken ct)
    {
        var fence = row?.Fence ?? 0;
        while (!await table.WriteAsync(move.From(row), ct))
        {
            // It may have been this very write, whose answer was lost; or only what is noted of quiet shards has moved.
            row = await rows.FindAsync(append.Stream, append.Before.Shard, ct);
            if (move.WasMade(row))
            {
                return AppendOutcome.Kept;
            }

            if (!move.BeginsAt(row) || (row?.Fence ?? 0) != fence)
            {
                return AppendOutcome.Superseded;
            }
        }

        return AppendOutcome.Kept;
    }
}
