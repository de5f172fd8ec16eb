using Afterimage.Entries;

namespace Afterimage.Relay;

/// <summary>Sends batches to one sink and settles what becomes of each entry: it arrived, is tried again, or is given up.</summary>
/// <param name="sink">The sink.</param>
/// <param name="options">What is configured for it.</param>
/// <param name="window">What is to be sent.</param>
/// <param name="outcomes">Takes in what arrived, and what is given up.</param>
/// <param name="surroundings">Clock, jitter, and who is told what stands in the way.</param>
internal sealed class Sending(ISink sink, SinkOptions options, SendWindow window, IOutcomes outcomes, RelaySurroundings surroundings)
{
    private DateTimeOffset downUntil = DateTimeOffset.MinValue;
    private int downs;
    private string? trouble;

    /// <summary>Whether the target takes nothing for now.</summary>
    public bool IsDown => downs > 0;

    /// <summary>An entry as the sink takes it.</summary>
    public PendingEntry Pending(AuditEntry entry, string order) => new(new OutgoingEntry(entry, SinkNotes.ItemOf(entry), EntryFit.Of(entry, sink.Limits.EntryBytesMax)), order, surroundings.Time.GetUtcNow());

    /// <summary>When something may be sent though nothing arrives; null if nothing waits.</summary>
    public DateTimeOffset? WakesAt() => window.WakesAt() is { } next ? (next > downUntil ? next : downUntil) : null;

    /// <summary>Sends what may be sent now.</summary>
    /// <returns>Whether a call was made.</returns>
    public async Task<bool> SendAsync(bool isLast, CancellationToken ct)
    {
        var now = surroundings.Time.GetUtcNow();
        var calls = now < downUntil ? [] : window.Take(now, isLast);
        var answers = await Task.WhenAll(calls.Select(batch => CallAsync(batch, ct)));
        foreach (var (batch, answer) in calls.Zip(answers))
        {
            Settle(batch, answer);
        }

        if (calls.Count > 0)
        {
            Tell(answers);
        }

        return calls.Count > 0;
    }

    private async Task<Answer> CallAsync(IReadOnlyList<PendingEntry> batch, CancellationToken ct)
    {
        try
        {
            return new Answer(await sink.SendAsync([.. batch.Select(entry => entry.Outgoing)], ct), null);
        }
        catch (SinkException e)
        {
            return new Answer(null, e);
        }
    }

    private void Settle(IReadOnlyList<PendingEntry> batch, Answer answer)
    {
        foreach (var entry in batch)
        {
            entry.IsUnderWay = false;
        }

        if (answer.Failure is { IsDown: true })
        {
            return;
        }

        // A batch that is refused as a whole is halved, and again, until the entry is alone that it is refused for.
        if (answer.Failure is not null && batch.Count > 1 && options.BisectBatchOnError)
        {
            foreach (var entry in batch)
            {
                entry.TogetherMax = Math.Max(1, batch.Count / 2);
            }

            return;
        }

        // What was refused together is tried again together.
        var again = surroundings.Time.GetUtcNow() + surroundings.Pace.After(batch.Max(entry => entry.Refusals) + 1, surroundings.Random);
        for (var at = 0; at < batch.Count; at++)
        {
            Settle(batch[at], answer.Failure is { } failure ? Delivery.Refused(failure.Message) : answer.Deliveries![at], again);
        }
    }

    private void Settle(PendingEntry entry, Delivery delivery, DateTimeOffset again)
    {
        if (delivery.Outcome == DeliveryOutcome.Done)
        {
            entry.IsOver = true;
            outcomes.Arrived(entry);
        }

        if (delivery.Outcome != DeliveryOutcome.Refused || entry.IsOver)
        {
            return;
        }

        entry.Refusals++;
        if (entry.Refusals <= options.RetryAttempts)
        {
            entry.NotBefore = again;
            return;
        }

        outcomes.GivenUp(entry, options.PassDeadLetters ? [] : window.Behind(entry), delivery.Reason);
    }

    // A target that is down is asked again and again, ever more slowly; what it is told apart by is said once.
    private void Tell(IReadOnlyList<Answer> answers)
    {
        var failure = answers.FirstOrDefault(answer => answer.Failure is { IsDown: true })?.Failure;
        var busy = answers.SelectMany(answer => answer.Deliveries ?? []).FirstOrDefault(delivery => delivery.Outcome == DeliveryOutcome.Busy).Reason;
        var what = failure?.Message ?? busy;
        if (what is null)
        {
            downs = 0;
            if (trouble is not null)
            {
                surroundings.News.Report(new SinkNews(options.Name, "It takes entries again.", null));
            }

            trouble = null;
            return;
        }

        downs++;
        downUntil = surroundings.Time.GetUtcNow() + surroundings.Pace.After(downs, surroundings.Random);
        if (trouble != what)
        {
            trouble = what;
            surroundings.News.Report(new SinkNews(options.Name, $"It takes nothing for now: {what}", failure?.Hint ?? "It is tried again; everything else goes on."));
        }
    }

    private sealed record Answer(IReadOnlyList<Delivery>? Deliveries, SinkException? Failure);
}
