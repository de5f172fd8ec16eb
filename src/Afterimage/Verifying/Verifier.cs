using System.Globalization;
using System.Runtime.CompilerServices;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Sealing;
using Afterimage.Streams.Watching;
using Afterimage.Trail;

namespace Afterimage.Verifying;

/// <summary>Checks a whole trail, from the newest signature to every value that an answer shows.</summary>
/// <param name="trail">The trail.</param>
/// <param name="key">The key that must have signed its log.</param>
/// <param name="witnesses">Who holds what was signed.</param>
/// <param name="options">From when on something is late.</param>
/// <param name="time">The clock.</param>
/// <param name="secrets">Makes a secret of so many random bytes.</param>
public sealed class Verifier(ITrail trail, VerifierKey key, IReadOnlyList<IWitness> witnesses, VerifierOptions options, TimeProvider time, Func<int, byte[]> secrets)
{
    private readonly Findings findings = new();

    /// <summary>Checks everything. The trail may grow meanwhile: what is kept later is not looked at.</summary>
    /// <param name="progress">Is told how many more leaves were checked.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Verification> RunAsync(IProgress<long> progress, CancellationToken ct)
    {
        var log = new LogWalk(findings, []);
        var entries = 0L;
        try
        {
            // The log first: what it says was kept before the rest is taken down.
            var end = await trail.Log.EndAsync(ct);
            var newest = await CheckNewestAsync(ct);
            log = await WalkLogAsync(end, ct);
            var inspection = await trail.InspectAsync(secrets, ct);
            var rules = new RulesCheck(findings);
            var acknowledged = await WalkAdministrationAsync(inspection, log, rules, ct);
            var shards = await CheckShardsAsync(inspection, log, rules, progress, ct);
            entries = shards.Entries;
            foreach (var what in await inspection.CompareRestAsync(ShardCheck.Expect, acknowledged, ct))
            {
                findings.Altered("DERIVED", what);
            }

            Report(acknowledged, shards, log, newest);
            await ReportIntakeAsync(inspection, ct);
        }
        catch (FormatException e)
        {
            findings.Altered("SHARD ALTERED", $"a row of the trail cannot be read, and nothing behind it was checked: {e.Message}");
        }

        return new Verification(key, log.Tree.Size, log.Tree.Root(), entries, log.Epoch?.Time, findings.Listed, findings.Unlisted);
    }

    private async Task<SignedCheckpoint?> CheckNewestAsync(CancellationToken ct)
    {
        try
        {
            var newest = await trail.Log.NewestCheckpointAsync(ct);
            if (newest is not null && !newest.IsSignedBy(key))
            {
                findings.Altered("SIGNATURE", Text($"the newest checkpoint, of size {newest.Checkpoint.Size} and origin '{newest.Checkpoint.Origin}', is not signed by {key}"));
            }

            return newest;
        }
        catch (FormatException e)
        {
            findings.Altered("SIGNATURE", $"the newest checkpoint is none: {e.Message}");
            return null;
        }
    }

    private async Task<LogWalk> WalkLogAsync(LogEnd end, CancellationToken ct)
    {
        List<RootClaims> claims = [new("the trail", Read(trail.Log.CheckpointsAsync(ct)).GetAsyncEnumerator(ct), key), .. witnesses.Select(witness =>
            new RootClaims(witnesses.Count == 1 ? "witness" : $"witness {witness.Uri}", witness.AllAsync(ct).GetAsyncEnumerator(ct), key) { ChecksSignatures = true })];
        var walk = new LogWalk(findings, claims);
        await foreach (var row in trail.Log.ReadAsync(0, ct))
        {
            if (walk.Next < end.Tree.Size)
            {
                await walk.TakeAsync(row);
            }
        }

        await walk.EndAsync(async () => (await trail.Log.EndAsync(ct)).Tree.Size);
        foreach (var claim in claims)
        {
            await claim.CloseAsync();
        }

        if (!walk.Tree.Equals(end.Tree))
        {
            findings.Altered("FORK", Text($"the log is to end at size {end.Tree.Size} with root {end.Tree.Root().ToBase64()}, and ends at {walk.Tree.Size} with root {walk.Tree.Root().ToBase64()}"));
        }

        return walk;
    }

