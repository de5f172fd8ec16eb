using System.Runtime.CompilerServices;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>The leaves of shards in their order. What was put but never committed is passed over.</summary>
internal sealed class LeafBlocks(IItemTable table, ShardRows rows, EntryReading entries, RulesBook rules) : ILeafBlocks
{
    /// <summary>The blocks that hold the places from one up to another, as far as the row says that they are filled.</summary>
    public async IAsyncEnumerable<LeafBlock> BlocksAsync(ShardRow row, long from, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        var (stream, shard) = (row.Shard.Stream, row.Shard.Progress.Shard);
        to = Math.Min(to, row.Shard.Progress.Size);
        if (from >= to)
        {
            yield break;
        }

        // The block that holds the first place may begin before it.
        var partition = Layout.LeavesOf(stream, shard);
        var first = await table.AllAsync(new ItemQuery(partition) { Through = Layout.Place(from + 1), Reverse = true }, ct)
            .Select(LeafBlock.Read).Where(block => row.Holds(block.First, block.Claim)).FirstOrDefaultAsync(ct);
        var all = table.AllAsync(new ItemQuery(partition) { From = Layout.Place(first?.First ?? from), Through = Layout.Place(to) }, ct);
        await foreach (var block in all.Select(LeafBlock.Read).Where(block => row.Holds(block.First, block.Claim)))
        {
            if (block.End > from)
            {
                yield return block;
            }
        }
    }

    /// <summary>The texts of leaves, as far as they follow each other.</summary>
    public async IAsyncEnumerable<LeafRun> LeavesAsync(StreamArn stream, ShardId shard, long from, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        if (await rows.FindAsync(stream, shard, ct) is not { } row)
        {
            yield break;
        }

        await foreach (var block in BlocksAsync(row, from, to, ct))
        {
            var skipped = (int)Math.Max(0, from - block.First);
            var taken = (int)Math.Min(block.End, to) - (int)block.First - skipped;
            yield return new LeafRun(
                block.First + skipped,
                [.. block.Leaves.Skip(skipped).Take(taken).Select(leaf => leaf.Text)],
                block.HasEntries ? await rules.TextAsync(block.Rules, ct) : null);
        }
    }

    /// <summary>One leaf, and what is kept of its entry besides; null if there is none.</summary>
    public async Task<StoredLeaf?> LeafAsync(StreamArn stream, ShardId shard, long place, CancellationToken ct)
    {
        if (await rows.FindAsync(stream, shard, ct) is not { } row || await BlocksAsync(row, place, place + 1, ct).FirstOrDefaultAsync(ct) is not { } block)
        {
            return null;
        }

        var leaf = block.Leaves[(int)(place - block.First)];
        var body = leaf.Entry is { } key && await table.GetAsync(key, ct) is { } item ? await entries.BodyAsync(item, ct) : default;
        return new StoredLeaf(leaf.Text, body);
    }

    /// <summary>The entries of a shard in its order.</summary>
    public async IAsyncEnumerable<AuditEntry> EntriesAsync(StreamArn stream, ShardId shard, long from, [EnumeratorCancellation] CancellationToken ct)
    {
        if (await rows.FindAsync(stream, shard, ct) is not { } row)
        {
            yield break;
        }

        var keys = BlocksAsync(row, from, long.MaxValue, ct).SelectMany(block => block.Leaves
            .Where((leaf, at) => leaf.Entry is not null && block.First + at >= from).Select(leaf => leaf.Entry!.Value).ToAsyncEnumerable());
        await foreach (var (_, entry) in entries.AtAsync(keys, ct))
        {
            yield return entry;
        }
    }
}
