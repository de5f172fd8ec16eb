using System.Collections;

namespace Afterimage.Entries;

/// <summary>Values by attribute name, ordered by the UTF-16 code units of the names. Equal when both hold the same names with equal values.</summary>
public sealed class AttributeMap : IReadOnlyDictionary<string, AttributeValue>, IEquatable<AttributeMap>
{
    private readonly SortedDictionary<string, AttributeValue> members;

    /// <summary>Orders the members by name.</summary>
    /// <exception cref="ArgumentException">A name comes twice.</exception>
    /// <exception cref="FormatException">A surrogate stands alone in a name.</exception>
    public AttributeMap(IEnumerable<KeyValuePair<string, AttributeValue>> members)
    {
        this.members = new SortedDictionary<string, AttributeValue>(StringComparer.Ordinal);
        foreach (var (name, value) in members)
        {
            this.members.Add(UnicodeText.Checked(name), value);
        }
    }

    /// <summary>No attributes.</summary>
    public static AttributeMap Empty { get; } = new([]);

    /// <inheritdoc/>
    public IEnumerable<string> Keys => members.Keys;

    /// <inheritdoc/>
    public IEnumerable<AttributeValue> Values => members.Values;

    /// <inheritdoc/>
    public int Count => members.Count;

    /// <inheritdoc/>
    public AttributeValue this[string key] => members[key];

    /// <inheritdoc/>
    public bool ContainsKey(string key) => members.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out AttributeValue value) => members.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, AttributeValue>> GetEnumerator() => members.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(AttributeMap? other) =>
        other is not null && Count == other.Count && this.All(member => other.TryGetValue(member.Key, out var value) && member.Value.Equals(value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AttributeMap);

    /// <inheritdoc/>
    public override int GetHashCode() => members.Aggregate(
        Count, (hash, member) => HashCode.Combine(hash, StringComparer.Ordinal.GetHashCode(member.Key), member.Value));
}
