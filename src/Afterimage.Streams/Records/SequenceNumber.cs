namespace Afterimage.Streams.Records;

/// <summary>
/// A record's place in its shard: an integer of up to 40 digits, kept as the text that was delivered and compared by value.
/// </summary>
/// <remarks>
/// 21 to 40 digits (API reference, <c>StreamRecord.SequenceNumber</c>). Compared as text, 9 would follow 10. Numbers rise
/// within a shard and, for one item, from a parent to its child; between other shards they say nothing.
/// </remarks>
public readonly struct SequenceNumber : IEquatable<SequenceNumber>, IComparable<SequenceNumber>
{
    /// <summary>The longest number that DynamoDB documents.</summary>
    public const int DigitsMax = 40;

    private readonly string? text;

    /// <summary>Reads a number.</summary>
    /// <exception cref="FormatException">The text is empty, longer than 40 digits, or holds anything but digits.</exception>
    public SequenceNumber(string text)
    {
        if (text.Length is 0 or > DigitsMax || text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            throw new FormatException($"'{text}' is not a sequence number (1 to {DigitsMax} digits).");
        }

        this.text = text;
    }

    /// <summary>The text as it was delivered.</summary>
    public string Text => text ?? "0";

    /// <summary>The number without leading zeros: equal numbers have equal digits.</summary>
    public string Digits => Text.TrimStart('0') is { Length: > 0 } digits ? digits : "0";

    /// <summary>The number with leading zeros to 40 digits: this text sorts as the number does.</summary>
    public string Sortable => Text.PadLeft(DigitsMax, '0');

    /// <inheritdoc/>
    public int CompareTo(SequenceNumber other) => string.CompareOrdinal(Sortable, other.Sortable);

    /// <inheritdoc/>
    public bool Equals(SequenceNumber other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SequenceNumber other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Digits);

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Whether both are the same number.</summary>
    public static bool operator ==(SequenceNumber left, SequenceNumber right) => left.Equals(right);

    /// <summary>Whether the numbers differ.</summary>
    public static bool operator !=(SequenceNumber left, SequenceNumber right) => !left.Equals(right);

    /// <summary>Whether the left one comes first.</summary>
    public static bool operator <(SequenceNumber left, SequenceNumber right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one comes last.</summary>
    public static bool operator >(SequenceNumber left, SequenceNumber right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one comes first or is the same.</summary>
    public static bool operator <=(SequenceNumber left, SequenceNumber right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one comes last or is the same.</summary>
    public static bool operator >=(SequenceNumber left, SequenceNumber right) => left.CompareTo(right) >= 0;
}
