using System.Globalization;
using System.Text;
using Afterimage.Entries.Raw;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Entries.Raw;

/// <summary>Entries made of bytes beside the same entries made of values, by <see cref="EntryMaker"/>, which is simple enough to be believed.</summary>
public sealed class EntryWriterTests
{
    private const string Item = """{"id":{"S":"1"}}""";
    private static readonly ShardId Shard = new("shardId-1");
    private static readonly DateTimeOffset Before = DateTimeOffset.FromUnixTimeSeconds(1_795_300_000);

    private static readonly TableRules Full = new()
    {
        Service = "orders-é-\u2028-api",
        Actor = AttributePath.Parse("/a"),
        Entity = AttributePath.Parse("/status"),
        Tenant = AttributePath.Parse("/b/0"),
        Ignore = [AttributePath.Parse("/~0"), AttributePath.Parse("/N")],
    };

    public static TheoryData<string> Records => new(
        Record(Item, """{"id":{"S":"1"},"n":{"N":"1"}}"""),
        Record("""{"n":{"N":"1.0"},"m":{"N":"-0"},"o":{"N":"10E1"}}""", """{"n":{"N":"1"},"m":{"N":"0"},"o":{"N":"100"}}"""),
        Record("""{"n":{"N":"1234567890123456789012345678901234567.8"}}""", """{"n":{"N":"1234567890123456789012345678901234567.80"}}"""),
        Record("""{"s":{"SS":["b","a"]},"n":{"NS":["1","2"]},"b":{"BS":["AA==","AQ=="]}}""", """{"s":{"SS":["a","b"]},"n":{"NS":["2.0","1"]},"b":{"BS":["AQ=="]}}"""),
        Record("""{"s":{"SS":["😀","\ue000","é","\""]}}""", """{"😀":{"S":"\u007f"},"\ue000":{"S":"\u0001"}}"""),
        Record("""{"l":{"L":[{"N":"1"},{"M":{"a":{"S":"x"}}}]}}""", """{"l":{"L":[{"M":{"a":{"S":"y"}}},{"N":"1.0"}]}}"""),
        Record("""{"m":{"M":{"/":{"M":{"~":{"S":"x"}}}}}}""", """{"m":{"M":{"/":{"M":{"~":{"S":"y"}}}}}}"""),
        Record("""{"a":{"S":"x"}}""", """{"a":{"N":"1"}}"""),
        Record("""{"b":{"B":"AA=="},"t":{"BOOL":true},"u":{"NULL":true}}""", """{"b":{"B":"AQ=="},"t":{"BOOL":false},"u":{"S":""}}"""),
        Record("""{ "a" : { "S" : "x" } }""", """{"\u0061":{"S":"\/\ud83d\ude00"}}"""),
        Record("""{"z":{"S":"1"},"m":{"M":{"y":{"S":"2"},"x":{"SS":["b","a"]}}},"é":{"S":"é"},"a":{"L":[{"M":{"r":{"N":"1"},"q":{"N":"2"}}}]}}""", """{"z":{"S":"1"},"m":{"M":{"y":{"S":"2"},"x":{"SS":["b","a"]}}},"é":{"S":"é"},"b":{"S":"new"},"a":{"L":[{"M":{"r":{"N":"1"},"q":{"N":"2"}}}]}}"""),
        Record("""{"z":{"S":"1"},"y":{"S":"gone"},"n":{"N":"1"},"a":{"S":"\n"},"b":{"M":{}}}""", """{"z":{"S":"1"},"n":{"N":"12"},"a":{"S":"\n"},"b":{"M":{}}}"""),
        Record("""{"b":{"S":"1"},"a":{"S":"1"}}""", """{"b":{"S":"1"},"a":{"S":"1"}}"""),
        Record("""{"b":{ "S":"1"},"a":{"S":"1"} }""", """{"b":{ "S":"1"},"a":{"S":"1"} ,"c":{"S":"1"}}"""),
        Record("""{"a":{"L":[]},"b":{"M":{}}}""", """{"b":{"M":{}},"a":{"L":[{"NULL":true}]}}"""));

