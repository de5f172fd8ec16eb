using Afterimage.Streams.Aws;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Reading;

/// <summary>The shards of a stream that are lost and whose gaps are being kept.</summary>
internal sealed class LostShards(StreamState state, ShardTurns turns, StreamLeases leases, Workshop shop)
{
    private readonly HashSet<ShardId> losing = [];

    /// <summary>Is told of a gap that was kept.</summary>
    public required Action Kept { get; init; }

    /// <summary>Is told when a gap has to wait for another listing.</summary>
    public required Action Waiting { get; init; }

    /// <summary>Is told of an error that waiting does not mend.</summary>
    public required Action<AwsException> Refused { get; init; }

    public int Count => losing.Count;

    /// <summary>Keeps the gaps of shards that are held, unless that is under way.</summary>
    /// <returns>Every shard that is lost and not known to be finished yet.</returns>
    public HashSet<ShardId> Keep(IReadOnlyList<Loss> losses)
    {
        foreach (var loss in losses.Where(loss => !losing.Contains(loss.Before.Shard)))
        {
            var before = loss.Before with { Epoch = state.EpochOf(loss.Before.Shard) };
            if (leases.Holds(before.Shard, before.Epoch))
            {
                Start(loss with { Before = before });
            }
        }

        return [.. losses.Select(loss => loss.Before.Shard), .. losing];
    }

    private void Start(Loss loss)
    {
        // A page of it may be on its way still: then it is lost only after that.
        if (!turns.TryDrop(loss.Before.Shard))
        {
            Waiting();
            return;
        }

        losing.Add(loss.Before.Shard);
        shop.Start(new Work($"{state.Stream.Table}: keeping a gap", KeepAsync(loss))
        {
            Release = () => losing.Remove(loss.Before.Shard),
            Postpone = Waiting,
            Refuse = Refused,
        });
    }

    private async Task<Action> KeepAsync(Loss loss)
    {
        var batch = new StreamBatch(state.Stream, loss.Before.Shard, [], EndsShard: true) { Gap = loss.Gap };
        var result = await shop.Journal.KeepAsync(batch, loss.Before, shop.Abandon);
        return () =>
        {
            if (result is KeepResult.Kept kept)
            {
                state.Keep(kept.After);
                leases.End(loss.Before.Shard);
                Kept();
                return;
            }

            // Another worker was first: the next listing reads what it kept.
            leases.Lose(loss.Before.Shard, loss.Before.Epoch);
            Waiting();
        };
    }
}
