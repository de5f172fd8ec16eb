namespace Afterimage.Relay;

/// <summary>Takes in what becomes of entries for good: where a trail lies behind them, and where none does.</summary>
internal interface IOutcomes
{
    /// <summary>An entry arrived.</summary>
    void Arrived(PendingEntry entry);

    /// <summary>An entry was refused as often as it is to be tried.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="behind">What may not overtake it of its item, in its order.</param>
    /// <param name="reason">What the target said.</param>
    void GivenUp(PendingEntry entry, IReadOnlyList<PendingEntry> behind, string? reason);
}
