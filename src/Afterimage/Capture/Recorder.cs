using System.Collections.Concurrent;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail;

namespace Afterimage.Capture;

/// <summary>Turns batches into entries and appends them: the one way by which a change becomes durable.</summary>
/// <param name="trail">Where entries are kept.</param>
/// <param name="rulesOf">What is configured for a table.</param>
/// <param name="kept">Is told of entries once they are durable.</param>
/// <param name="secrets">Makes a secret of so many random bytes.</param>
public sealed class Recorder(ITrail trail, Func<string, TableRules> rulesOf, IProgress<KeptBatch> kept, Func<int, byte[]> secrets) : IShardJournal, IDisposable
{
    private const int NameBytes = 8;

    private readonly ConcurrentDictionary<(StreamArn Stream, ShardId Shard), ShardTail> tails = new();
    private string? name;

    /// <inheritdoc/>
    public async Task<StreamProgress> ReadAsync(StreamArn stream, CancellationToken ct)
    {
        // The beginning first: one that is kept after the rows were read would leave out what was read since.
        var beginning = await trail.BeginningAsync(stream, ct);
        var rows = await trail.ShardsAsync(stream, ct);
        return new StreamProgress(beginning, [.. rows.Where(row => row.IsOfStream).Select(row => row.Progress)]);
    }

    /// <inheritdoc/>
    public async Task<StreamBeginning> BeginAsync(StreamBeginning beginning, CancellationToken ct)
    {
        if (await trail.BeginningAsync(beginning.Stream, ct) is { } known)
        {
            return known;
        }

        var append = await PrepareAsync(beginning, ct);
        if (await trail.AppendAsync(append, ct) == AppendOutcome.Kept)
        {
            kept.Report(new KeptBatch(append));
            return beginning;
        }

        // Of two that are kept at once the first one counts.
        return await trail.BeginningAsync(beginning.Stream, ct)
            ?? throw new InvariantViolationException($"The trail holds shard {append.Before.Shard} of {beginning.Stream} but not how the stream began.");
    }

    /// <inheritdoc/>
    public Task NoteReadThroughAsync(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough, CancellationToken ct) =>
        trail.KeepReadThroughAsync(stream, readThrough, ct);

