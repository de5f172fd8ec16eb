using Afterimage.Entries;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail;

namespace Afterimage.Capture;

/// <summary>Turns batches into entries and appends them: the one way by which a change becomes durable.</summary>
/// <param name="trail">Where entries are kept.</param>
/// <param name="rulesOf">What is configured for a table.</param>
/// <param name="kept">Is told of entries once they are durable.</param>
public sealed class Recorder(ITrail trail, Func<string, TableRules> rulesOf, IProgress<AuditEntry> kept) : IShardJournal
{
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

        var rules = rulesOf(batch.Stream.Table);
        var entries = new List<AuditEntry>(batch.Records.Count);
        var last = before.Last;
        DateTimeOffset? time = null;
        foreach (var raw in batch.Records)
        {
            var entry = EntryMaker.Make(raw, batch.Stream, batch.Shard, before.Size + entries.Count, rules, time ?? DateTimeOffset.UnixEpoch);
            if (entry.Unreadable is not null && time is null)
            {
                // What hides its own time is filed under the entry before it, wherever the batches were cut.
                entry = entry with { Time = await LastTimeAsync(batch, ct) };
            }

            time = entry.Time;
            SequenceNumber? sequence = entry.SequenceNumber is { } text ? new SequenceNumber(text) : null;
            if (entries.Exists(other => other.Id == entry.Id) || await IsRepeatAsync(entry, sequence, last, ct))
            {
                continue;
            }

            entries.Add(entry);
            last = sequence ?? last;
        }

        // A crash before this commit repeats the batch, a crash after it goes on behind it: entries and position move together.
        var after = before with { Last = last, Size = before.Size + entries.Count, Finished = batch.EndsShard };
        var append = new TrailAppend(batch.Stream, before, after, entries, entries.Count == 0 ? batch.ReadThrough : entries[^1].Time);
        if (await trail.AppendAsync(append, ct) == AppendOutcome.Superseded)
        {
            return new KeepResult.Superseded();
        }

        entries.ForEach(kept.Report);
        return new KeepResult.Kept(after);
    }

    private async Task<DateTimeOffset> LastTimeAsync(StreamBatch batch, CancellationToken ct) =>
        (await trail.ShardsAsync(batch.Stream, ct)).FirstOrDefault(row => row.Progress.Shard == batch.Shard)?.LastEntryTime ?? DateTimeOffset.UnixEpoch;

    // Within a shard sequence numbers rise, so whatever does not lie beyond the last one was kept before.
    // An unreadable record may hide its number: its id, made of its bytes, tells it again.
    private async Task<bool> IsRepeatAsync(AuditEntry entry, SequenceNumber? sequence, SequenceNumber? last, CancellationToken ct) => sequence is null
        ? await trail.FindAsync(entry.Id, ct) is not null
        : last is not null && sequence <= last;
}
