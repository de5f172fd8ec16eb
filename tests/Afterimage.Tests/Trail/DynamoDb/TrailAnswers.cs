using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>Everything that a trail can be asked, held to the records that it is to hold.</summary>
internal sealed class TrailAnswers(ITrail trail, SeenEntries seen)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Demands that every answer is of these records, each of them once.</summary>
    public async Task CheckAsync(IReadOnlyList<(ShardId Shard, IReadOnlyList<ReadOnlyMemory<byte>> Records)> shards)
    {
        var entries = await CheckShardsAsync(shards);
        var found = await trail.SearchAsync(new SearchFilter(), Ct).Select(one => one.Entry).ToListAsync(Ct);
        found.Select(EntryJson.ToText).ShouldBe(entries.Values.Select(EntryJson.ToText), ignoreOrder: true);
        foreach (var (id, entry) in entries)
        {
            EntryJson.ToText((await trail.FindAsync(id, Ct)).ShouldNotBeNull()).ShouldBe(EntryJson.ToText(entry));
        }

        foreach (var group in entries.Values.Where(entry => entry.Keys is not null).GroupBy(entry => CanonicalText.Of(entry.Keys!["id"])))
        {
            await CheckHistoryAsync(new([new("id", group.First().Keys!["id"])]), [.. group]);
            foreach (var item in group.GroupBy(entry => CanonicalText.Of(entry.Keys!)))
            {
                await CheckHistoryAsync(item.First().Keys!, [.. item]);
            }
        }

        foreach (var actor in entries.Values.Where(entry => entry.Actor.Id is not null).GroupBy(entry => entry.Actor.Id))
        {
            var made = await trail.SearchAsync(new SearchFilter { Actor = actor.Key }, Ct).Select(one => one.Entry.Id).ToListAsync(Ct);
            made.ShouldBe(actor.Select(entry => entry.Id), ignoreOrder: true);
        }

        (await trail.SizeAsync(Ct)).Entries.ShouldBe(entries.Count);
    }

    // Every record has one leaf in its shard's tree, in its place, and one entry, there or in that of the intake.
    private async Task<Dictionary<EntryId, AuditEntry>> CheckShardsAsync(IReadOnlyList<(ShardId Shard, IReadOnlyList<ReadOnlyMemory<byte>> Records)> shards)
    {
        var entries = new Dictionary<EntryId, AuditEntry>();
        var placed = await LeavesAsync(TrailShard.Intake);
        await TakeAsync(TrailShard.Intake, placed, entries);
        var missing = placed.Select(leaf => leaf.EntryId).OfType<string>().ToHashSet();
        foreach (var (shard, records) in shards)
        {
            var leaves = await LeavesAsync(shard);

            // A record that hides its number may be seen again where the shard's reading began anew behind it.
            leaves.Where((leaf, at) => leaf.Kind is "entry" or "raw" or "seen" && !(leaf is { Kind: "seen", Seq: null or "" } && leaves[..at].Any(other => other.EntryId == leaf.EntryId))).Select(leaf => leaf.EntryId).ShouldBe(records.Select(raw => TrailRig.IdOf(raw).Value), $"{shard}");
            leaves.Where(leaf => leaf.Kind == "seen").Select(leaf => leaf.EntryId).Distinct().ShouldAllBe(id => missing.Remove(id!));
            await TakeAsync(shard, leaves, entries);
        }

        missing.ShouldBeEmpty();
        return entries;
    }

    private async Task<List<ShardLeaf>> LeavesAsync(ShardId shard) => await trail.Log.LeavesAsync(TreeName.Of(FakeStream.Arn, shard), 0, long.MaxValue, Ct)
        .SelectMany(run => run.Texts.Select(text => ShardLeaf.Read(text.Span)).ToAsyncEnumerable()).ToListAsync(Ct);

    private async Task TakeAsync(ShardId shard, List<ShardLeaf> leaves, Dictionary<EntryId, AuditEntry> entries)
    {
        leaves.Select(leaf => leaf.Index).ShouldBe(Enumerable.Range(0, leaves.Count).Select(place => (long)place), $"{shard}");
        var kept = await trail.ShardEntriesAsync(FakeStream.Arn, shard, 0, Ct).ToListAsync(Ct);
        kept.Select(entry => (entry.Id.Value, entry.Index)).ShouldBe(leaves.Where(leaf => leaf.Kind is "entry" or "raw" or "gap").Select(leaf => (leaf.EntryId!, leaf.Index)), $"{shard}");
        foreach (var entry in kept)
        {
            entries.TryAdd(entry.Id, entry).ShouldBeTrue($"{entry.Id} has two entries");
            seen.Take(entry);
        }
    }

    private async Task CheckHistoryAsync(AttributeMap key, IReadOnlyList<AuditEntry> entries)
    {
        var history = await trail.HistoryAsync(new HistoryFilter("Orders", key, Reverse: false, null), Ct).ToListAsync(Ct);
        history.Select(EntryJson.ToText).ShouldBe(entries.OrderBy(entry => new SequenceNumber(entry.SequenceNumber!)).Select(EntryJson.ToText));
    }
}
