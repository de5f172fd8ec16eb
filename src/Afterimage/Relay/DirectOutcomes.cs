using Afterimage.Entries;

namespace Afterimage.Relay;

/// <summary>What becomes of the entries of one call that no trail lies behind: what does not arrive must come again from where it came.</summary>
/// <param name="options">What is configured for the sink.</param>
/// <param name="news">Is told what the sink refuses.</param>
internal sealed class DirectOutcomes(SinkOptions options, IProgress<SinkNews> news) : IOutcomes
{
    private readonly List<EntryId> arrived = [];
    private readonly HashSet<string> held = new(StringComparer.Ordinal);

    /// <summary>What arrived, in order.</summary>
    public IReadOnlyList<EntryId> All => arrived;

    /// <summary>Whether an entry may not be sent, since an earlier one of its item was refused.</summary>
    public bool Holds(AuditEntry entry) => held.Contains(SinkNotes.ItemOf(entry));

    public void Arrived(PendingEntry entry) => arrived.Add(entry.Outgoing.Entry.Id);

    public void GivenUp(PendingEntry entry, IReadOnlyList<PendingEntry> behind, string? reason)
    {
        entry.IsOver = true;
        foreach (var later in behind)
        {
            later.IsOver = true;
        }

        if (!options.PassDeadLetters)
        {
            held.Add(entry.Outgoing.Item);
        }

        var refused = entry.Outgoing.Entry;
        news.Report(new SinkNews(
            options.Name,
            $"The entry {refused.Id} of {refused.Table} was refused {entry.Refusals} times: {reason}",
            "It comes again with its record, and later ones of its item with it, until the sink takes it or whoever hands records over gives it up.")
        { Entry = refused.Id });
    }
}
