using System.Numerics;
using System.Text;
using Afterimage.Entries;
using Afterimage.Streams.Aws;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Tests.Support;

/// <summary>What DynamoDB takes and what it refuses, and how it compares (API reference, limits and conditions).</summary>
internal static class FakeRules
{
    private const int PartitionBytesMax = 2_048;
    private const int SortBytesMax = 1_024;
    private const int ItemBytesMax = 400 * 1024;
    private const int DepthMax = 32;

    // Beside its elements, a list or a map takes 3 bytes, and each of them 1; a number about half a byte a digit and 1 besides.
    private const int ContainerBytes = 3;

    /// <summary>A refusal as a trail sees it.</summary>
    public static AfterimageException Refused(string why) => TableErrors.Explain(new AwsException("ValidationException", why, 400, null), "Anything", "fake")!;

    /// <summary>Refuses a key that comes twice.</summary>
    public static void Distinct(IReadOnlyList<ItemKey> keys)
    {
        if (keys.Distinct().Count() < keys.Count)
        {
            throw Refused($"The same key twice: {string.Join(", ", keys.GroupBy(key => key).Where(group => group.Count() > 1).Select(group => group.Key))}");
        }
    }

    /// <summary>Refuses a key of the table or of an index.</summary>
    public static void Key(string? partition, string? sort)
    {
        if (partition is not null && Encoding.UTF8.GetByteCount(partition) is 0 or > PartitionBytesMax)
        {
            throw Refused($"A partition key has 1 to {PartitionBytesMax} bytes: '{partition}'.");
        }

        if (sort is not null && Encoding.UTF8.GetByteCount(sort) is 0 or > SortBytesMax)
        {
            throw Refused($"A sort key has 1 to {SortBytesMax} bytes: '{sort}'.");
        }
    }

    /// <summary>Refuses an item that is too large or too deep, or an attribute without a name.</summary>
    public static void Item(ItemKey key, AttributeMap item)
    {
        foreach (var (_, value) in item)
        {
            Nested(value, 1);
        }

        var bytes = item.Sum(member => Encoding.UTF8.GetByteCount(member.Key) + SizeOf(member.Value));
        if (bytes > ItemBytesMax)
        {
            throw Refused($"{key} has {bytes} bytes. Item size has exceeded the maximum allowed size.");
        }
    }

    /// <summary>Whether a condition holds of an item; null stands for none.</summary>
    public static bool Holds(Term term, AttributeMap? item)
    {
        var has = item?.GetValueOrDefault(term.Attribute);
        return term.Kind switch
        {
            TermKind.Missing => has is null,
            TermKind.Present => has is not null,
            TermKind.Equal => has is not null && has.Equals(term.Value),
            TermKind.MissingOrLess => has is null | Order(has, term.Value!) < 0,
            TermKind.AtLeast => Order(has, term.Value!) >= 0,
            TermKind.Less => Order(has, term.Value!) < 0,
            _ => throw new ArgumentOutOfRangeException(nameof(term), term.Kind, "There is no such condition."),
        };
    }

    /// <summary>A value as DynamoDB gives it back: numbers in a form of its own.</summary>
    public static AttributeValue Kept(AttributeValue value) => value.Kind switch
    {
        AttributeKind.N => AttributeValue.Number(Plain(value.Text)),
        AttributeKind.NS => AttributeValue.NumberSet([.. value.Elements.Select(Plain)]),
        AttributeKind.L => AttributeValue.List([.. value.Items.Select(Kept)]),
        AttributeKind.M => AttributeValue.Map(Kept(value.Members)),
        _ => value,
    };

    public static AttributeMap Kept(AttributeMap map) => new(map.Select(member => KeyValuePair.Create(member.Key, Kept(member.Value))));

    // Null where the two cannot be compared, which is neither less nor more.
    private static int? Order(AttributeValue? has, AttributeValue value) =>
        value.Kind is not (AttributeKind.S or AttributeKind.N or AttributeKind.B) ? throw Refused($"Invalid operand type for an order: {value.Kind}.")
        : has?.Kind != value.Kind ? null
        : value.Kind switch
        {
            AttributeKind.S => Utf8Order.Instance.Compare(has.Text, value.Text),
            AttributeKind.N => OrderOfNumbers(has.Text, value.Text),
            _ => Convert.FromBase64String(has.Text).AsSpan().SequenceCompareTo(Convert.FromBase64String(value.Text)),
        };

    private static int OrderOfNumbers(string left, string right)
    {
        var (a, b) = (Number(left), Number(right));
        var exponent = Math.Min(a.Exponent, b.Exponent);
        return (a.Digits * BigInteger.Pow(10, a.Exponent - exponent)).CompareTo(b.Digits * BigInteger.Pow(10, b.Exponent - exponent));
    }

    private static (BigInteger Digits, int Exponent) Number(string text) => NumberText.Normalize(text).Split('E') switch
    {
        [var digits, var exponent] => (BigInteger.Parse(digits), int.Parse(exponent)),
        _ => (BigInteger.Zero, 0),
    };

    private static string Plain(string text)
    {
        var (digits, exponent) = Number(text);
        if (exponent >= 0)
        {
            return (digits * BigInteger.Pow(10, exponent)).ToString();
        }

        var shown = BigInteger.Abs(digits).ToString().PadLeft(1 - exponent, '0');
        return $"{(digits.Sign < 0 ? "-" : string.Empty)}{shown[..(shown.Length + exponent)]}.{shown[(shown.Length + exponent)..]}";
    }

    private static void Nested(AttributeValue value, int depth)
    {
        if (depth > DepthMax || value.Members.ContainsKey(string.Empty))
        {
            throw Refused("Nesting Levels have exceeded supported limits, or: Empty attribute name");
        }

        foreach (var inner in value.Items.Concat(value.Members.Values))
        {
            Nested(inner, depth + 1);
        }
    }

    private static int SizeOf(AttributeValue value) => value.Kind switch
    {
        AttributeKind.S => Encoding.UTF8.GetByteCount(value.Text),
        AttributeKind.N => SizeOfNumber(value.Text),
        AttributeKind.B => SizeOfBytes(value.Text),
        AttributeKind.SS => value.Elements.Sum(Encoding.UTF8.GetByteCount),
        AttributeKind.NS => value.Elements.Sum(SizeOfNumber),
        AttributeKind.BS => value.Elements.Sum(SizeOfBytes),
        AttributeKind.L => ContainerBytes + value.Items.Sum(item => 1 + SizeOf(item)),
        AttributeKind.M => ContainerBytes + value.Members.Sum(member => 1 + Encoding.UTF8.GetByteCount(member.Key) + SizeOf(member.Value)),
        _ => 1,
    };

    private static int SizeOfNumber(string text) => 2 + (NumberText.Normalize(text).IndexOf('E', StringComparison.Ordinal) / 2);

    private static int SizeOfBytes(string base64) => Convert.FromBase64String(base64).Length;
}

/// <summary>The order of texts by their UTF-8 bytes, which differs from that of their UTF-16 units where surrogates are.</summary>
internal sealed class Utf8Order : IComparer<string>
{
    public static Utf8Order Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var left = x.AsSpan();
        var right = y.AsSpan();
        var same = left.CommonPrefixLength(right);
        return same == left.Length || same == right.Length ? left.Length.CompareTo(right.Length) : Lifted(left[same]).CompareTo(Lifted(right[same]));
    }

    // Surrogates stand for what comes after all other characters.
    private static int Lifted(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
