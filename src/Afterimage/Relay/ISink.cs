using Afterimage.Entries;

namespace Afterimage.Relay;

/// <summary>A place that entries are passed on to.</summary>
/// <remarks>
/// A sink sends and says what became of it. When to try again, what to split, and what to set aside is for whoever calls it. It may be called by several callers
/// at once, as far as its limits allow.
/// </remarks>
internal interface ISink : IAsyncDisposable
{
    /// <summary>The address, as the user wrote it.</summary>
    string Address { get; }

    /// <summary>What it takes in one call.</summary>
    SinkLimits Limits { get; }

    /// <summary>Sends a batch that is within the limits.</summary>
    /// <returns>What became of each entry, in the order of the batch.</returns>
    /// <exception cref="SinkException">The call as a whole failed: the target is down, or refuses something in the batch.</exception>
    Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<OutgoingEntry> batch, CancellationToken ct);
}

/// <summary>What a sink takes in one call.</summary>
/// <param name="EntriesMax">The most entries.</param>
/// <param name="BytesMax">The most bytes of all texts, each with <see cref="EntryOverhead"/>.</param>
/// <param name="EntryBytesMax">The most bytes of one entry's text.</param>
internal sealed record SinkLimits(int EntriesMax, int BytesMax, int EntryBytesMax)
{
    /// <summary>What the target counts for each entry besides its text, in bytes.</summary>
    public int EntryOverhead { get; init; }

    /// <summary>Whether a call may take some entries and leave others: then two of one item may not be in it, or the later one could come first.</summary>
    public bool TakesSome { get; init; }

    /// <summary>How many calls may be under way at once. More than one needs <see cref="TakesSome"/>: calls that overtake each other hold no item in common.</summary>
    public int CallsAtOnce { get; init; } = 1;
}

/// <summary>An entry on its way.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Item">What order is kept within: the table and the item's key, or the shard of an entry that has none.</param>
/// <param name="Text">The entry as JSON on one line without a line's end, no longer than the sink takes.</param>
internal sealed record OutgoingEntry(AuditEntry Entry, string Item, ReadOnlyMemory<byte> Text);

/// <summary>What became of an entry in a call.</summary>
/// <param name="Outcome">Whether it arrived.</param>
/// <param name="Reason">What the target said; null if it arrived.</param>
internal readonly record struct Delivery(DeliveryOutcome Outcome, string? Reason)
{
    /// <summary>It arrived.</summary>
    public static Delivery Done { get; } = new(DeliveryOutcome.Done, null);

    /// <summary>The target cannot take it now, whatever it is.</summary>
    public static Delivery Busy(string reason) => new(DeliveryOutcome.Busy, reason);

    /// <summary>The target refuses this entry.</summary>
    public static Delivery Refused(string reason) => new(DeliveryOutcome.Refused, reason);
}

/// <summary>Whether an entry arrived.</summary>
internal enum DeliveryOutcome
{
    /// <summary>It arrived.</summary>
    Done,

    /// <summary>The target cannot take it now: it is sent again for as long as it takes.</summary>
    Busy,

    /// <summary>The target refuses this entry: it is sent again a limited number of times.</summary>
    Refused,
}
