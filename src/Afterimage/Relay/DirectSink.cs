using Afterimage.Entries;

namespace Afterimage.Relay;

/// <summary>A sink that is served without a trail: what it does not take must come again from where it came. Not for two threads.</summary>
/// <param name="sink">The sink.</param>
/// <param name="options">What is configured for it.</param>
/// <param name="time">The clock.</param>
/// <param name="random">The jitter of waits; not used by anyone else.</param>
internal sealed class DirectSink(ISink sink, SinkOptions options, TimeProvider time, Random random)
{
    // Twice as many as Lambda hands over at most in one call; a repeat more than that costs is told by its id.
    private const int RememberedMax = 20_000;

    // What to wait for is for whoever hands entries over.
    private readonly SinkOptions options = options with { MaxBatchingWindow = TimeSpan.Zero };

    private List<EntryId> remembered = [];

    /// <summary>Sends entries, each item's in their order, until the target is down; what it has had before is passed by.</summary>
    /// <param name="entries">The entries, in their order.</param>
    /// <param name="news">Is told what stands in the way.</param>
    /// <param name="ct">Gives up: what is not known to have arrived then counts as missing.</param>
    /// <returns>Those that it wants and that have not arrived.</returns>
    public async Task<IReadOnlySet<EntryId>> SendAsync(IReadOnlyList<AuditEntry> entries, IProgress<SinkNews> news, CancellationToken ct)
    {
        var outcomes = new DirectOutcomes(options, news);
        var known = remembered.ToHashSet();
        var wanted = entries.Where(entry => options.Filter.Fits(entry) && !known.Contains(entry.Id)).DistinctBy(entry => entry.Id).ToList();
        try
        {
            await SendAsync(new Queue<AuditEntry>(wanted), outcomes, new RelaySurroundings(time, random, news), ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            news.Report(new SinkNews(
                options.Name, $"{outcomes.All.Count} of {wanted.Count} entries arrived before the time of the call was over.", "Give calls more time, or fewer records; see also that the target answers."));
        }

        remembered = [.. remembered.Concat(outcomes.All).TakeLast(RememberedMax)];
        return wanted.Select(entry => entry.Id).Except(outcomes.All).ToHashSet();
    }

    /// <summary>Forgets that these have arrived: they do not come again.</summary>
    public void Forget(IReadOnlySet<EntryId> handled) => remembered.RemoveAll(handled.Contains);

    private async Task SendAsync(Queue<AuditEntry> wanted, DirectOutcomes outcomes, RelaySurroundings surroundings, CancellationToken ct)
    {
        var window = new SendWindow(sink.Limits, options);
        var sending = new Sending(sink, options, window, outcomes, surroundings);
        while (!sending.IsDown)
        {
            while (window.HasRoom && wanted.TryDequeue(out var entry))
            {
                if (!outcomes.Holds(entry))
                {
                    window.Add(sending.Pending(entry, string.Empty));
                }
            }

            if (window.IsEmpty)
            {
                return;
            }

            ct.ThrowIfCancellationRequested();
            if (!await sending.SendAsync(isLast: wanted.Count == 0, ct))
            {
                await WaitAsync(sending.WakesAt(), ct);
            }

            window.Clear();
        }
    }

    private async Task WaitAsync(DateTimeOffset? until, CancellationToken ct)
    {
        var left = until - time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left.Value, time, ct);
        }
    }
}