    private static async IAsyncEnumerable<SignedCheckpoint> Read(IAsyncEnumerable<ReadOnlyMemory<byte>> notes)
    {
        await foreach (var note in notes)
        {
            yield return SignedCheckpoint.Read(note.Span);
        }
    }

    private async Task<IReadOnlyDictionary<EntryId, Acknowledgement>> WalkAdministrationAsync(ITrailInspection inspection, LogWalk log, RulesCheck rules, CancellationToken ct)
    {
        var acknowledged = new Dictionary<EntryId, Acknowledgement>();
        await using var heads = HeadsAsync(TreeName.Administration, log, ct).GetAsyncEnumerator(ct);
        var walk = new HeadWalk(TreeName.Administration, heads, findings);
        await walk.BeginAsync();
        await foreach (var run in trail.Log.LeavesAsync(TreeName.Administration, 0, inspection.Administration.Size, ct))
        {
            foreach (var text in run.Texts)
            {
                Take(text, walk.Next, rules, acknowledged);
                await walk.TakeAsync(MerkleTree.Leaf(text.Span), null);
            }
        }

        await walk.EndAsync();
        if (!walk.Tree.Equals(inspection.Administration))
        {
            findings.Altered("SHARD ALTERED", Text($"{TreeName.Administration}: its row says {inspection.Administration.Size} leaves, and {walk.Tree.Size} are kept, or others"));
        }

        foreach (var (tree, head) in log.Heads)
        {
            rules.Demand(tree, head.Size);
        }

        return acknowledged;
    }

    private void Take(ReadOnlyMemory<byte> text, long place, RulesCheck rules, Dictionary<EntryId, Acknowledgement> acknowledged)
    {
        try
        {
            switch (AdminLeaf.Read(text, place))
            {
                case AdminLeaf.Open open when open.Trail != key.Name:
                    findings.Altered("LINEAGE", $"{TreeName.Administration} opens for the trail '{open.Trail}'");
                    break;
                case AdminLeaf.Configuration configuration:
                    rules.Note(new TreeName(configuration.Shard), configuration.From, configuration.Rules);
                    break;
                case AdminLeaf.Acknowledged gap:
                    acknowledged.TryAdd(new EntryId(gap.Gap), new Acknowledgement(DateTimeOffset.FromUnixTimeSeconds(gap.At), gap.Reason));
                    break;
            }
        }
        catch (FormatException e)
        {
            findings.Altered("SHARD ALTERED", Text($"{TreeName.Administration}, leaf {place}: {e.Message}"));
        }
    }

    private async Task<ShardTotals> CheckShardsAsync(ITrailInspection inspection, LogWalk log, RulesCheck rules, IProgress<long> progress, CancellationToken ct)
    {
        var totals = new ShardTotals(0, 0, []);
        var rows = inspection.Shards.ToDictionary(row => TreeName.Of(row.Stream, row.Progress.Shard));
        foreach (var (name, row) in rows)
        {
            await using var heads = HeadsAsync(name, log, ct).GetAsyncEnumerator(ct);
            var order = new ShardOrder(key.Name, row, id => rows.GetValueOrDefault(TreeName.Of(row.Stream, id)), findings);
            using var check = new ShardCheck(inspection, row, heads, order, rules, async id => await trail.FindAsync(id, ct) is not null, findings);
            await check.RunAsync(progress, ct);
            totals = new ShardTotals(totals.Entries + check.Entries, totals.Unsealed + check.Unsealed, [.. totals.Gaps, .. check.Gaps]);
        }

        foreach (var (name, head) in log.Heads.Where(head => head.Key != TreeName.Administration && !rows.ContainsKey(head.Key)))
        {
            findings.Altered("TRUNCATED", Text($"{name}: 0 of {head.Size}"));
        }

        return totals;
    }

