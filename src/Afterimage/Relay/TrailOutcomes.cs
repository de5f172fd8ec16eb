namespace Afterimage.Relay;

/// <summary>What becomes of entries that lie in a trail: those that a sink refuses for good are set aside there, with what waits behind them.</summary>
/// <param name="asides">What is set aside.</param>
/// <param name="sink">What the sink is called.</param>
/// <param name="surroundings">Clock, and who is told.</param>
internal sealed class TrailOutcomes(Asides asides, string sink, RelaySurroundings surroundings) : IOutcomes
{
    public void Arrived(PendingEntry entry) => asides.Done(entry);

    public void GivenUp(PendingEntry entry, IReadOnlyList<PendingEntry> behind, string? reason)
    {
        var now = surroundings.Time.GetUtcNow();
        asides.Set(entry, AsideState.Dead, reason, now);
        foreach (var later in behind)
        {
            asides.Set(later, AsideState.Waits, null, now);
        }

        surroundings.News.Report(new SinkNews(
            sink,
            $"The entry {entry.Outgoing.Entry.Id} of {entry.Outgoing.Entry.Table} was refused {entry.Refusals} times and is a dead letter: {reason}",
            "afterimage dead-letters list shows it; retry sends it again, drop gives it up.")
        { Entry = entry.Outgoing.Entry.Id });
    }

    /// <summary>Gives up an entry that the trail holds no longer.</summary>
    /// <param name="name">The note that it was set aside by.</param>
    /// <param name="id">Its id.</param>
    public void Missing(string name, string id)
    {
        asides.Remove(name);
        surroundings.News.Report(new SinkNews(sink, $"The entry {id} was set aside, and the trail no longer holds it: it is not sent.", null));
    }
}
