using System.Globalization;

namespace Afterimage.Entries;

/// <summary>
/// A place in an item: an RFC 6901 pointer through attribute names and list indexes, without the type tags of DynamoDB JSON.
/// <c>/lines/0/sku</c> is the sku of the first line; <c>~1</c> stands for a slash in a name and <c>~0</c> for a tilde.
/// </summary>
public sealed class AttributePath : IEquatable<AttributePath>
{
    private readonly string text;

    private AttributePath(string text, IReadOnlyList<string> segments)
    {
        this.text = text;
        Segments = segments;
    }

    /// <summary>The names and indexes from the item inwards, unescaped. A segment of digits is an index where it meets a list, else a name.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>The item itself: where paths begin.</summary>
    internal static AttributePath Root { get; } = new(string.Empty, []);

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">The text is no path; the message says what it should look like.</exception>
    public static AttributePath Parse(string text)
    {
        if (text.Length == 0)
        {
            throw new FormatException("An empty path names no attribute: write a slash and its name, like '/status'.");
        }

        if (text[0] != '/')
        {
            throw new FormatException($"'{text}' is not a path: it begins with a slash, like '/{text}'.");
        }

        return new AttributePath(text, [.. text[1..].Split('/').Select(segment => Unescape(segment, text))]);
    }

    /// <summary>The value at this place; null where the item has none.</summary>
    public AttributeValue? Find(AttributeMap item)
    {
        AttributeValue? value = AttributeValue.Map(item);
        foreach (var segment in Segments)
        {
            value = Step(value, segment);
            if (value is null)
            {
                return null;
            }
        }

        return value;
    }

    /// <summary>Whether the other place is this one or lies within it.</summary>
    public bool Covers(AttributePath other) => Segments.Count <= other.Segments.Count && Segments.SequenceEqual(other.Segments.Take(Segments.Count));

    /// <inheritdoc/>
    public bool Equals(AttributePath? other) => other is not null && text == other.text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AttributePath);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(text);

    /// <summary>The pointer, escaped.</summary>
    public override string ToString() => text;

    /// <summary>The place of a member within this one.</summary>
    internal AttributePath Append(string name) =>
        new($"{text}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", [.. Segments, name]);

    /// <summary>The place of a list element within this one.</summary>
    internal AttributePath Append(int index) => Append(index.ToString(CultureInfo.InvariantCulture));

    /// <summary>The place that holds this one, so many segments from the item.</summary>
    internal AttributePath Take(int segments) => Segments.Take(segments).Aggregate(Root, (path, segment) => path.Append(segment));

    /// <summary>Reads a list index as RFC 6901 writes it: digits without leading zeros.</summary>
    internal static bool TryReadIndex(string segment, out int index)
    {
        index = 0;
        return segment.Length > 0
            && !segment.AsSpan().ContainsAnyExceptInRange('0', '9')
            && (segment.Length == 1 || segment[0] != '0')
            && int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }

    private static AttributeValue? Step(AttributeValue value, string segment) => value.Kind switch
    {
        AttributeKind.M => value.Members.GetValueOrDefault(segment),
        AttributeKind.L => TryReadIndex(segment, out var index) && index < value.Items.Count ? value.Items[index] : null,
        _ => null,
    };

    private static string Unescape(string segment, string path)
    {
        for (var at = segment.IndexOf('~', StringComparison.Ordinal); at >= 0; at = segment.IndexOf('~', at + 1))
        {
            if (at + 1 == segment.Length || segment[at + 1] is not ('0' or '1'))
            {
                throw new FormatException($"'{path}' is not a path: '~' stands only in '~0' (a tilde) and '~1' (a slash).");
            }
        }

        // The slash first: '~01' is a tilde and a one, not a slash.
        return segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
    }
}
