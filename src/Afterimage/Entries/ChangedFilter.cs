namespace Afterimage.Entries;

/// <summary>Entries that changed an attribute, and from what to what.</summary>
/// <param name="Path">The attribute; anything below it counts as well.</param>
/// <param name="From">The text of the value before; null takes any.</param>
/// <param name="To">The text of the value after; null takes any.</param>
public sealed record ChangedFilter(AttributePath Path, string? From, string? To)
{
    /// <summary>Whether an entry fits.</summary>
    public bool Fits(AuditEntry entry) => entry.Changes is { } changes && changes.Any(change => Touches(change))
        && IsText(From, entry.OldImage) && IsText(To, entry.NewImage);

    private bool Touches(Change change)
    {
        var changed = AttributePath.Parse(change.Path);
        return Path.Covers(changed) || changed.Covers(Path);
    }

    private bool IsText(string? wanted, AttributeMap? image) => wanted is null
        || (image is not null && Path.Find(image) is { } value
            && (value.Kind == AttributeKind.N && IsNumber(wanted) ? value.Equals(AttributeValue.Number(wanted)) : value.AsText() == wanted));

    private static bool IsNumber(string text)
    {
        try
        {
            return NumberText.Normalize(text).Length > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
