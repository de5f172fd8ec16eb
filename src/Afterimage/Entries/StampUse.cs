namespace Afterimage.Entries;

/// <summary>A stamp that may say who made a change: one that the change brought, or the mark on an item that it removed.</summary>
/// <param name="Borne">The stamp.</param>
/// <param name="Removes">Whether the change removed the item that bears it.</param>
internal sealed record StampUse(WriterStamp Borne, bool Removes)
{
    /// <summary>The stamp that may tell of a change; null if none does.</summary>
    /// <param name="values">The change.</param>
    /// <param name="action">What was done.</param>
    /// <param name="table">The table.</param>
    /// <param name="attribute">The attribute that its stamps are in.</param>
    /// <remarks>
    /// A writer that stamps nothing leaves the stamp of whoever wrote before: one that stood there before the change says nothing of it. A stamp of another item is a copy,
    /// and uses up nothing.
    /// </remarks>
    public static StampUse? Of(RecordValues values, ChangeAction action, string table, string attribute) =>
        Of(action, values.Before, values.After, attribute) is { } use && use.Borne.Item == StampedItem.Hash(table, values.Keys) ? use : null;

    private static StampUse? Of(ChangeAction action, AttributeMap? before, AttributeMap? after, string attribute) => action switch
    {
        ChangeAction.Remove => WriterStamp.Find(before, attribute) is { Deletes: true } mark ? new StampUse(mark, Removes: true) : null,
        ChangeAction.Modify when before is null => null,

        // Only what is there is marked: a mark that comes with an insert is a copy.
        ChangeAction.Insert when WriterStamp.Find(after, attribute) is { Deletes: true } => null,
        _ => WriterStamp.Find(after, attribute) is { } stamp && stamp.Nonce != WriterStamp.Find(before, attribute)?.Nonce ? new StampUse(stamp, Removes: false) : null,
    };
}