    // Those that were there when the log was read: what they cover was there when the rest was taken down.
    private async IAsyncEnumerable<PlacedHead> HeadsAsync(TreeName name, LogWalk log, [EnumeratorCancellation] CancellationToken ct)
    {
        var found = new HeadDigests();
        await foreach (var head in trail.Log.HeadsAsync(name, ct).Where(head => head.Place < log.Tree.Size))
        {
            found.Take(name, head);
            yield return head;
        }

        if (found.Of(name) != log.Digests.Of(name))
        {
            findings.Altered("HEAD ORDER", $"{name}: the heads that the trail finds by it are not those that are in the log");
        }
    }

    // What does not show that anything was altered, and leaves something open.
    private void Report(IReadOnlyDictionary<EntryId, Acknowledgement> acknowledged, ShardTotals shards, LogWalk log, SignedCheckpoint? newest)
    {
        foreach (var gap in shards.Gaps.Where(gap => !acknowledged.ContainsKey(gap.Id)))
        {
            findings.Incomplete("GAP", $"{gap.Id} in {gap.Table}: {NoticeSentence.Of(gap)}");
        }

        var now = time.GetUtcNow();
        var since = log.Epoch is { } epoch ? now - epoch.Time : (TimeSpan?)null;
        if (shards.Unsealed > 0 && (since is null || since > 2 * options.SealEvery))
        {
            findings.Incomplete("UNSEALED", Text($"{shards.Unsealed} leaves lie behind the last seal{(log.Epoch is { } last ? Text($", of {last.Time:u}") : ": there is none")}"));
        }

        if (log.Tree.Size > (newest?.Checkpoint.Size ?? 0))
        {
            findings.Incomplete("UNSEALED", Text($"the log goes on to size {log.Tree.Size}, and is signed up to {newest?.Checkpoint.Size ?? 0}"));
        }

        if (since > 2 * Sealer.SealAtLeastEvery)
        {
            findings.Incomplete("STALE", Text($"the last seal is of {log.Epoch!.Time:u}: nobody looks after the trail"));
        }
    }

    // What came without a shard, and may not be all there was.
    private async Task ReportIntakeAsync(ITrailInspection inspection, CancellationToken ct)
    {
        foreach (var reason in (await IntentHealth.OfAsync(trail, inspection.Shards, time.GetUtcNow(), ct)).Where(reason => reason.Cause == HealthCause.IntentLeft))
        {
            findings.Incomplete("INTENT", reason.What);
        }

        if (inspection.Waiting > 0)
        {
            findings.Incomplete("INTAKE", Text($"{inspection.Waiting} entries wait for their places: no seal covers them yet"));
        }

        var read = inspection.Shards.Where(row => row.IsOfStream).Select(row => row.Stream).ToHashSet();
        foreach (var fed in inspection.Shards.Where(row => row.Progress.Shard == TrailShard.Intake && !read.Contains(row.Stream) && !TransactionStream.Is(row.Stream)))
        {
            findings.Incomplete("NOT OBSERVED", Text($"{fed.Stream} is fed from outside alone, and no worker reads it: nobody can tell whether changes are missing"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What checking the shards came to.</summary>
/// <param name="Entries">How many entries they have.</param>
/// <param name="Unsealed">How many leaves no seal covers.</param>
/// <param name="Gaps">The gaps.</param>
internal sealed record ShardTotals(long Entries, long Unsealed, IReadOnlyList<AuditEntry> Gaps);

/// <summary>From when on something is late.</summary>
public sealed record VerifierOptions
{
    /// <summary>How often the trail is sealed.</summary>
    public TimeSpan SealEvery { get; init; } = TimeSpan.FromSeconds(10);
}
