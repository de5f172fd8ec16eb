using System.Runtime.CompilerServices;
using Afterimage.Proof;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>The log of the trail's heads, one item a seal, and the checkpoints over it.</summary>
internal sealed class DynamoLog(IItemTable table, ShardRows rows, DynamoAdmin admin, ILeafBlocks blocks) : ITrailLog
{
    private readonly SealedTrees trees = new(table, rows, admin);
    private readonly SealedHeads heads = new(table);

    public async Task<LogEnd> EndAsync(CancellationToken ct) =>
        await table.AllAsync(Newest with { Attributes = Seal.EndAttributes }, ct).Select(Seal.ReadEnd).FirstOrDefaultAsync(ct) ?? Seal.Beginning;

    // The seal is read first: what is read later has grown since, and has never less than was sealed of it.
    public async Task<IReadOnlyList<GrownTree>> GrownAsync(CancellationToken ct)
    {
        var last = await NewestAsync(ct);
        return Seal.Room(await trees.GrownAsync(last, ct).ToListAsync(ct), last);
    }

    public IAsyncEnumerable<LeafRun> LeavesAsync(TreeName tree, long from, long to, CancellationToken ct) => tree.Shard is { } shard
        ? blocks.LeavesAsync(shard.Stream, shard.Shard, from, to, ct)
        : admin.LeavesAsync(from, to, ct);

    public async Task<StoredLeaf?> LeafAsync(TreeName tree, long place, CancellationToken ct) =>
        tree.Shard is { } shard ? await blocks.LeafAsync(shard.Stream, shard.Shard, place, ct) : null;

    public async Task<bool> TryAppendAsync(LogAppend append, CancellationToken ct)
    {
        var last = await NewestAsync(ct);
        if ((last?.End ?? Seal.Beginning) != append.Before)
        {
            return false;
        }

        // A crash up to here leaves nothing but what the last seal stood for anyway; a crash after the put leaves a seal that the next one finishes.
        if (last is not null)
        {
            await Task.WhenAll(trees.FinishAsync(last, ct), heads.PutAsync(last, ct));
        }

        var seal = new Seal(append.After, append.Leaves, last?.EndText ?? default);
        return await table.WriteAsync(new ItemWrite.Put(seal.ToItem(), Term.NoItem), ct) || await WasMineAsync(seal, ct);
    }

    public async IAsyncEnumerable<LogRow> ReadAsync(long from, [EnumeratorCancellation] CancellationToken ct)
    {
        var place = 0L;
        await foreach (var seal in SealsAsync(ct))
        {
            foreach (var leaf in seal.Leaves)
            {
                if (place++ >= from)
                {
                    yield return new LogRow(leaf.Text, leaf.Head?.Name);
                }
            }
        }
    }

    public async IAsyncEnumerable<PlacedHead> HeadsAsync(TreeName tree, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var head in heads.OfAsync(tree, await NewestAsync(ct), ct))
        {
            yield return head;
        }
    }

    // One that is smaller than the newest is looked for first. If it comes in all the same, the newest is still the largest.
    public async Task PublishAsync(SignedCheckpoint checkpoint, CancellationToken ct)
    {
        var size = checkpoint.Checkpoint.Size;
        if (await NewestCheckpointAsync(ct) is not { } newest || newest.Checkpoint.Size < size)
        {
            var item = NewItem.Of(new ItemKey(Layout.Checkpoints, Layout.Place(size)), ("note", Cell.Of(checkpoint.Note.Span)));
            await table.WriteAsync(new ItemWrite.Put(item, Term.NoItem), ct);
        }
    }

    public async Task<SignedCheckpoint?> NewestCheckpointAsync(CancellationToken ct) =>
        await table.AllAsync(new ItemQuery(Layout.Checkpoints) { Reverse = true, Limit = 1 }, ct).Select(item => item.Bytes("note")).FirstOrDefaultAsync(ct) is { } note
            ? SignedCheckpoint.Read(note)
            : null;

    public IAsyncEnumerable<ReadOnlyMemory<byte>> CheckpointsAsync(CancellationToken ct) =>
        table.AllAsync(new ItemQuery(Layout.Checkpoints), ct).Select(item => (ReadOnlyMemory<byte>)item.Bytes("note"));

    public Task NoteRulesAsync(IReadOnlyList<RulesInForce> rules, DateTimeOffset at, CancellationToken ct) => admin.NoteRulesAsync(rules, at, ct);

    private static ItemQuery Newest { get; } = new(Layout.Log) { Reverse = true, Limit = 1 };

    private async Task<Seal?> NewestAsync(CancellationToken ct) => await table.AllAsync(Newest, ct).Select(Seal.Read).FirstOrDefaultAsync(ct);

    // Where a seal of this number stands already, it is this very one, whose answer was lost, or that of another sealer.
    private async Task<bool> WasMineAsync(Seal seal, CancellationToken ct) =>
        await table.GetAsync(Seal.KeyOf(seal.End.Epoch), ct) is { } held && Seal.ReadEnd(held) == seal.End;

    private IAsyncEnumerable<Seal> SealsAsync(CancellationToken ct) => table.AllAsync(new ItemQuery(Layout.Log), ct).Select(Seal.Read);
}
