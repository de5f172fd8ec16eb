using System.Globalization;
using System.Text;
using Afterimage.Entries;

namespace Afterimage.Tests.Support;

/// <summary>
/// Records of random items, written in every way that JSON allows: members in any order, space anywhere, characters escaped or not. The
/// same Random gives the same records.
/// </summary>
public sealed class RandomRecords(Random random)
{
    private static readonly string[] Names = ["INSERT", "MODIFY", "REMOVE"];

    private static readonly string[] Times = ["1795302519", "1795302519.0", "1.795302519E9", "\"1795302519\"", "0", "-1", "1e300", "01"];

    private static readonly string[] Sizes = ["112", "0", "null", "1.5", "-3", "9999999999999999999"];

    private readonly RandomItems items = new(random);
    private bool isLoose;

    /// <summary>A record as DynamoDB could have sent it, tight as it does or loose as it never does.</summary>
    public byte[] Record()
    {
        isLoose = random.Next(3) == 0;
        var before = items.Item(random.Next(1, 9));
        var keys = new AttributeMap(before.Where(member => member.Value.Kind is AttributeKind.S or AttributeKind.N or AttributeKind.B).Take(random.Next(12) == 0 ? 0 : 2));
        keys = keys.Count > 0 || random.Next(12) == 0 ? keys : new AttributeMap([new("id", AttributeValue.String(items.Text()))]);
        var after = items.Changed(before, 4);
        after = random.Next(20) == 0 ? after : new AttributeMap([.. after.Where(member => !keys.ContainsKey(member.Key)), .. keys]);
        var name = Names[random.Next(3)];
        var members = new List<string>
        {
            Field("Keys", Map(keys)),
            Field("SequenceNumber", $"\"{(random.Next(9) == 0 ? "00" : string.Empty)}{items.Below(1_000_000)}\""),
            Field("ApproximateCreationDateTime", Times[random.Next(8) > 0 ? 0 : random.Next(Times.Length)]),
            Field("SizeBytes", Sizes[random.Next(8) > 0 ? 0 : random.Next(Sizes.Length)]),
            Field("StreamViewType", "\"NEW_AND_OLD_IMAGES\""),
        };
        AddUnlessRarely(members, name != "INSERT", "OldImage", before);
        AddUnlessRarely(members, name != "REMOVE", "NewImage", after);
        return Encoding.UTF8.GetBytes(Braced(
        [
            Field("eventID", random.Next(9) == 0 ? "null" : Text(items.Text())),
            Field("eventName", $"\"{name}\""),
            Field("eventVersion", "\"1.1\""),
            Field("eventSource", "\"aws:dynamodb\""),
            Field("awsRegion", "\"us-east-1\""),
            .. Unknown(),
            .. Identity(),
            Field("dynamodb", Braced(members)),
        ]));
    }

    /// <summary>The record damaged: cut, bytes changed, doubled, inserted or taken out.</summary>
    public byte[] Damaged(byte[] record)
    {
        var damaged = record.ToList();
        for (var left = random.Next(1, 4); left > 0 && damaged.Count > 0; left--)
        {
            var at = random.Next(damaged.Count);
            var length = Math.Min(random.Next(1, 12), damaged.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    damaged.RemoveRange(at, random.Next(4) == 0 ? damaged.Count - at : length);
                    break;
                case 1:
                    damaged.InsertRange(at, damaged.GetRange(at, length));
                    break;
                case 2:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 3:
                    damaged.InsertRange(at, Encoding.ASCII.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
                default:
                    damaged[at] = Structure[random.Next(Structure.Length)];
                    break;
            }
        }

        return [.. damaged];
    }

    private static byte[] Structure => [.. "{}[]\",:\\0-.eu \n"u8];

    private static string[] Pieces =>
        [@"\ud800", @"\udc00\ud800", @"\u0000", @"\x", ",", "{}", "\"a\":{\"S\":\"1\"},", "{\"N\":\"1\"}", "null", "\"Keys\":null,", "\"SequenceNumber\":\"7\",", "\u00e9", "/**/", "1E5"];

    private IEnumerable<string> Unknown() => random.Next(8) switch
    {
        0 => [Field("new", "{\"a\":[1,{\"b\":null}],\"c\":-1.5e3}")],
        1 => [Field("new", "[]"), Field("new", "true")],
        _ => [],
    };

    private IEnumerable<string> Identity() => random.Next(8) switch
    {
        0 => [Field("userIdentity", "{\"type\":\"Service\",\"principalId\":\"dynamodb.amazonaws.com\"}")],
        1 => [Field("userIdentity", "{\"PrincipalId\":\"x\",\"Type\":null,\"other\":{}}")],
        2 => [Field("userIdentity", "null")],
        _ => [],
    };

    private void AddUnlessRarely(List<string> members, bool isUsual, string name, AttributeMap image)
    {
        if (isUsual != (random.Next(10) == 0))
        {
            members.Add(Field(name, Map(image)));
        }
        else if (random.Next(2) == 0)
        {
            members.Add(Field(name, "null"));
        }
    }

    private string Map(AttributeMap map) => Braced([.. map.Select(member => Member(member.Key, Value(member.Value)))]);

    private string Value(AttributeValue value) => Braced([Tag(value.Kind.ToString()) + ":" + Space() + value.Kind switch
    {
        AttributeKind.BOOL => value.Text,
        AttributeKind.NULL => "true",
        AttributeKind.SS or AttributeKind.NS or AttributeKind.BS => Bracketed(value.Elements.Select(Text)),
        AttributeKind.L => Bracketed(value.Items.Select(Value)),
        AttributeKind.M => Map(value.Members),
        _ => Text(value.Text),
    }]);

    private string Field(string name, string value) => $"{Tag(name)}{Space()}:{Space()}{value}";

    // A name with an escape in it is JSON all the same.
    private string Tag(string tag) => random.Next(500) == 0 ? $"\"\\u{(int)tag[0]:x4}{tag[1..]}\"" : $"\"{tag}\"";

    private string Member(string name, string value) => $"{Text(name)}{Space()}:{Space()}{value}";

    private string Braced(List<string> members)
    {
        var shuffled = members.ToArray();
        if (random.Next(3) > 0)
        {
            random.Shuffle(shuffled);
        }

        return $"{{{Space()}{string.Join($"{Space()},{Space()}", shuffled)}{Space()}}}";
    }

    private string Bracketed(IEnumerable<string> elements) => $"[{Space()}{string.Join($"{Space()},{Space()}", elements)}{Space()}]";

    private string Space() => isLoose && random.Next(4) == 0 ? " \n\t\r"[random.Next(4)].ToString() : string.Empty;

    private string Text(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var character in value)
        {
            var isEscaped = character is < ' ' or '"' or '\\' || (isLoose && random.Next(30) == 0);
            _ = (isEscaped, character, random.Next(2)) switch
            {
                (true, '\n', 0) => text.Append("\\n"),
                (true, '"' or '\\' or '/', 0) => text.Append('\\').Append(character),
                (true, _, _) => text.Append("\\u").Append(((int)character).ToString(random.Next(2) == 0 ? "x4" : "X4", CultureInfo.InvariantCulture)),
                _ => text.Append(character),
            };
        }

        return text.Append('"').ToString();
    }
}
