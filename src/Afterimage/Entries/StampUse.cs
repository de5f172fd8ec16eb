namespace Afterimage.Entries;

/// <summary>A stamp that may say who made a change: one that the change brought, or the mark on an item that it removed.</summary>
/// <param name="Borne">The stamp.</param>
/// <param name="Removes">Whether the change removed the item that bears it.</param>
internal sealed record StampUse(WriterStamp Borne, bool Removes)
{
    /// <summary>The stamp that may tell of a change; null if none does.</summary>
    /// <remarks>A writer that stamps nothing leaves the stamp of whoever wrote before: one that stood there before the change says nothing of it.</remarks>
    public static StampUse? Of(ChangeAction action, AttributeMap? before, AttributeMap? after) => action switch
    {
        ChangeAction.Remove => WriterStamp.Find(before) is { Deletes: true } mark ? new StampUse(mark, Removes: true) : null,
        ChangeAction.Modify when before is null => null,
        _ => WriterStamp.Find(after) is { } stamp && stamp.Nonce != WriterStamp.Find(before)?.Nonce ? new StampUse(stamp, Removes: false) : null,
    };
}