    public static TheoryData<string> BadRecords => new(
        string.Empty,
        "{",
        "{}",
        "\ufeff" + Record(Item, Item),
        Record(Item, Item) + "x",
        Record(Item, Item)[..^1],
        Record("""{"a":{"S":"1"},"a":{"S":"1"}}""", Item),
        Record("""{"a":{"S":"1"},"\u0061":{"S":"1"}}""", Item),
        Record("""{"a":{"M":{"x":{"S":"1"},"x":{"S":"1"}}}}""", Item),
        Record(Item, """{"id":{"S":"1"},"id":{"S":"1"}}"""),
        Record(Item, """{"id":{"S":"1"}x}"""),
        Record("""{"a":{"S":"1"},"b":{"S":"1"}}""", """{"a":{"S":"1"},"b":{"S":"1"},"a":{"S":"1"}}"""),
        Record("""{"a":{"S":"\ud800"}}""", Item),
        Record("""{"\udc00":{"S":"1"}}""", Item),
        Record("""{"a":{"S":"\ud800\ud800"}}""", Item),
        Record("""{"a":{"SS":[]}}""", Item),
        Record("""{"a":{"S":"1","N":"1"}}""", Item),
        Record("""{"a":{}}""", Item),
        Record("""{"a":{"X":"1"}}""", Item),
        Record("""{"a":{"N":"1-"}}""", Item),
        Record("""{"a":{"N":""}}""", Item),
        Record("""{"a":{"N":"1E99999999999"}}""", Item),
        Record("""{"a":{"B":"AA"}}""", Item),
        Record("""{"a":{"B":"AA= ="}}""", Item),
        Record("""{"a":{"NULL":false}}""", Item),
        Record("""{"a":{"BOOL":"true"}}""", Item),
        Record("""{"a":{"S":"x"},}""", Item),
        Record("""{"a":{"L":[{"S":"x"},]}}""", Item),
        Record("""[]""", Item));

