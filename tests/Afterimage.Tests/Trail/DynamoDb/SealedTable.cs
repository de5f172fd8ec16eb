using System.Globalization;
using System.Text;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Tests.Support;
using Afterimage.Trail;
using Afterimage.Trail.DynamoDb.Table;
using Afterimage.Verifying;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>A sealed trail in a DynamoDB table with everything in it that there is, and the ways of an insider who may write to the table.</summary>
internal sealed class SealedTable : IDisposable
{
    public static readonly ShardId Shard = new("shardId-1");

    private readonly TrailRig rig;

    private SealedTable(TrailRig rig) => this.rig = rig;

    /// <summary>The keys of all items, in order.</summary>
    public IReadOnlyList<ItemKey> Keys => [.. rig.Table.Items.Keys.OrderBy(key => key.Partition, StringComparer.Ordinal).ThenBy(key => key.Sort, StringComparer.Ordinal)];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Fills a table and seals it.</summary>
    /// <param name="more">Records behind the others.</param>
    public static async Task<SealedTable> FillAsync(params IReadOnlyList<ReadOnlyMemory<byte>> more)
    {
        var made = new SealedTable(await TrailRig.NewAsync(11));
        await made.WorkAsync(more);
        (await made.VerifyAsync()).Findings.ShouldBeEmpty();
        return made;
    }

    /// <summary>The first key that is so.</summary>
    public ItemKey Find(Func<ItemKey, AttributeMap, bool> which) => Keys.First(key => which(key, Item(key)));

    /// <summary>An item as it is.</summary>
    public AttributeMap Item(ItemKey key) => rig.Table.Items.Find(key)!;

    /// <summary>Puts something in the place of an item, or takes it away.</summary>
    public void Set(ItemKey key, AttributeMap? item) => rig.Table.Items.Set(key, item);

    /// <summary>Puts an attribute in the place of another, or takes it away.</summary>
    public void Set(ItemKey key, string attribute, AttributeValue? value) =>
        Set(key, new AttributeMap([.. Item(key).Where(member => member.Key != attribute), .. value is null ? Array.Empty<KeyValuePair<string, AttributeValue>>() : [new(attribute, value)]]));

    /// <summary>Checks the trail as it is now.</summary>
    public Task<Verification> VerifyAsync() => rig.VerifyAsync();

    /// <summary>Demands that checking says that the trail was altered.</summary>
    public async Task FoundAsync(string what)
    {
        var verified = await VerifyAsync();
        verified.IsAltered.ShouldBeTrue(what);
        verified.Findings.ShouldContain(finding => finding.IsAlteration && finding.What.Contains(what, StringComparison.Ordinal), string.Join('\n', verified.Findings));
    }

    /// <summary>Everything that a trail can be asked.</summary>
    public async Task<string> AnswersAsync()
    {
        var said = new StringBuilder();
        try
        {
            await using var trail = FakeTrail.Open(rig.Table, OpenMode.ReadOnly, "reader");
            foreach (var shard in (ShardId[])[Shard, TrailShard.Intake])
            {
                (await trail.ShardEntriesAsync(FakeStream.Arn, shard, 0, Ct).ToListAsync(Ct)).ForEach(entry => said.AppendLine(EntryJson.ToText(entry)));
            }

            await foreach (var (entry, cursor) in trail.SearchAsync(new SearchFilter(), Ct))
            {
                said.Append(cursor.Value).AppendLine(EntryJson.ToText(entry));
                said.AppendLine(await trail.FindAsync(entry.Id, Ct) is { } shown ? EntryJson.ToText(shown) : "not shown");
                if (entry.Keys is { } keys)
                {
                    (await trail.HistoryAsync(new HistoryFilter("Orders", keys, Reverse: false, null), Ct).ToListAsync(Ct)).ForEach(one => said.Append(one.Id.Value));
                    (await trail.HistoryAsync(new HistoryFilter("Orders", new([new("id", keys["id"])]), Reverse: false, null), Ct).ToListAsync(Ct)).ForEach(one => said.Append(one.Id.Value));
                }
            }

            foreach (var filter in new SearchFilter[] { new() { Actor = "alice" }, new() { Entity = "order" }, new() { Service = "orders-api" }, new() { Action = ChangeAction.Modify }, new() { Unattributed = true } })
            {
                (await trail.SearchAsync(filter, Ct).ToListAsync(Ct)).ForEach(found => said.Append(found.Entry.Id.Value));
            }

            (await trail.GapsAsync(Ct)).ToList().ForEach(gap => said.AppendLine(CultureInfo.InvariantCulture, $"{gap.Entry.Id} {gap.Acknowledged} {gap.Reason}"));
            said.AppendLine(CultureInfo.InvariantCulture, $"{(await trail.SizeAsync(Ct)).Entries}");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            said.AppendLine(CultureInfo.InvariantCulture, $"failed: {e.GetType()}");
        }

        return said.ToString();
    }

    public void Dispose() => rig.Dispose();

    private async Task WorkAsync(IReadOnlyList<ReadOnlyMemory<byte>> more)
    {
        using var process = rig.Process("worker");
        var batch = rig.Batch(24);
        await process.BringAsync([batch[3], TrailRig.Rubbish(1), batch[9]]);
        var row = (await process.KeepAsync((await process.TakeAsync(Shard)).ShouldNotBeNull(), batch[..8])).ShouldNotBeNull();
        row = (await process.KeepAsync(row, [.. batch[8..16], TrailRig.Rubbish(1), TrailRig.Rubbish(2)])).ShouldNotBeNull();
        await process.Trail.PlaceIntakeAsync(Ct);
        await rig.SealAsync(process.Trail);
        (await process.KeepAsync(row, [.. batch[16..], .. more], afterGap: true)).ShouldNotBeNull();
        await process.Trail.AcknowledgeGapAsync((await process.Trail.GapsAsync(Ct))[0].Entry.Id, rig.Time.Now, "the worker was down", Ct);
        await rig.SealAsync(process.Trail);
    }
}
