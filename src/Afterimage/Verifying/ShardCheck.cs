using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Afterimage.Entries;
using Afterimage.Trail;

namespace Afterimage.Verifying;

/// <summary>Checks everything that is kept of one shard: each leaf by itself on as many threads as there are, and their order on one.</summary>
internal sealed class ShardCheck : IDisposable
{
    // Enough to go on with while the next ones are read.
    private const int RunsPerThread = 8;

    private readonly ITrailInspection inspection;
    private readonly TrailShard shard;
    private readonly TreeName name;
    private readonly HeadWalk walk;
    private readonly ShardOrder order;
    private readonly RulesCheck rules;
    private readonly Func<EntryId, Task<bool>> isHeld;
    private readonly Findings findings;
    private readonly List<AuditEntry> gaps = [];
    private readonly ConcurrentDictionary<string, ConcurrentBag<LeafCheck>> checks = new(StringComparer.Ordinal);

    /// <summary>A check of one shard.</summary>
    /// <param name="inspection">The trail.</param>
    /// <param name="shard">The shard's row.</param>
    /// <param name="heads">The heads that were sealed of it.</param>
    /// <param name="order">What its leaves are held to, one after the other.</param>
    /// <param name="rules">What is known of the rules that its entries are read by.</param>
    /// <param name="isHeld">Whether the trail holds an entry, wherever it is.</param>
    /// <param name="findings">Is told what is wrong.</param>
    public ShardCheck(
        ITrailInspection inspection, TrailShard shard, IAsyncEnumerator<PlacedHead> heads, ShardOrder order, RulesCheck rules, Func<EntryId, Task<bool>> isHeld, Findings findings)
    {
        (this.inspection, this.shard, this.order, this.rules, this.isHeld, this.findings) = (inspection, shard, order, rules, isHeld, findings);
        name = TreeName.Of(shard.Stream, shard.Progress.Shard);
        walk = new HeadWalk(name, heads, findings);
    }

    /// <summary>How many entries there are.</summary>
    public long Entries { get; private set; }

    /// <summary>The gaps among them.</summary>
    public IReadOnlyList<AuditEntry> Gaps => gaps;

    /// <summary>How many leaves no seal covers.</summary>
    public long Unsealed => walk.Next - walk.Sealed;

    /// <summary>Checks the shard.</summary>
    /// <param name="checkedEntries">Is told how many more entries were checked.</param>
    /// <param name="ct">Gives up.</param>
    public async Task RunAsync(IProgress<long> checkedEntries, CancellationToken ct)
    {
        await walk.BeginAsync();
        var queue = Channel.CreateBounded<Task<CheckedRun>>(RunsPerThread * Environment.ProcessorCount);
        var reading = ReadAsync(queue.Writer, ct);
        await foreach (var next in queue.Reader.ReadAllAsync(ct))
        {
            var run = await next;
            if (run.Run.First != walk.Next)
            {
                findings.Altered("SEQUENCE", Text($"{name}: leaf {walk.Next} is missing, {run.Run.First} is the next"));
            }

            await TakeAsync(run);
            checkedEntries.Report(run.Leaves.Count);
        }

        await reading;
        await walk.EndAsync();
        CompareRow();
    }

    /// <summary>What the leaves of a run stand for, without telling what is wrong with them.</summary>
    public static IReadOnlyList<CommittedEntry?> Expect(StoredRun run)
    {
        using var check = new LeafCheck(run.Shard.Stream, run.Shard.Progress.Shard, RulesText.Read(run.Rules));
        return [.. check.Check(run).Select(leaf => leaf.Entry)];
    }

    public void Dispose()
    {
        foreach (var check in checks.Values.SelectMany(bag => bag))
        {
            check.Dispose();
        }
    }

    private async Task ReadAsync(ChannelWriter<Task<CheckedRun>> queue, CancellationToken ct)
    {
        try
        {
            await foreach (var run in inspection.RunsAsync(shard, ct))
            {
                await queue.WriteAsync(Task.Run(() => Check(run), ct), ct);
            }
        }
        finally
        {
            queue.Complete();
        }
    }

    private CheckedRun Check(StoredRun run)
    {
        try
        {
            var bag = checks.GetOrAdd(run.Rules, _ => []);
            if (!bag.TryTake(out var check))
            {
                check = new LeafCheck(shard.Stream, shard.Progress.Shard, RulesText.Read(run.Rules));
            }

            var leaves = check.Check(run);
            bag.Add(check);
            return new CheckedRun(run, leaves, [.. Compare(run, leaves)]);
        }
        catch (FormatException e)
        {
            return new CheckedRun(run, [], [Finding.Altered("SHARD ALTERED", Text($"{name}, leaves from {run.First} on: {e.Message}"))]);
        }
    }

    // Where the values of an entry were altered nothing follows from them, and what it is found by is not told to be wrong as well.
    private IEnumerable<Finding> Compare(StoredRun run, CheckedLeaf[] leaves) => inspection
        .Compare(run, [.. leaves.Select(leaf => leaf.Entry)])
        .Where(found => leaves[found.Place - run.First].Problem is null)
        .Select(found => Finding.Altered("DERIVED", Text($"{Name(leaves[found.Place - run.First], found.Place)}: {found.What}")));

    private async Task TakeAsync(CheckedRun run)
    {
        foreach (var problem in run.Problems)
        {
            findings.Add(problem);
        }

        rules.Compare(name, run.Run);
        foreach (var leaf in run.Leaves)
        {
            if (leaf.Problem is { } problem)
            {
                findings.Add(problem);
            }

            Entries += leaf.Leaf?.Kind is "open" or "close" or "seen" ? 0 : 1;
            if (leaf.Gap is { } gap)
            {
                gaps.Add(gap);
            }

            if (leaf.Leaf is { Kind: "seen", EntryId: var seen } && !(EntryId.TryParse(seen, out var id) && await isHeld(id)))
            {
                findings.Altered("MISSING, NOT ERASED", Text($"{name}: leaf {walk.Next} says that the trail holds entry {seen} in another shard, and it does not"));
            }

            order.Take(leaf, walk.Next);

            // What came without a shard did not come from a stream's last day.
            await walk.TakeAsync(leaf.Hash, leaf.Leaf is { Kind: "entry" or "mark", At: var at } && shard.Progress.Shard != TrailShard.Intake ? at : null);
        }
    }

    // What the shard's row says beside its leaves.
    private void CompareRow()
    {
        var row = shard.Progress;
        if (!walk.Tree.Equals(shard.Tree) || row.Size != walk.Tree.Size)
        {
            findings.Altered(walk.Tree.Size < row.Size ? "TRUNCATED" : "SHARD ALTERED", Text($"{name}: its row says {row.Size} leaves with root {shard.Tree.Root().ToBase64()}, and {walk.Tree.Size} with root {walk.Tree.Root().ToBase64()} are kept"));
        }

        (string What, object? Row, object? Kept)[] said =
        [
            ("entries", shard.Entries, Entries),
            ("the last sequence number", row.Last?.Text, order.Last?.Text),
            ("whether it is finished", row.Finished, order.IsEnded),
            ("the time of the newest change", shard.LastEntryTime, order.NewestChange),
        ];
        foreach (var (what, isSaid, isKept) in said.Where(pair => !Equals(pair.Row, pair.Kept)))
        {
            findings.Altered("DERIVED", Text($"{name}: its row says '{isSaid}' of {what}, and its leaves '{isKept}'"));
        }
    }

    private static string Name(CheckedLeaf leaf, long place) => leaf.Entry is { } entry ? $"entry {entry.Id}" : Text($"leaf {place}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
