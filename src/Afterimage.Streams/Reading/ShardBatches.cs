using System.Runtime.CompilerServices;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Streams.Watching;

namespace Afterimage.Streams.Reading;

/// <summary>One shard as a sequence of batches, for whoever decides alone what is read and where positions are kept.</summary>
public static class ShardBatches
{
    /// <summary>Reads a shard from a place to its end, waiting for what is written meanwhile as often as a worker would look.</summary>
    /// <remarks>
    /// The sequence ends when the shard is closed and read out; its last batch says so by <see cref="StreamBatch.EndsShard"/> and may hold
    /// records. Where what follows the place was trimmed, the first batch has a <see cref="StreamBatch.Gap"/> and goes on at the oldest record there is.
    /// To go on later, hand in the sequence number of the last record that was dealt with.
    /// </remarks>
    /// <param name="api">The service, such as that of <see cref="AwsAccess.Streams"/>.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="shard">The shard. Its parent should have been read before: the order of an item's changes goes across the two.</param>
    /// <param name="after">The last record that was dealt with; null reads from the oldest one there is.</param>
    /// <param name="time">The time.</param>
    /// <param name="ct">Ends the reading.</param>
    /// <exception cref="ResourceNotFoundException">The stream or the shard is not there, or not any more.</exception>
    /// <exception cref="AwsException">An error that the client's own retries did not mend. Nothing is lost: read on after the last record that was dealt with.</exception>
    public static async IAsyncEnumerable<StreamBatch> ReadAsync(
        IStreamsApi api, StreamArn stream, ShardId shard, SequenceNumber? after, TimeProvider time, [EnumeratorCancellation] CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(api);
        ArgumentNullException.ThrowIfNull(time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var hand = new Hand();
        using var shop = new Workshop(hand, new WorkerOptions(), time, new Random(0)) { Source = hand, Notices = hand, Lookout = new Lookout(time), Stop = end.Token, Abandon = end.Token };
        var reader = new ShardReader(api, stream, new ShardProgress(shard, null, after, 0, false), shop);
        var (pacing, limit) = (Pacing.Start, shop.LimitOfShard());
        try
        {
            while (!reader.Progress.Finished)
            {
                var result = await reader.ReadAsync(new ShardHistory(Listed: null, ReadThrough: null, SkipBefore: null));
                if (hand.Take() is { } batch)
                {
                    yield return batch;
                }

                (pacing, var pause) = result switch
                {
                    ReadResult.Missing => throw new ResourceNotFoundException($"Shard {shard} of {stream} is not there.", 400, requestId: null),
                    ReadResult.Empty or ReadResult.Repeats => pacing.AfterEmpty(shop.Now, shop.Options.Pacing),
                    ReadResult.Expired or ReadResult.Trimmed => pacing.AfterFailure(shop.Random),
                    _ => Pacing.AfterRecords(fullPage: result != ReadResult.Records),
                };
                var wait = limit.Take();
                if (!reader.Progress.Finished && (wait > TimeSpan.Zero || pause > TimeSpan.Zero))
                {
                    await Task.Delay(wait > pause ? wait : pause, time, ct);
                }
            }
        }
        finally
        {
            // Whoever leaves the sequence early leaves a page behind that may have been asked for already.
            await end.CancelAsync();
        }
    }

    /// <summary>Holds what was read until it is taken, which is before anything else is read.</summary>
    private sealed class Hand : IShardJournal, IStreamSource, IProgress<WorkerNotice>
    {
        private StreamBatch? held;

        public StreamBatch? Take()
        {
            var taken = held;
            held = null;
            return taken;
        }

        public Task<KeepResult> KeepAsync(StreamBatch batch, ShardProgress before, CancellationToken ct)
        {
            held = batch;
            return Task.FromResult<KeepResult>(new KeepResult.Kept(batch.Advance(before)));
        }

        // Nothing is known but what this one has read itself.
        public Task<StreamProgress> ReadAsync(StreamArn stream, CancellationToken ct) => Task.FromResult(new StreamProgress(null, []));

        public Task<StreamBeginning> BeginAsync(StreamBeginning beginning, CancellationToken ct) => Task.FromResult(beginning);

        public Task NoteReadThroughAsync(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough, CancellationToken ct) => Task.CompletedTask;

        public Task<IReadOnlyList<FollowedStream>> LookAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<FollowedStream>>([]);

        public Task<bool> IsGoneAsync(FollowedStream stream, CancellationToken ct) => Task.FromResult(false);

        public void Report(WorkerNotice value)
        {
        }
    }
}
