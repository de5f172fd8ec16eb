namespace Afterimage.Entries;

/// <summary>An entry's id: 26 characters of Crockford's base32 in lower case, a pure function of what the entry stands for.</summary>
public readonly record struct EntryId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