    /// <inheritdoc/>
    public async Task<KeepResult> KeepAsync(StreamBatch batch, ShardProgress before, CancellationToken ct)
    {
        if (await TailAsync(batch, before, ct) is not { } tail)
        {
            return new KeepResult.Superseded();
        }

        // A crash before this commit repeats the batch, a crash after it goes on behind it: entries, tree and position move together.
        var met = new MetEntries(batch.Stream, batch.Shard, rulesOf(batch.Stream.Table));
        await tail.Stamps.LookAsync(batch.Records, ct);
        TrailAppend append;
        AppendOutcome outcome;
        do
        {
            append = await PrepareAsync(batch, before, tail, met, ct);
            outcome = await trail.AppendAsync(append, ct);
        }
        while (outcome == AppendOutcome.Met && await met.TakeAsync(trail, append, ct));
        if (outcome == AppendOutcome.Superseded || append.After.Finished)
        {
            Forget(batch);
        }

        if (outcome == AppendOutcome.Superseded)
        {
            return new KeepResult.Superseded();
        }

        tail.Advance(append);
        kept.Report(new KeptBatch(append) { Differing = met.Differing, Unannounced = await tail.Stamps.SettleAsync(append.Entries, ct) });
        return new KeepResult.Kept(append.After);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tail in tails.Values)
        {
            tail.Dispose();
        }
    }

    private async Task<TrailAppend> PrepareAsync(StreamBeginning beginning, CancellationToken ct)
    {
        var stream = beginning.Stream;
        var shard = TrailShard.OfTable(stream.Table);
        var rules = rulesOf(stream.Table);
        TrailLeaf[] leaves =
        [
            LeafOf.Open(await NameAsync(ct), stream, shard, parent: null, isUnread: false),
            new NoticeLeaf(stream, shard).Beginning(beginning, index: 1),
            LeafOf.Close(index: 2),
        ];
        var before = new ShardProgress(shard, null, null, 0, Finished: false);
        var tree = TreeState.Empty.Append([.. leaves.Select(leaf => leaf.Hash)]);
        return new TrailAppend(stream, before, before with { Size = leaves.Length, Finished = true }, leaves, tree, rules) { Beginning = beginning };
    }

    private async Task<TrailAppend> PrepareAsync(StreamBatch batch, ShardProgress before, ShardTail tail, MetEntries met, CancellationToken ct)
    {
        var rules = rulesOf(batch.Stream.Table);
        var leaves = new List<TrailLeaf>(batch.Records.Count + 2);
        if (before.Size == 0)
        {
            leaves.Add(await OpenAsync(batch, before, ct));
        }

        if (batch.Gap is { } gap)
        {
            leaves.Add(new NoticeLeaf(batch.Stream, batch.Shard).Gap(gap, before.Size + leaves.Count));
        }

        var last = await CommitAsync(batch, before, tail, leaves, met, ct);

        // What was lost was not read to its end: there the gap is the last leaf.
        var isLost = batch.Gap is not null && leaves[^1].Entry?.Kind == EntryKind.Gap;
        if (batch.EndsShard && !before.Finished && !isLost)
        {
            leaves.Add(LeafOf.Close(before.Size + leaves.Count));
        }

        var newest = leaves.LastOrDefault(leaf => leaf.Entry is { IsOfRecord: true })?.Entry!.Time;
        var after = before with
        {
            Last = last,
            Size = before.Size + leaves.Count,
            Finished = batch.EndsShard,
            GapFoundAt = newest is null ? batch.Gap?.FoundAt ?? before.GapFoundAt : null,
            ReadThrough = new[] { before.ReadThrough, batch.ReadThrough, newest }.Max(),
        };
        return new TrailAppend(batch.Stream, before, after, leaves, tail.Tree.Append([.. leaves.Select(leaf => leaf.Hash)]), rules);
    }

    // The leaves of the records that are new, and the last sequence number among them.
    private async Task<SequenceNumber?> CommitAsync(StreamBatch batch, ShardProgress before, ShardTail tail, List<TrailLeaf> leaves, MetEntries met, CancellationToken ct)
    {
        var ids = new HashSet<EntryId>();
        var (last, time) = (before.Last, tail.LastTime);
        foreach (var raw in batch.Records)
        {
            // What hides its own time is filed under the shard's entry before it, wherever the batches were cut and whatever was only seen.
            var standing = await tail.Stamps.OfAsync(raw, ct);
            var leaf = tail.Committer.Commit(raw, before.Size + leaves.Count, time ?? DateTimeOffset.UnixEpoch, standing);
            var entry = leaf.Entry!;
            if (!ids.Add(entry.Id) || await IsRepeatAsync(entry, last, ct))
            {
                continue;
            }

            var isMet = met.Contains(entry.Id);
            leaves.Add(isMet ? LeafOf.Seen(entry, before.Size + leaves.Count) : leaf);
            time = isMet ? time : entry.Time;
            last = entry.SequenceNumber ?? last;
        }

        return last;
    }

    // Where the shard stands is remembered from batch to batch, and read from the trail where somebody else may have moved it.
    private async Task<ShardTail?> TailAsync(StreamBatch batch, ShardProgress before, CancellationToken ct)
    {
        if (tails.TryGetValue((batch.Stream, batch.Shard), out var known) && known.Tree.Size == before.Size)
        {
            return known;
        }

        Forget(batch);
        var row = await trail.ShardAsync(batch.Stream, batch.Shard, ct);
        if ((row?.Tree.Size ?? 0) != before.Size)
        {
            return null;
        }

        var key = await trail.SaltKeyAsync(batch.Stream, batch.Shard, secrets(ShardSalts.KeySize), ct);
        var rules = rulesOf(batch.Stream.Table);
        return tails[(batch.Stream, batch.Shard)] = new ShardTail(batch.Stream, batch.Shard, rules, key.Span, row, new StampStandings(trail, batch.Stream, rules.Stamp));
    }

    // A shard without a parent begins; so does one whose parent was gone when the stream was first listed. Any other parent should have been read.
    private async Task<TrailLeaf> OpenAsync(StreamBatch batch, ShardProgress before, CancellationToken ct)
    {
        var parent = before.Parent is { } id ? await trail.ShardAsync(batch.Stream, id, ct) : null;
        var isRead = parent is { Progress.Finished: true };
        var isUnread = !isRead && before.Parent is not null && (await trail.BeginningAsync(batch.Stream, ct))?.Begins.Contains(batch.Shard) != true;
        return LeafOf.Open(await NameAsync(ct), batch.Stream, batch.Shard, isRead ? parent : null, isUnread);
    }

    private async Task<string> NameAsync(CancellationToken ct) => name ??= await trail.NameAsync($"afterimage/{Convert.ToHexStringLower(secrets(NameBytes))}", ct);

    private void Forget(StreamBatch batch)
    {
        if (tails.TryRemove((batch.Stream, batch.Shard), out var tail))
        {
            tail.Dispose();
        }
    }

    // Within a shard sequence numbers rise, so whatever does not lie beyond the last one was kept before.
    // An unreadable record may hide its number: its id, made of its bytes, tells it again.
    private async Task<bool> IsRepeatAsync(CommittedEntry entry, SequenceNumber? last, CancellationToken ct) => entry.SequenceNumber is { } sequence
        ? last is not null && sequence <= last
        : await trail.FindAsync(entry.Id, ct) is { } held && held.ShardId != TrailShard.Intake.Value;
}
