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
    /// <summary>
    /// How long the secret of a finished shard may be needed: as long as a stream holds what would be read again (24 hours, Developer Guide,
    /// "Data retention limit for DynamoDB Streams").
    /// </summary>
    public static readonly TimeSpan SaltKeysKept = TimeSpan.FromHours(24);

    private const int NameBytes = 8;

    private readonly ConcurrentDictionary<(StreamArn Stream, ShardId Shard), ShardTail> tails = new();
    private string? name;

    /// <inheritdoc/>
    public async Task<StreamProgress> ReadAsync(StreamArn stream, CancellationToken ct) =>
        new(null, [.. (await trail.ShardsAsync(stream, ct)).Select(row => row.Progress with { ReadThrough = row.ReadThrough })]);

    /// <inheritdoc/>
    /// <remarks>The trail does not keep beginnings yet: a stream of which something is kept counts as begun.</remarks>
    public Task<StreamBeginning> BeginAsync(StreamBeginning beginning, CancellationToken ct) => Task.FromResult(beginning);

    /// <inheritdoc/>
    public Task NoteReadThroughAsync(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough, CancellationToken ct) =>
        trail.KeepReadThroughAsync(stream, readThrough, ct);

    /// <inheritdoc/>
    public async Task<KeepResult> KeepAsync(StreamBatch batch, ShardProgress before, CancellationToken ct)
    {
        if (batch.Gap is { } gap)
        {
            // The trail does not keep gaps yet: the first one ends the run.
            throw new AfterimageException(
                $"Changes of table {gap.Stream.Table} were trimmed before they were read: shard {gap.Shard} of {gap.Stream}, after sequence number {gap.Last?.Text ?? "(none kept)"}.",
                "Start another trail with --trail: this one is complete up to there and stays readable.");
        }

        if (await TailAsync(batch, before, ct) is not { } tail)
        {
            return new KeepResult.Superseded();
        }

        var append = await PrepareAsync(batch, before, tail, ct);

        // A crash before this commit repeats the batch, a crash after it goes on behind it: entries, tree and position move together.
        var outcome = await trail.AppendAsync(append, ct);
        if (outcome == AppendOutcome.Superseded || append.After.Finished)
        {
            Forget(batch);
        }

        if (outcome == AppendOutcome.Superseded)
        {
            return new KeepResult.Superseded();
        }

        tail.Advance(append);
        kept.Report(new KeptBatch(append));
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

    private async Task<TrailAppend> PrepareAsync(StreamBatch batch, ShardProgress before, ShardTail tail, CancellationToken ct)
    {
        var leaves = new List<TrailLeaf>(batch.Records.Count + 2);
        if (before.Size == 0)
        {
            leaves.Add(await OpenAsync(batch, before, ct));
        }

        var ids = new HashSet<EntryId>();
        var (last, time) = (before.Last, tail.LastTime);
        foreach (var raw in batch.Records)
        {
            // What hides its own time is filed under the entry before it, wherever the batches were cut.
            var leaf = tail.Committer.Commit(raw, before.Size + leaves.Count, time ?? DateTimeOffset.UnixEpoch);
            var entry = leaf.Entry!;
            time = entry.Time;
            if (!ids.Add(entry.Id) || await IsRepeatAsync(entry, last, ct))
            {
                continue;
            }

            leaves.Add(leaf);
            last = entry.SequenceNumber ?? last;
        }

        if (batch.EndsShard && !before.Finished)
        {
            leaves.Add(ShardTail.Close(before.Size + leaves.Count));
        }

        var after = before with { Last = last, Size = before.Size + leaves.Count, Finished = batch.EndsShard };
        var tree = tail.Tree.Append([.. leaves.Select(leaf => leaf.Hash)]);
        DateTimeOffset? readThrough = leaves.LastOrDefault(leaf => leaf.Entry is not null)?.Entry!.Time;
        return new TrailAppend(batch.Stream, before, after, leaves, tree, rulesOf(batch.Stream.Table), readThrough ?? batch.ReadThrough);
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
        return tails[(batch.Stream, batch.Shard)] = new ShardTail(batch.Stream, batch.Shard, rulesOf(batch.Stream.Table), key.Span, row);
    }

    private async Task<TrailLeaf> OpenAsync(StreamBatch batch, ShardProgress before, CancellationToken ct)
    {
        name ??= await trail.NameAsync($"afterimage/{Convert.ToHexStringLower(secrets(NameBytes))}", ct);
        var parent = before.Parent is { } id ? await trail.ShardAsync(batch.Stream, id, ct) : null;
        return ShardTail.Open(name, batch.Stream, batch.Shard, parent is { Progress.Finished: true } ? parent : null);
    }

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
        : await trail.FindAsync(entry.Id, ct) is not null;
}
