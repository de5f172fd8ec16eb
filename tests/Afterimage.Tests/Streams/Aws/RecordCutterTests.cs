using System.Text;
using System.Text.Json;
using Afterimage.Streams.Aws;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Streams.Aws;

/// <summary>Answers that are cut into records beside the same answers read token by token by System.Text.Json.</summary>
public sealed class RecordCutterTests
{
    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 4096 };

    public static TheoryData<string> Elements => new(
        "",
        """{},{"a":{}},{"a":[]}""",
        """{"a":{"S":"x"},"b":{"SS":["x","y"]},"c":{"é":"😀"},"d":{"\"":"}"},"e":{"S":"\\"}}""",
        """{"a":1,"b":-0,"c":0.5,"d":-1.25E-7,"e":1e+3,"f":true,"g":false,"h":null,"i":[1,[2],{"j":3}]}""",
        """{"d":{"N":{"a":{"S":"1"},"b":{"S":"2"},"c":{"N":"3"}},"O":{"a":{"S":"1"},"b":{"S":"x"},"c":{"N":"3"}}}}""",
        """{"d":{"N":{"a":1,"b":2,"c":3},"O":{"a":1,"c":3}}},{"d":{"N":{"b":2},"O":{"a":1,"b":2}}},{"d":{"N":{},"O":{}}}""",
        """{"d":[[1,2],[1,2],{"a":1},{"a":1,"b":2},{"a":1}]}""",
        """{"a":"\u00e9\ud800\/\b\f\n\r\t"}""");

    public static TheoryData<string> DamagedElements => new(
        """{"a":"b},{"c":d"}""",
        """{"a":{"S":"x"]}""",
        """{"a":[{"S":"x"}}""",
        """{"a":{"S" "x"}}""",
        """{"a","b"}""",
        """{"a":["b":1]}""",
        """{"a":1,}""",
        """{"a":[1,]}""",
        """{"a":[,1]}""",
        """{,"a":1}""",
        """{"a":01}""",
        """{"a":1.}""",
        """{"a":.5}""",
        """{"a":1e}""",
        """{"a":-}""",
        """{"a":+1}""",
        """{"a":1x}""",
        """{"a":tru}""",
        """{"a":True}""",
        """{"a":"\x"}""",
        """{"a":"\u00g0"}""",
        """{"a":{"\":"b"}}""",
        """{"a":b}""",
        """{a:1}""",
        """{"a":1}{"b":2}""",
        """{"a":1},""",
        """{"a":1}}""",
        """{"a":1},{"b":""",
        "{\"a\":\"\u0001\"}",
        """{"d":{"N":{"a":1,"b":2},"O":{"a":1,"b":2x}}}""",
        """{"d":{"N":{"a":1,"b":2},"O":{"a":1"b":2}}}""",
        """{"d":{"N":{"a":1,"b":2},"O":{"a":1,"b":2]}}""",
        """{"d":{"N":{"a":1,"b":2},"O":["a":1,"b":2]}}""",
        """{"d":[{"a":1,"b":2},["a":1,"b":2]]}""");

    [Theory]
    [MemberData(nameof(Elements))]
    public void Records_without_space_are_cut_without_another_reader(string elements)
    {
        List<ReadOnlyMemory<byte>> slices = [];

        RecordCutter.TryCut(Encoding.UTF8.GetBytes(elements + "],"), slices, out var length).ShouldBeTrue();

        length.ShouldBe(Encoding.UTF8.GetByteCount(elements));
        string.Join(',', slices.Select(Text)).ShouldBe(elements);
        ReadsTheSame(Answer(elements)).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(DamagedElements))]
    public void One_damaged_record_makes_its_whole_answer_unreadable(string elements)
    {
        ReadsTheSame(Answer(elements)).ShouldBeFalse();
        ReadsTheSame(Answer("""{"a":{"S":"x"}},""" + elements + """,{"a":{"S":"x"}}""")).ShouldBeFalse();
    }

    [Fact]
    public void A_number_that_goes_on_where_another_ended_is_left_to_the_reader() =>
        ReadsTheSame(Answer("""{"d":{"N":{"a":1,"b":2},"O":{"a":1,"b":23}}}""")).ShouldBeTrue();

    [Fact]
    public void The_end_may_come_anywhere()
    {
        var answer = Answer("""{"a":{"S":"x"},"b":[1.5e3,"é\u00e9",{"c":null}]},{"d":{"N":{"a":1},"O":{"a":1}}}""");

        for (var length = 0; length < answer.Length; length++)
        {
            ReadsTheSame(answer[..length]).ShouldBeFalse();
        }
    }

    [Fact]
    public void Nesting_of_any_depth_is_cut_or_left_to_the_reader()
    {
        for (var levels = 60; levels < 70; levels++)
        {
            ReadsTheSame(Answer($$$"""{"a":{{{new string('[', levels)}}}{{{new string(']', levels)}}}}""")).ShouldBeTrue();
            ReadsTheSame(Answer($$$"""{"a":{{{new string('[', levels)}}}{{{new string(']', levels - 1)}}}}""")).ShouldBeFalse();
        }
    }

    [Fact]
    public void Images_of_any_number_of_attributes_are_cut()
    {
        for (var count = 250; count < 260; count++)
        {
            var image = $"{{{string.Join(',', Enumerable.Range(0, count).Select(at => $"\"n{at}\":{at}"))}}}";
            ReadsTheSame(Answer($"{{\"d\":{{\"N\":{image},\"O\":{image}}}}},{{\"d\":{{\"O\":{image}}}}}")).ShouldBeTrue();
        }
    }

    [Fact]
    public void Random_and_damaged_answers_are_read_as_by_the_reader()
    {
        var records = new RandomRecords(new Random(20261122));
        var (read, refused) = (0, 0);
        for (var number = 0; number < 5_000; number++)
        {
            var answer = Answer(string.Join(',', Enumerable.Range(0, 1 + (number % 3)).Select(_ => Encoding.UTF8.GetString(records.Record()))));
            var isRead = ReadsTheSame(number % 2 == 0 ? answer : records.Damaged(answer));
            read += isRead ? 1 : 0;
            refused += isRead ? 0 : 1;
        }

        read.ShouldBeGreaterThan(1_000);
        refused.ShouldBeGreaterThan(1_000);
    }

    private static byte[] Answer(string elements) => Encoding.UTF8.GetBytes($$"""{"Records":[{{elements}}],"NextShardIterator":"next"}""");

    private static string Text(ReadOnlyMemory<byte> slice) => Encoding.UTF8.GetString(slice.Span);

    /// <summary>Whether the answer is one, on which both ways of reading it must agree.</summary>
    private static bool ReadsTheSame(byte[] answer)
    {
        var expected = Attempt(() => Read(answer));
        var found = Attempt(() => (StreamsAnswers.Records(answer) is var page) ? (page.Records.Select(Text).ToList(), page.NextIterator) : default);

        (found?.Item1 is null).ShouldBe(expected?.Item1 is null, Encoding.UTF8.GetString(answer));
        found?.Item1.ShouldBe(expected!.Value.Item1, Encoding.UTF8.GetString(answer));
        found?.Item2.ShouldBe(expected!.Value.Item2);
        return found is not null;
    }

    private static (List<string>, string?)? Attempt(Func<(List<string>, string?)> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    // As simple as it can be, and slow.
    private static (List<string> Records, string? Next) Read(byte[] answer)
    {
        (List<string>? records, string? next) = (null, null);
        var reader = new Utf8JsonReader(answer, Deep);
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("Records"u8))
            {
                records = [];
                Require(reader.Read() && reader.TokenType == JsonTokenType.StartArray);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    records.Add(Encoding.UTF8.GetString(answer.AsSpan(start, (int)reader.BytesConsumed - start)));
                }
            }
            else if (reader.ValueTextEquals("NextShardIterator"u8))
            {
                reader.Read();
                next = reader.GetString();
            }
            else
            {
                reader.Skip();
            }
        }

        reader.Read();
        Require(records is not null && next is not { Length: 0 });
        return (records!, next);
    }

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new JsonException();
        }
    }
}
