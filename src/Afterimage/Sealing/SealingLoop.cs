using Afterimage.Streams.Aws;
using Afterimage.Streams.Shards;
using Afterimage.Trail;

namespace Afterimage.Sealing;

/// <summary>Seals a trail again and again while it is filled.</summary>
/// <param name="trail">The trail.</param>
/// <param name="sealer">What seals it.</param>
/// <param name="every">How often: a sealer that finds that another one has just sealed leaves it at that.</param>
/// <param name="time">The clock.</param>
public sealed class SealingLoop(ITrail trail, Sealer sealer, TimeSpan every, TimeProvider time)
{
    private static readonly TimeSpan SaltKeysLookedAtEvery = TimeSpan.FromHours(1);

    private DateTimeOffset saltKeysLookedAt = DateTimeOffset.MinValue;

    /// <summary>Seals until it is told to stop. What goes wrong is reported and tried again: entries are durable also as long as nothing can be signed.</summary>
    /// <param name="failed">Is told what stands in the way, once for each time it begins to.</param>
    /// <param name="stop">Ends it.</param>
    public async Task RunAsync(IProgress<AfterimageException?> failed, CancellationToken stop)
    {
        var trouble = string.Empty;
        while (!stop.IsCancellationRequested)
        {
            var news = await TrySealAsync(stop);
            if ((news?.Message ?? string.Empty) != trouble)
            {
                trouble = news?.Message ?? string.Empty;
                failed.Report(news);
            }

            await Task.Delay(every, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Half an interval: of many sealers the first one to wake up seals for all of them.
    private async Task<AfterimageException?> TrySealAsync(CancellationToken stop)
    {
        try
        {
            await trail.PlaceIntakeAsync(stop);
            await sealer.SealAsync(time.GetUtcNow() - (every / 2), stop);
            await ForgetSaltKeysAsync(stop);
            return null;
        }
        catch (AfterimageException e)
        {
            return e;
        }
        catch (AwsException e)
        {
            return new AfterimageException($"The trail {trail.Uri} cannot be sealed for now: {e.Message}", "It is tried again. See that its table can be reached and has the capacity it needs.", e);
        }
        catch (FormatException e)
        {
            // A row of the log that was altered must not end the sealing in silence.
            return new AfterimageException($"What the trail {trail.Uri} keeps of its log cannot be read: {e.Message}", "Keep the trail as it is and look with afterimage verify.", e);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    // A finished shard's secret is needed as long as its stream holds what would be read again, and gives hidden values away after that.
    private async Task ForgetSaltKeysAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (now - saltKeysLookedAt >= SaltKeysLookedAtEvery)
        {
            await trail.ForgetSaltKeysAsync(now - Retention.Guaranteed, stop);
            saltKeysLookedAt = now;
        }
    }
}
