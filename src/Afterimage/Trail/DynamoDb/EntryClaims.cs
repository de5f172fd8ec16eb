using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>
/// Puts an append's entries. Where something lies already, it is an equal repeat, or what a writer left behind who can commit it no more, or a fault:
/// what the trail holds is never written over.
/// </summary>
internal sealed class EntryClaims(IItemTable table, ShardRows rows, TrailAppend append, EntryItems items, Claim claim, ShardRow? row)
{
    private static readonly IReadOnlyList<string> Looked = [.. EntryReading.Attributes, "id"];

    private readonly Lock gate = new();
    private Task<bool>? fencing;

    /// <summary>The shard's row, which only commits what was put if it still stands so.</summary>
    public ShardRow? Row { get; private set; } = row;

    /// <summary>Whether a later lease was met: nothing of this append can be committed any more.</summary>
    public bool IsSuperseded { get; private set; }

    /// <summary>Whether an entry was met that came by the intake.</summary>
    public bool HasMet { get; private set; }

    /// <summary>Puts one entry.</summary>
    /// <exception cref="InvariantViolationException">The trail holds it elsewhere, or with other content.</exception>
    public async Task PutAsync(EntryItem item, CancellationToken ct)
    {
        var write = item.Item;
        while (!IsSuperseded && !await TryPutAsync(new ItemWrite.Put(write, Term.NoItem), item.At, ct))
        {
            if (await FindAsync(item.Item.Key, ct) is not { } found)
            {
                continue;
            }

            if (found.Text("claim") == Claim.Intake)
            {
                HasMet = true;
                return;
            }

            var other = Claim.Read(found.Text("claim"));
            var isOurShard = found.Text("shard") == TreeName.Of(append.Stream, append.Before.Shard).Value;
            if (isOurShard && other == claim && found.Integer("index") == append.Before.Size + item.At)
            {
                return;
            }

            if (!isOurShard || (Row?.Holds(found.Integer("index"), other.ToString()) ?? false))
            {
                throw Elsewhere(item.At, found);
            }

            if (other.Epoch > claim.Epoch)
            {
                IsSuperseded = true;
                return;
            }

            // Of an earlier lease nothing can be committed; what was written under this one is kept from it first.
            if (other.Epoch == claim.Epoch && !await FenceAsync(ct))
            {
                return;
            }

            if (await TryPutAsync(new ItemWrite.Put(write, Term.Is("claim", other.ToString()), Term.Is("index", found.Integer("index"))), item.At, ct))
            {
                return;
            }
        }
    }

    private Task<bool> TryPutAsync(ItemWrite.Put put, int at, CancellationToken ct) =>
        ReadablePut.TryAsync(table, put, () => items.Make(at, claim.ToString(), isWhole: false).Item, ct);

    private async Task<Item?> FindAsync(ItemKey key, CancellationToken ct) => (await table.GetManyAsync([key], Looked, ct)).Select(item => (Item?)item).FirstOrDefault();

    // However many of the append's entries need it, the fence rises once.
    private Task<bool> FenceAsync(CancellationToken ct)
    {
        lock (gate)
        {
            return fencing ??= RaiseFenceAsync(ct);
        }
    }

    // Appends that were begun from the row as it stands come to nothing, and this one goes on from it as it stands then.
    private async Task<bool> RaiseFenceAsync(CancellationToken ct)
    {
        var fence = (Row?.Fence ?? 0) + 1;
        await table.WriteAsync(
            new ItemWrite.Update(Layout.RowOf(append.Stream, append.Before.Shard), [("fence", Cell.Of(fence)), ("fencedBy", Cell.Of(claim.ToString()))], [.. RowMove.Conditions(Row)]), ct);
        var now = await rows.FindAsync(append.Stream, append.Before.Shard, ct);
        if (now is null || now.Fence != fence || now.FencedBy != claim.ToString() || now.Shard.Progress.Size != append.Before.Size || now.Shard.Progress.Epoch != append.Before.Epoch)
        {
            IsSuperseded = true;
            return false;
        }

        Row = now;
        return true;
    }

    private InvariantViolationException Elsewhere(int at, Item found) => new(
        $"Entry {append.Leaves[at].Entry!.Id} is to be kept at index {append.Before.Size + at} of shard {append.Before.Shard} of {append.Stream}, and the trail holds it at index "
        + $"{found.Integer("index")} of shard {EntryReading.ShardOf(found).Shard} of {EntryReading.ShardOf(found).Stream}.");
}
