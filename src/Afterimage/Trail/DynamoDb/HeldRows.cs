using System.Collections.Concurrent;
using Afterimage.Streams.Records;

namespace Afterimage.Trail.DynamoDb;

/// <summary>
/// What of all that lies in the table the trail holds. What a row once held it holds for good, so that a row is only read again for what lies beyond it.
/// </summary>
internal sealed class HeldRows(ShardRows rows)
{
    private readonly ConcurrentDictionary<(StreamArn Stream, ShardId Shard), ShardRow> known = new();

    /// <summary>Whether a place of a shard was committed under a claim. Ask after what lies there was read.</summary>
    public async Task<bool> HoldsAsync(StreamArn stream, ShardId shard, long place, string claim, CancellationToken ct)
    {
        if (claim == Claim.Intake)
        {
            return true;
        }

        if (known.TryGetValue((stream, shard), out var row) && place < row.Shard.Progress.Size)
        {
            return row.Holds(place, claim);
        }

        return await rows.FindAsync(stream, shard, ct) is { } fresh && (known[(stream, shard)] = fresh).Holds(place, claim);
    }
}
