using Afterimage.Streams.Leases;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>Who reads what, in the rows of the shards. Whether a condition held is not believed, since the answer may be that to a repeat: the row is read.</summary>
internal sealed class DynamoLeases(IItemTable table, ShardRows rows) : ILeaseStore
{
    public async Task<LeaseTable> BeatAsync(WorkerId me, CancellationToken ct)
    {
        await table.WriteAsync(new ItemWrite.Update(KeyOf(me), []) { Add = [("beats", 1)] }, ct);
        var beats = await table.AllAsync(new ItemQuery(Layout.Workers), ct).ToDictionaryAsync(item => new WorkerId(item.Key.Sort), item => item.Integer("beats"), null, ct);
        var leases = await Task.WhenAll((await rows.StreamsAsync(ct)).Select(stream => UnfinishedAsync(stream, [], ct)));
        return new LeaseTable(beats, [.. leases.SelectMany(some => some)]);
    }

    // The table bounds how many calls are on their way at once.
    public async Task<IReadOnlyList<LeasedShard>> TakeAsync(WorkerId me, IReadOnlyList<LeaseWish> wanted, CancellationToken ct)
    {
        var rowsTaken = await Task.WhenAll(wanted.Select(wish => TakeAsync(me, wish, ct)));
        return [.. wanted.Zip(rowsTaken).Where(one => one.Second is not null).Select(one => new LeasedShard(one.First.Stream, one.Second!))];
    }

    public Task ReleaseAsync(WorkerId me, IReadOnlyList<Lease> leases, CancellationToken ct) => Task.WhenAll(leases.Select(lease => ReleaseAsync(me, lease, ct)));

    // The worker goes last: after a crash in between it is still there, to be seen dead and forgotten by another.
    public async Task LeaveAsync(WorkerId who, CancellationToken ct)
    {
        var owned = await Task.WhenAll((await rows.StreamsAsync(ct)).Select(stream => UnfinishedAsync(stream, [Term.Is("owner", who.Value)], ct)));
        await ReleaseAsync(who, [.. owned.SelectMany(some => some)], ct);
        await table.WriteAsync(new ItemWrite.Delete(KeyOf(who)), ct);
    }

    private async Task<List<Lease>> UnfinishedAsync(StreamArn stream, IReadOnlyList<Term> filter, CancellationToken ct)
    {
        var query = new ItemQuery(Layout.ShardsOf(stream))
        {
            Attributes = [ItemKey.PartitionAttribute, ItemKey.SortAttribute, "epoch", "owner"],
            Filter = [Term.Missing("finished"), .. filter],
        };
        return await table.AllAsync(query, ct)
            .Select(item => new Lease(stream, new ShardId(item.Key.Sort), item.IntegerOrNull("epoch") ?? 0, item.TextOrNull("owner") is { } owner ? new WorkerId(owner) : null))
            .ToListAsync(ct);
    }

    private async Task<ShardProgress?> TakeAsync(WorkerId me, LeaseWish wish, CancellationToken ct)
    {
        await rows.NoteStreamAsync(wish.Stream, ct);
        var parent = wish.EpochSeen == 0 ? wish.Parent : null;
        var row = await TakeAsync(me, wish, parent, ct);
        if (parent is not null && row is { Shard.Progress: { Finished: false, Epoch: 0, Parent: not null } })
        {
            // It was appended to without a lease, and has its parent from there.
            row = await TakeAsync(me, wish, null, ct);
        }

        return row is { Shard.Progress: { Finished: false } progress } && row.Owner == me && progress.Epoch == wish.EpochSeen + 1 ? progress : null;
    }

    // Under the new epoch nobody else moves the row any more, so that it stands where it is read afterwards.
    private async Task<ShardRow?> TakeAsync(WorkerId me, LeaseWish wish, ShardId? parent, CancellationToken ct)
    {
        var key = Layout.RowOf(wish.Stream, wish.Shard);
        var take = new ItemWrite.Update(
            key,
            [("owner", Cell.Of(me.Value)), ("epoch", Cell.Of(wish.EpochSeen + 1)), .. parent is { } known ? [("parent", Cell.Of(known.Value))] : Array.Empty<(string, Entries.AttributeValue?)>()],
            [Term.Missing("finished"), wish.EpochSeen == 0 ? Term.Missing("epoch") : Term.Is("epoch", wish.EpochSeen), .. parent is null ? Array.Empty<Term>() : [Term.Missing("parent")]]);
        await table.WriteAsync(take, ct);
        return await rows.FindAsync(wish.Stream, wish.Shard, ct);
    }

    private Task<bool> ReleaseAsync(WorkerId me, Lease lease, CancellationToken ct) => table.WriteAsync(
        new ItemWrite.Update(
            Layout.RowOf(lease.Stream, lease.Shard), [("owner", null)], Term.Is("owner", me.Value), Term.Is("epoch", lease.Epoch)),
        ct);

    private static ItemKey KeyOf(WorkerId worker) => new(Layout.Workers, worker.Value);
}