    [Theory]
    [MemberData(nameof(Records))]
    public void An_entry_of_bytes_is_the_entry_of_values_to_the_byte(string record)
    {
        var writer = new EntryWriter(FakeStream.Arn, Shard, TableRules.None);

        MakesTheSame(writer, Encoding.UTF8.GetBytes(record), TableRules.None);

        writer.Built.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(BadRecords))]
    public void What_one_refuses_the_other_refuses(string record)
    {
        var writer = new EntryWriter(FakeStream.Arn, Shard, Full);

        MakesTheSame(writer, Encoding.UTF8.GetBytes(record), Full);

        writer.Built.ShouldNotBeNull().Unreadable.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    [InlineData(254)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(100_000)]
    public void Nesting_of_any_depth_is_read_or_refused_by_both(int levels)
    {
        var text = new StringBuilder().Insert(0, """{"L":[""", levels).Append("""{"S":"x"}""").Insert(0, """{"a":""");
        for (var level = 0; level < levels; level++)
        {
            text.Append("]}");
        }

        var record = Record(Item, text.Append('}').ToString());

        MakesTheSame(new EntryWriter(FakeStream.Arn, Shard, TableRules.None), Encoding.UTF8.GetBytes(record), TableRules.None);
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused_by_both()
    {
        var record = Encoding.UTF8.GetBytes(Record(Item, """{"a":{"S":"xy"}}"""));
        record[record.AsSpan().IndexOf("xy"u8)] = 0xC3;

        MakesTheSame(new EntryWriter(FakeStream.Arn, Shard, TableRules.None), record, TableRules.None);
    }

    [Fact]
    public void A_record_of_900_KB_is_made_of_bytes()
    {
        var members = string.Join(',', Enumerable.Range(0, 20_000).Select(number => string.Create(CultureInfo.InvariantCulture, $$"""
            "n{{(number * 7919) % 20_000}}":{"S":"{{number}}"}
            """)));
        var image = $"{{{members},\"x\":{{\"S\":\"{new string('é', 100_000)}\"}}}}";
        var record = Encoding.UTF8.GetBytes(Record($"{{{members}}}", image));
        var writer = new EntryWriter(FakeStream.Arn, Shard, TableRules.None);

        MakesTheSame(writer, record, TableRules.None);

        record.Length.ShouldBeGreaterThan(900_000);
        writer.Built.ShouldBeNull();
    }

    [Fact]
    public void Redaction_is_left_to_values()
    {
        var rules = Full with { Redact = [AttributePath.Parse("/id")] };
        var writer = new EntryWriter(FakeStream.Arn, Shard, rules);

        MakesTheSame(writer, Encoding.UTF8.GetBytes(Record(Item, Item)), rules);

        writer.Built.ShouldNotBeNull();
    }

    [Fact]
    public void Random_and_damaged_records_give_the_same_bytes_by_both_ways()
    {
        var count = Number("AFTERIMAGE_RANDOM_RECORDS", 20_000);
        var random = new Random(20261121);
        var records = new RandomRecords(random);
        TableRules[] rules = [TableRules.None, Full];
        EntryWriter[] writers = [.. rules.Select(rule => new EntryWriter(FakeStream.Arn, Shard, rule))];
        var (ofBytes, unreadable) = (0, 0);
        for (var number = 0; number < count; number++)
        {
            var record = records.Record();
            record = number % 4 == 3 ? records.Damaged(record) : record;
            var writer = writers[number % 2];
            MakesTheSame(writer, record, rules[number % 2]);
            ofBytes += writer.Built is null ? 1 : 0;
            unreadable += writer.Built?.Unreadable is null ? 0 : 1;
        }

        // Both sides of the comparison were put to use.
        ofBytes.ShouldBeGreaterThan(count / 2);
        unreadable.ShouldBeGreaterThan(count / 20);
    }

    [Fact]
    public void A_fuzz_run_over_damaged_records_finds_no_difference_and_no_crash()
    {
        var seconds = Number("AFTERIMAGE_FUZZ_SECONDS", 0);
        var seed = Number("AFTERIMAGE_FUZZ_SEED", 1);
        var start = TimeProvider.System.GetTimestamp();
        var writer = new EntryWriter(FakeStream.Arn, Shard, Full);
        do
        {
            FuzzRound(writer, seed);
            seed++;
        }
        while (TimeProvider.System.GetElapsedTime(start).TotalSeconds < seconds);
    }

    private static void FuzzRound(EntryWriter writer, int seed)
    {
        var random = new Random(seed);
        var records = new RandomRecords(random);
        for (var left = 0; left < 200; left++)
        {
            var record = records.Record();
            for (var wounds = random.Next(8); wounds >= 0; wounds--)
            {
                record = records.Damaged(record);
                Should.NotThrow(() => MakesTheSame(writer, record, Full), $"seed {seed}: {Convert.ToBase64String(record)}");
            }
        }
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static void MakesTheSame(EntryWriter writer, byte[] record, TableRules rules)
    {
        var expected = EntryMaker.Make(record, FakeStream.Arn, Shard, 7, rules, Before);

        writer.Write(record, 7, Before);

        var isSame = writer.Json.Span.SequenceEqual(EntryJson.ToUtf8(expected));
        if (!isSame)
        {
            Encoding.UTF8.GetString(writer.Json.Span).ShouldBe(EntryJson.ToText(expected), Encoding.UTF8.GetString(record));
        }

        isSame.ShouldBeTrue();
    }
    private static string Record(string old, string @new) =>
        $$$"""{"eventID":"e","eventName":"MODIFY","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":1795302519,"Keys":{"id":{"S":"1"}},"OldImage":{{{old}}},"NewImage":{{{@new}}},"SequenceNumber":"00100","SizeBytes":10,"StreamViewType":"NEW_AND_OLD_IMAGES"}}""";
}
