namespace Afterimage.Entries;

/// <summary>
/// A value of DynamoDB, lossless: numbers and bytes stay the text that was delivered. Values are equal when DynamoDB holds them
/// for equal: numbers by value (<c>1</c> and <c>1.0</c>), sets in any order, everything else to the letter.
/// </summary>
public sealed class AttributeValue : IEquatable<AttributeValue>
{
    private AttributeValue(AttributeKind kind, string text = "", IReadOnlyList<string>? elements = null, IReadOnlyList<AttributeValue>? items = null, AttributeMap? members = null)
    {
        Kind = kind;
        Text = text;
        Elements = elements ?? [];
        Items = items ?? [];
        Members = members ?? AttributeMap.Empty;
    }

    /// <summary>The type.</summary>
    public AttributeKind Kind { get; }

    /// <summary>The text of S and N, the base64 text of B, <c>true</c> or <c>false</c> of BOOL; empty for all others.</summary>
    public string Text { get; }

    /// <summary>The elements of SS, NS and BS as delivered; empty for all others.</summary>
    public IReadOnlyList<string> Elements { get; }

    /// <summary>The elements of L; empty for all others.</summary>
    public IReadOnlyList<AttributeValue> Items { get; }

    /// <summary>The members of M; empty for all others.</summary>
    public AttributeMap Members { get; }

    /// <summary>NULL.</summary>
    public static AttributeValue Null { get; } = new(AttributeKind.NULL);

    /// <summary>What stands where a value was redacted. It equals every other one, since nobody can know what was there.</summary>
    public static AttributeValue Redacted { get; } = new(AttributeKind.REDACTED);

    /// <summary>A string.</summary>
    /// <exception cref="FormatException">A surrogate stands alone.</exception>
    public static AttributeValue String(string value) => new(AttributeKind.S, UnicodeText.Checked(value));

    /// <summary>A number, kept as this text.</summary>
    /// <exception cref="FormatException">The text is not a number.</exception>
    public static AttributeValue Number(string text)
    {
        _ = NumberText.Normalize(text);
        return new(AttributeKind.N, text);
    }

    /// <summary>Bytes as padded base64.</summary>
    /// <exception cref="FormatException">The text is not padded base64.</exception>
    public static AttributeValue Binary(string base64)
    {
        CheckBase64(base64);
        return new(AttributeKind.B, base64);
    }

    /// <summary>True or false.</summary>
    public static AttributeValue Boolean(bool value) => new(AttributeKind.BOOL, value ? "true" : "false");

    /// <summary>A set of strings.</summary>
    /// <exception cref="FormatException">The set is empty (DynamoDB has no empty sets), or a surrogate stands alone.</exception>
    public static AttributeValue StringSet(IReadOnlyList<string> elements)
    {
        foreach (var element in elements)
        {
            _ = UnicodeText.Checked(element);
        }

        return Set(AttributeKind.SS, elements);
    }

    /// <summary>A set of numbers.</summary>
    /// <exception cref="FormatException">The set is empty or an element is not a number.</exception>
    public static AttributeValue NumberSet(IReadOnlyList<string> elements)
    {
        foreach (var element in elements)
        {
            _ = NumberText.Normalize(element);
        }

        return Set(AttributeKind.NS, elements);
    }

    /// <summary>A set of byte strings as padded base64.</summary>
    /// <exception cref="FormatException">The set is empty or an element is not padded base64.</exception>
    public static AttributeValue BinarySet(IReadOnlyList<string> elements)
    {
        foreach (var element in elements)
        {
            CheckBase64(element);
        }

        return Set(AttributeKind.BS, elements);
    }

    /// <summary>A list.</summary>
    public static AttributeValue List(IReadOnlyList<AttributeValue> items) => new(AttributeKind.L, items: items);

    /// <summary>A map.</summary>
    public static AttributeValue Map(AttributeMap members) => new(AttributeKind.M, members: members);

    /// <summary>The text of a scalar (S, N, B, BOOL); null for everything that has no text of its own.</summary>
    public string? AsText() => Kind is AttributeKind.S or AttributeKind.N or AttributeKind.B or AttributeKind.BOOL ? Text : null;

    /// <inheritdoc/>
    public bool Equals(AttributeValue? other) => other is not null && Kind == other.Kind && Kind switch
    {
        AttributeKind.N => Text == other.Text || NumberText.Normalize(Text) == NumberText.Normalize(other.Text),
        AttributeKind.SS or AttributeKind.NS or AttributeKind.BS => DistinctElements().SetEquals(other.DistinctElements()),
        AttributeKind.L => Items.SequenceEqual(other.Items),
        AttributeKind.M => Members.Equals(other.Members),
        _ => string.Equals(Text, other.Text, StringComparison.Ordinal),
    };

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AttributeValue);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Kind switch
    {
        AttributeKind.N => HashOf(NumberText.Normalize(Text)),
        AttributeKind.SS or AttributeKind.NS or AttributeKind.BS => DistinctElements().Aggregate(0, (hash, element) => hash ^ HashOf(element)),
        AttributeKind.L => Items.Aggregate(0, HashCode.Combine),
        AttributeKind.M => Members.GetHashCode(),
        _ => HashOf(Text),
    });

    private HashSet<string> DistinctElements() =>
        (Kind == AttributeKind.NS ? Elements.Select(NumberText.Normalize) : Elements).ToHashSet(StringComparer.Ordinal);

    private static int HashOf(string text) => StringComparer.Ordinal.GetHashCode(text);

    private static AttributeValue Set(AttributeKind kind, IReadOnlyList<string> elements) => elements.Count == 0
        ? throw new FormatException($"An empty {kind}: DynamoDB has no empty sets.")
        : new(kind, elements: [.. elements.Order(StringComparer.Ordinal)]);

    private static void CheckBase64(string text)
    {
        if (text.Length % 4 != 0 || text.AsSpan().ContainsAny(" \r\n\t") || !System.Buffers.Text.Base64.IsValid(text))
        {
            throw new FormatException("Not padded base64.");
        }
    }
}
