using System.Globalization;
using System.Text;
using Afterimage.Entries;

namespace Afterimage.Tests.Support;

/// <summary>
/// Items as nasty as DynamoDB allows them: all ten types, names with dots, slashes and tildes, empty names within maps, characters beyond
/// the basic plane, 38-digit numbers, empty strings and up to 32 levels. The same Random gives the same items.
/// </summary>
public sealed class RandomItems(Random random)
{
    private const int DepthMax = 32;

    private static readonly string[] HostileNames =
    [
        "a", "b", "status", "a.b", "a/b", "/", "~", "~0", "~1", "~01", "0", "1", "01", "-", " ", "N", "S", "M", "redacted", "\"", "\\", "\n", "\u007f",
        "\u2028", "<&>", "é", "e\u0301", "\ue000", "😀", "$ref", "#", "*", "aws:rep:time",
    ];

    /// <summary>An item of up to so many attributes; values within it nest and grow with its size.</summary>
    public AttributeMap Item(int size) => Members(size, depth: 1, Math.Max(1, size));

    /// <summary>An item that came from this one by some changes, each anywhere in it.</summary>
    public AttributeMap Changed(AttributeMap item, int changesMax)
    {
        var changed = item;
        for (var left = random.Next(1, Math.Max(2, changesMax)); left > 0; left--)
        {
            changed = ChangedOnce(changed, depth: 1);
        }

        return changed;
    }

    /// <summary>A value of any type.</summary>
    public AttributeValue Value(int size, int depth) => (depth >= DepthMax ? random.Next(8) : random.Next(12)) switch
    {
        0 => AttributeValue.String(Text()),
        1 => AttributeValue.Number(Number()),
        2 => AttributeValue.Binary(Base64()),
        3 => AttributeValue.Boolean(random.Next(2) == 0),
        4 => AttributeValue.Null,
        5 => AttributeValue.StringSet(SetOf(Text)),
        6 => AttributeValue.NumberSet([.. SetOf(Number).DistinctBy(NumberText.Normalize)]),
        7 => AttributeValue.BinarySet(SetOf(Base64)),
        8 or 9 => AttributeValue.Map(Members(size / 2, depth + 1, 0)),
        10 => Nested(depth + 1),
        _ => AttributeValue.List([.. Enumerable.Range(0, random.Next(2 + (size / 2))).Select(_ => Value(size / 4, depth + 1))]),
    };

    /// <summary>A number of up to 38 digits in one of the ways to write it.</summary>
    public string Number()
    {
        var digits = string.Concat(Enumerable.Range(0, random.Next(4) == 0 ? 38 : random.Next(1, 4)).Select(_ => (char)('0' + random.Next(10))));
        return random.Next(5) switch
        {
            0 => digits,
            1 => "-" + digits,
            2 => digits + "." + random.Next(100).ToString(CultureInfo.InvariantCulture),
            3 => digits + "E+" + random.Next(88).ToString(CultureInfo.InvariantCulture),
            _ => random.Next(3).ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>A text, often empty, of characters that trip encoders.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        for (var left = random.Next(8); left > 0; left--)
        {
            text.Append(random.Next(4) switch
            {
                0 => (char)random.Next(0x20),
                1 => (char)random.Next(0x20, 0x80),
                2 => HostileNames[random.Next(HostileNames.Length)],
                _ => Rune(),
            });
        }

        return text.ToString();
    }

    /// <summary>A name, of the hostile ones or a random one.</summary>
    public string Name() => random.Next(4) == 0 ? Text() : HostileNames[random.Next(HostileNames.Length)];

    /// <summary>An integer from 0 to below the limit, from the same source.</summary>
    public int Below(int limit) => random.Next(limit);

    private Rune Rune()
    {
        int code;
        do
        {
            code = random.Next(0x110000);
        }
        while (!System.Text.Rune.IsValid(code));
        return new Rune(code);
    }

    private string Base64()
    {
        var bytes = new byte[random.Next(5)];
        random.NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    private string[] SetOf(Func<string> element) => [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => element()).Distinct(StringComparer.Ordinal)];

    private AttributeMap Members(int size, int depth, int least)
    {
        var members = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        for (var left = random.Next(least, size + 2); left > 0; left--)
        {
            // DynamoDB takes an empty name in a nested map, but not for an attribute.
            var name = Name();
            members[name.Length == 0 && depth == 1 ? "attribute" : name] = Value(size, depth);
        }

        return new AttributeMap(members);
    }

    private AttributeValue Nested(int depth)
    {
        var value = Value(0, DepthMax);
        for (var level = depth + random.Next(DepthMax - depth + 1); level > depth; level--)
        {
            value = random.Next(2) == 0
                ? AttributeValue.List([value])
                : AttributeValue.Map(new AttributeMap([KeyValuePair.Create(Name(), value)]));
        }

        return value;
    }

    private AttributeMap ChangedOnce(AttributeMap map, int depth)
    {
        var members = map.ToDictionary(StringComparer.Ordinal);
        if (members.Count == 0 || random.Next(4) == 0)
        {
            var name = Name();
            members[name.Length == 0 && depth == 1 ? "attribute" : name] = Value(3, depth);
            return new AttributeMap(members);
        }

        var changed = map.Keys.ElementAt(random.Next(map.Count));
        if (random.Next(5) == 0)
        {
            members.Remove(changed);
        }
        else
        {
            members[changed] = ChangedOnce(members[changed], depth + 1);
        }

        return new AttributeMap(members);
    }

    private AttributeValue ChangedOnce(AttributeValue value, int depth) => value.Kind switch
    {
        AttributeKind.M when random.Next(8) > 0 => AttributeValue.Map(ChangedOnce(value.Members, depth)),
        AttributeKind.L when random.Next(8) > 0 => AttributeValue.List(ChangedOnce(value.Items, depth)),
        AttributeKind.N when random.Next(3) == 0 => AttributeValue.Number(WrittenOtherwise(value.Text)),
        AttributeKind.SS when random.Next(2) == 0 => AttributeValue.StringSet([.. value.Elements.Reverse()]),
        _ => Value(3, depth),
    };

    private static string WrittenOtherwise(string number) => number.Contains('E', StringComparison.Ordinal)
        ? number.Replace("E", number.Contains('.', StringComparison.Ordinal) ? "0E" : ".0E", StringComparison.Ordinal)
        : number + (number.Contains('.', StringComparison.Ordinal) ? "0" : ".0");

    private List<AttributeValue> ChangedOnce(IReadOnlyList<AttributeValue> items, int depth)
    {
        var changed = items.ToList();
        var at = random.Next(changed.Count + 1);
        if (at == changed.Count || random.Next(3) == 0)
        {
            changed.Insert(at, Value(2, depth));
        }
        else if (random.Next(3) == 0)
        {
            changed.RemoveAt(at);
        }
        else
        {
            changed[at] = ChangedOnce(changed[at], depth + 1);
        }

        return changed;
    }
}
