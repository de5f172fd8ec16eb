using System.Runtime.CompilerServices;
using Afterimage.Entries;
using Afterimage.Trail;

namespace Afterimage.Query;

/// <summary>Follows a trail: entries as they are kept, whoever keeps them.</summary>
public static class LiveTail
{
    /// <summary>Entries kept from now on, in the order of their shards, until cancelled.</summary>
    public static async IAsyncEnumerable<AuditEntry> FollowAsync(ITrail trail, TimeSpan every, TimeProvider time, [EnumeratorCancellation] CancellationToken ct)
    {
        var seen = (await trail.ShardsAsync(null, ct)).ToDictionary(shard => (shard.Stream, shard.Progress.Shard), shard => shard.Progress.Size);
        while (true)
        {
            foreach (var shard in await trail.ShardsAsync(null, ct))
            {
                var key = (shard.Stream, shard.Progress.Shard);
                var from = seen.GetValueOrDefault(key);
                if (from >= shard.Progress.Size)
                {
                    continue;
                }

                await foreach (var entry in trail.ShardEntriesAsync(shard.Stream, shard.Progress.Shard, from, ct))
                {
                    yield return entry;
                    seen[key] = entry.Index + 1;
                }

                // What opens and closes a shard takes a place and is no entry.
                seen[key] = Math.Max(seen.GetValueOrDefault(key), shard.Progress.Size);
            }

            await Task.Delay(every, time, ct);
        }
    }
}
