using System.Runtime.CompilerServices;
using Afterimage.Entries;
using Afterimage.Streams.Aws;
using Afterimage.Trail;

namespace Afterimage.Capture;

/// <summary>Makes entries of intents where a table has no stream, and takes away those whose entries are there.</summary>
/// <param name="trail">Where intents and entries are kept.</param>
/// <param name="wanted">The tables whose rules are known here.</param>
/// <param name="recorder">Keeps what intents tell of.</param>
/// <param name="time">The clock.</param>
public sealed class TransactionIntake(ITrail trail, IReadOnlyList<TableOptions> wanted, IntakeRecorder recorder, TimeProvider time)
{
    // Intents hold both images: a few of them are much, and each is put by itself anyway. A part is 280 KB, compressed.
    private const int AtOnce = 32;
    private const int PartsAtOnce = 8;

    /// <summary>How often it is looked for intents: what was committed is in every answer that much later at most.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>A record that has not come by then is late, or its intent was left after it: both are looked at one by one.</summary>
    private static readonly TimeSpan LooseEvery = TimeSpan.FromMinutes(5);

    private DateTimeOffset lookedForLoose = DateTimeOffset.MinValue;

    /// <summary>How many entries were made.</summary>
    public long Taken { get; private set; }

    /// <summary>Looks for intents until it is told to stop. What goes wrong is reported once for each time it begins, and tried again.</summary>
    public async Task RunAsync(IProgress<AfterimageException?> failed, CancellationToken stop)
    {
        var trouble = string.Empty;
        while (!stop.IsCancellationRequested)
        {
            var news = await TryAsync(stop);
            if ((news?.Message ?? string.Empty) != trouble)
            {
                trouble = news?.Message ?? string.Empty;
                failed.Report(news);
            }

            await Task.Delay(Every, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Makes entries of all intents that wait now.</summary>
    /// <returns>How many were made.</returns>
    public async Task<int> TakeAsync(CancellationToken ct)
    {
        var taken = 0;
        if (trail.Intents is not { } intents)
        {
            return taken;
        }

        var now = time.GetUtcNow();
        var looksForLoose = now - lookedForLoose >= LooseEvery;
        foreach (var table in (await trail.TablesAsync(ct)).Where(table => table is { Followed: true, Transactions: not null } && wanted.Any(one => one.Enabled && NamePattern.Fits(one.Name, table.Name))))
        {
            taken += table.Transactions!.Intake is { } stream ? await TakeAsync(intents, table, stream, ct) : 0;
            if (table.Transactions.Intake is null && looksForLoose)
            {
                await LoosenAsync(intents, table, now - LooseEvery, ct);
            }
        }

        lookedForLoose = looksForLoose ? now : lookedForLoose;
        Taken += taken;
        return taken;
    }

    private async Task<AfterimageException?> TryAsync(CancellationToken stop)
    {
        try
        {
            await TakeAsync(stop);
            return null;
        }
        catch (AfterimageException e)
        {
            return e;
        }
        catch (AwsException e)
        {
            return new AfterimageException($"Intents in {trail.Uri} wait: {e.Message}", "It is tried again. See that the trail's table can be reached and has the capacity it needs.", e);
        }
        catch (FormatException e)
        {
            return new AfterimageException($"What the trail {trail.Uri} keeps of intents or their entries cannot be read: {e.Message}", "Keep the trail as it is and look with afterimage verify.", e);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<int> TakeAsync(ITransactionIntents intents, TrailTable table, Streams.Records.StreamArn stream, CancellationToken ct)
    {
        var taken = 0;
        await foreach (var some in BatchesAsync(intents.WaitingAsync(table.Name, ct), ct))
        {
            // The intent goes when its entry is durable: a crash before repeats the entry, which is known by its id.
            var outcomes = await recorder.PutIntendedAsync(stream, [.. some.Select(intent => IntendedRecord.Of(intent.Name, intent.Change!, stream))], ct);
            await intents.RemoveAsync(table.Name, some.Where((_, at) => outcomes[at] != IntakeOutcome.Differs).Select(intent => intent.Place), ct);
            taken += outcomes.Count(outcome => outcome == IntakeOutcome.Kept);
        }

        return taken;
    }

    private static async IAsyncEnumerable<List<TransactionIntent>> BatchesAsync(IAsyncEnumerable<TransactionIntent> waiting, [EnumeratorCancellation] CancellationToken ct)
    {
        var batch = new List<TransactionIntent>();
        await foreach (var intent in waiting.Where(intent => intent.Change is not null).WithCancellation(ct))
        {
            batch.Add(intent);
            if (batch.Count == AtOnce || batch.Sum(one => one.Place.Parts) >= PartsAtOnce)
            {
                yield return batch;
                batch = [];
            }
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    // Whoever kept the entry of a stream's record may have died before it took the intent away.
    private async Task LoosenAsync(ITransactionIntents intents, TrailTable table, DateTimeOffset before, CancellationToken ct)
    {
        await foreach (var intent in intents.WaitingAsync(table.Name, ct))
        {
            if (intent.Change is { } change && change.Time < before && await IsKeptAsync(table.Name, intent.Name, change, ct))
            {
                await intents.RemoveAsync(table.Name, [intent.Place], ct);
            }
        }
    }

    private async Task<bool> IsKeptAsync(string table, string name, IntendedChange change, CancellationToken ct)
    {
        await foreach (var entry in trail.HistoryAsync(new HistoryFilter(table, change.Keys, Reverse: false, change.Time - Attribution.ClockSkewMax), ct))
        {
            if (entry.Actor.Source == ActorSource.Transaction && WriterStamp.Find(entry.NewImage ?? entry.OldImage, WriterStamp.Attribute)?.IntentName(entry.Action == ChangeAction.Remove) == name)
            {
                return true;
            }
        }

        return false;
    }
}
