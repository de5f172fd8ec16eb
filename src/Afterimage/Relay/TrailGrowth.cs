using Afterimage.Trail;

namespace Afterimage.Relay;

/// <summary>How far the trail has grown: one looks for all who pass entries on.</summary>
/// <param name="trail">The trail.</param>
/// <param name="every">How often to look for what other processes keep.</param>
/// <param name="time">The clock.</param>
public sealed class TrailGrowth(ITrail trail, TimeSpan every, TimeProvider time)
{
    private readonly Lock gate = new();
    private TaskCompletionSource grown = NewSignal();
    private TaskCompletionSource nudged = NewSignal();
    private IReadOnlyList<TrailShard> rows = [];
    private long looks;

    /// <summary>What this process keeps itself need not be waited for.</summary>
    public void Nudge()
    {
        lock (gate)
        {
            _ = nudged.TrySetResult();
        }
    }

    /// <summary>Looks again and again until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var waited = Nudged();
            await LookAsync(stop);

            // However much this process keeps, a look costs a read of every shard's row.
            await Task.Delay(every / 5, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            using var awake = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(waited, Task.Delay(every - (every / 5), time, awake.Token));
            await awake.CancelAsync();
        }
    }

    /// <summary>Looks now.</summary>
    internal async Task LookAsync(CancellationToken ct)
    {
        var seen = await trail.ShardsAsync(null, ct);
        lock (gate)
        {
            if (looks == 0 || SizesOf(seen) != SizesOf(rows))
            {
                looks++;
                rows = seen;
                grown.SetResult();
                grown = NewSignal();
            }
        }
    }

    /// <summary>What was seen last; its number rises with each growth, and is 0 before the first look.</summary>
    internal (long Look, IReadOnlyList<TrailShard> Rows) Seen
    {
        get
        {
            lock (gate)
            {
                return (looks, rows);
            }
        }
    }

    /// <summary>Ends when the trail has grown since a look.</summary>
    internal Task SinceAsync(long look)
    {
        lock (gate)
        {
            return looks > look ? Task.CompletedTask : grown.Task;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static (int Shards, long Sizes, int Finished) SizesOf(IReadOnlyList<TrailShard> rows) =>
        (rows.Count, rows.Sum(row => row.Progress.Size), rows.Count(row => row.Progress.Finished));

    private Task Nudged()
    {
        lock (gate)
        {
            nudged = NewSignal();
            return nudged.Task;
        }
    }
}
