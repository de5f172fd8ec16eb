using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Shards;
using Afterimage.Trail.Bodies;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>Puts entries that come without a shard's lease: each under the key that its change has, whoever brings it, so that one item decides who was first.</summary>
/// <param name="table">The table.</param>
/// <param name="rows">The rows of shards.</param>
/// <param name="entries">Reads what lies there already.</param>
/// <param name="time">The clock of waits.</param>
/// <param name="intake">What is to be kept.</param>
/// <param name="rules">The hash of its rules.</param>
/// <param name="partitionKey">The audited table's partition key.</param>
internal sealed class DynamoIntake(IItemTable table, ShardRows rows, EntryReading entries, TimeProvider time, TrailIntake intake, string rules, string? partitionKey)
{
    // A worker commits what it has put within a moment, unless it is dead or paused.
    private const int LooksMax = 20;

    // A key has at most 3 KB (API reference, limits), and an item 400.
    private const int NotedMax = 100;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>Puts them.</summary>
    /// <returns>What became of each.</returns>
    public async Task<IReadOnlyList<IntakeOutcome>> PutAsync(CancellationToken ct)
    {
        await rows.NoteStreamAsync(intake.Stream, ct);
        await table.WriteAsync(new ItemWrite.Update(Layout.RowOf(intake.Stream, TrailShard.Intake), [("intake", AttributeValue.Boolean(true))]), ct);
        var made = intake.Leaves.Select(leaf => Make(leaf, isWhole: true)).ToList();
        var pointers = made.Zip(intake.Leaves, (item, leaf) => Pointer.Of(leaf.Entry!.Id, item.Item.Key));
        var notes = made.Select(item => item.Item.Key).Distinct().Chunk(NotedMax).Select(Note);
        await table.PutManyAsync([.. made.SelectMany(item => item.Parts).Concat(pointers).Concat(notes).DistinctBy(item => item.Key)], ct);
        return await Task.WhenAll(made.Select((item, at) => PutAsync(item.Item, intake.Leaves[at], ct)));
    }

    private EntryItem Make(TrailLeaf leaf, bool isWhole)
    {
        // In the place before the first: it waits for its own.
        var nowhere = new ShardProgress(TrailShard.Intake, null, null, TrailIntake.Waiting, Finished: false);
        return new EntryItems(new TrailAppend(intake.Stream, nowhere, nowhere, [leaf], TreeState.Empty, intake.Rules), partitionKey, rules).Make(0, Claim.Intake, isWhole);
    }

    // The same entries make the same note, so that a retry of Lambda writes it once more and no other. Notes are read by their earliest entries, so that what happened first gets its place first.
    private NewItem Note(IReadOnlyList<ItemKey> keys)
    {
        var name = $"{keys.Select(key => key.Sort).Min(StringComparer.Ordinal)} {EntryItems.HashOf(Encoding.UTF8.GetBytes(string.Join('\n', keys)))}";
        return NewItem.Of(
            new ItemKey(Layout.IntakeOf(intake.Stream), name), ("pks", Cell.Of(keys.Select(key => key.Partition))), ("sks", Cell.Of(keys.Select(key => key.Sort))));
    }

    private async Task<IntakeOutcome> PutAsync(NewItem item, TrailLeaf leaf, CancellationToken ct)
    {
        for (var look = 0; ; look++)
        {
            if (await TryPutAsync(new ItemWrite.Put(item, Term.NoItem), leaf, ct))
            {
                return IntakeOutcome.Kept;
            }

            if ((await table.GetManyAsync([item.Key], [.. EntryReading.Attributes, "id"], ct)).Select(one => (Item?)one).FirstOrDefault() is not { } found)
            {
                continue;
            }

            if (await entries.EntryAsync(found, ct) is { } held)
            {
                // A put of ours whose answer was lost is there with these very values.
                return SameChange.Is(held, Entry(leaf)) ? IntakeOutcome.Held : IntakeOutcome.Differs;
            }

            if (look < LooksMax)
            {
                await Task.Delay(BetweenLooks, time, ct);
            }
            else if (await IsAbandonedAsync(found, ct)
                && await TryPutAsync(new ItemWrite.Put(item, Term.Is("claim", found.Text("claim")), Term.Is("index", found.Integer("index"))), leaf, ct))
            {
                return IntakeOutcome.Kept;
            }
        }
    }

    private Task<bool> TryPutAsync(ItemWrite.Put put, TrailLeaf leaf, CancellationToken ct) => ReadablePut.TryAsync(table, put, () => Make(leaf, isWhole: false).Item, ct);

    // Whoever put it can commit it no more once the fence of its shard's row has risen.
    private async Task<bool> IsAbandonedAsync(Item found, CancellationToken ct)
    {
        var (stream, shard) = EntryReading.ShardOf(found);
        var row = await rows.FindAsync(stream, shard, ct);
        if (row?.Holds(found.Integer("index"), found.Text("claim")) ?? false)
        {
            return false;
        }

        if (row is not null && Claim.Read(found.Text("claim")).Epoch < row.Shard.Progress.Epoch)
        {
            return true;
        }

        await rows.NoteStreamAsync(stream, ct);
        return await table.WriteAsync(new ItemWrite.Update(Layout.RowOf(stream, shard), [("fence", Cell.Of((row?.Fence ?? 0) + 1)), ("fencedBy", Cell.Of(Claim.Intake))], [.. RowMove.Conditions(row)]), ct);
    }

    private AuditEntry Entry(TrailLeaf leaf) =>
        EntryJson.Read(new EntryText(intake.Stream, TrailShard.Intake, intake.Rules).Json(TrailIntake.NoPlace, leaf.Text, leaf.Entry!.Body));
}
