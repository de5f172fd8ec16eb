using System.Text;
using System.Text.Json;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;

namespace Afterimage.Tests.Streams.Records;

public sealed class StreamRecordTests
{
    private const string Whole = """
        {"eventID":"e1","eventName":"MODIFY","eventVersion":"1.1","awsRegion":"eu-west-1",
         "dynamodb":{"ApproximateCreationDateTime":1765400000,"Keys":{"id":{"N":"1"}},"NewImage":{"id":{"N":"1"}},"OldImage":{"id":{"N":"1"}},
         "SequenceNumber":"100000000000000000001","SizeBytes":3,"StreamViewType":"NEW_AND_OLD_IMAGES"}}
        """;

    [Fact]
    public void Everything_of_a_record_is_there_as_it_was_delivered()
    {
        var record = Of("get-records-last-page-null.json")[0];

        record.EventId.ShouldBe("7b1b1c6a7bcd4e1f8d1c0c8a6a2f4e11");
        record.EventName.ShouldBe("MODIFY");
        record.EventVersion.ShouldBe("1.1");
        record.Region.ShouldBe("us-west-2");
        record.ApproximateCreationTime.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1765400000));
        Text(record.Keys).ShouldBe("""{"UserId": {"S": "user1"}, "OrderId": {"S": "order1"}}""");
        Text(record.NewImage).ShouldBe("""{"UserId": {"S": "user1"}, "OrderId": {"S": "order1"}, "Quantity": {"N": "2"}}""");
        Text(record.OldImage).ShouldBe("""{"UserId": {"S": "user1"}, "OrderId": {"S": "order1"}, "Quantity": {"N": "1"}}""");
        record.SequenceNumber.Text.ShouldBe("4421584500000000017450439091");
        record.SizeBytes.ShouldBe(81);
        record.ViewType.ShouldBe("NEW_AND_OLD_IMAGES");
        record.UserIdentity.ShouldBeNull();
    }

    [Fact]
    public void Numbers_keep_every_digit_and_times_lose_their_fraction()
    {
        var records = Of("get-records-hostile.json");

        records[0].ApproximateCreationTime.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1765400005));
        records[0].SequenceNumber.Text.Length.ShouldBe(21);
        records[0].SizeBytes.ShouldBe(9007199254740993);
        Text(records[0].NewImage)!.ShouldContain("""{"N": "12345678901234567890123456789012345678"}""");
        Text(records[0].NewImage)!.ShouldContain("""{"N": "1.0"}""");
        Text(records[0].OldImage)!.ShouldContain("""{"N": "1"}""");
        records[1].SequenceNumber.Text.ShouldBe(new string('9', 40));
        Text(records[1].OldImage)!.ShouldContain("""\u00e9 é \ud83d\ude00""");
        records[1].UserIdentity.ShouldBeNull();
    }

    [Fact]
    public void Images_that_the_view_leaves_out_are_absent()
    {
        var records = Of("get-records-views.json");

        records.Select(record => (record.ViewType, record.NewImage is not null, record.OldImage is not null))
            .ShouldBe([("KEYS_ONLY", false, false), ("NEW_IMAGE", true, false), ("OLD_IMAGE", false, true)]);
    }

    [Fact]
    public void A_delete_by_time_to_live_says_who_acted_however_the_names_are_written() =>
        Of("get-records-ttl.json").Select(record => record.UserIdentity)
            .ShouldBe([new RecordIdentity("Service", "dynamodb.amazonaws.com"), new RecordIdentity("Service", "dynamodb.amazonaws.com")]);

    [Fact]
    public void The_time_of_the_published_example_is_read()
    {
        var records = Of("get-records-example.json");

        records.Select(record => record.EventName).ShouldBe(["INSERT", "MODIFY", "REMOVE"]);
        records[1].ApproximateCreationTime.ShouldBe(new DateTimeOffset(2016, 6, 1, 18, 21, 10, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("1765400000", 1765400000)]
    [InlineData("1765400000.999", 1765400000)]
    [InlineData("1.76540000599E9", 1765400005)]
    [InlineData("1.46480646e+9", 1464806460)]
    public void Times_are_floored_to_the_second(string wire, long seconds) =>
        Read(Whole.Replace("1765400000", wire, StringComparison.Ordinal)).ApproximateCreationTime.ToUnixTimeSeconds().ShouldBe(seconds);

    [Theory]
    [InlineData("\"eventName\":\"MODIFY\",", "", "'eventName' is absent")]
    [InlineData("MODIFY", "UPSERT", "'UPSERT'")]
    [InlineData("\"eventName\":\"MODIFY\"", "\"eventName\":7", "eventName: expected String, found Number")]
    [InlineData("\"Keys\":{\"id\":{\"N\":\"1\"}},", "", "'Keys' is absent")]
    [InlineData("\"Keys\":{\"id\":{\"N\":\"1\"}}", "\"Keys\":{ }", "'Keys' is empty")]
    [InlineData("\"Keys\":{\"id\":{\"N\":\"1\"}}", "\"Keys\":[]", "Keys: expected StartObject, found StartArray")]
    [InlineData("\"SequenceNumber\":\"100000000000000000001\",", "", "'SequenceNumber' is absent")]
    [InlineData("100000000000000000001", "1x", "'1x' is not a sequence number")]
    [InlineData("1765400000,", "\"yesterday\",", "is not a number of seconds")]
    [InlineData("1765400000,", "1765400000000,", "is not a number of seconds")]
    [InlineData("1765400000,", "1e999,", "is not a number of seconds")]
    [InlineData("1765400000,", "-0.5,", "is not a number of seconds")]
    [InlineData("\"ApproximateCreationDateTime\":1765400000,", "", "'ApproximateCreationDateTime' is absent")]
    [InlineData("\"SizeBytes\":3", "\"SizeBytes\":3,\"SizeBytes\":3", "'SizeBytes' comes twice")]
    [InlineData("\"eventID\":\"e1\"", "\"eventID\":\"e1\",\"eventID\":\"e2\"", "'eventID' comes twice")]
    [InlineData("\"StreamViewType\":", "\"Keys\":{\"id\":{\"N\":\"2\"}},\"StreamViewType\":", "'Keys' comes twice")]
    [InlineData("\"eventID\":\"e1\"", "\"eventID\":\"\\ud800\"", "Not a stream record")]
    [InlineData("\"dynamodb\":{", "\"dynamodb\":[{", "dynamodb: expected StartObject")]
    public void What_is_missing_or_malformed_is_named(string part, string instead, string reason)
    {
        var broken = Whole.Replace(part, instead, StringComparison.Ordinal);
        broken.ShouldNotBe(Whole);

        Should.Throw<FormatException>(() => Read(broken)).Message.ShouldContain(reason);
    }

    [Fact]
    public void A_record_that_is_torn_anywhere_is_refused()
    {
        var bytes = Encoding.UTF8.GetBytes(Whole.Trim());

        for (var length = 0; length < bytes.Length; length++)
        {
            Should.Throw<FormatException>(() => StreamRecord.Read(bytes.AsMemory(0, length)));
        }
    }

    [Fact]
    public void Text_after_the_record_is_refused() => Should.Throw<FormatException>(() => Read(Whole + "{}"));

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused_even_inside_an_image()
    {
        var bytes = Encoding.UTF8.GetBytes(Whole);
        bytes[Whole.IndexOf("\"N\":\"1\"", StringComparison.Ordinal) + 5] = 0xFF;

        Should.Throw<FormatException>(() => StreamRecord.Read(bytes)).Message.ShouldContain("not UTF-8");
    }

    [Fact]
    public void Members_that_are_not_known_are_passed_over() =>
        Read(Whole.Replace("\"dynamodb\":{", "\"later\":[{\"eventName\":1}],\"dynamodb\":{\"Later\":{\"Keys\":null},", StringComparison.Ordinal)).EventName.ShouldBe("MODIFY");

    [Fact]
    public void An_item_may_nest_as_deeply_as_DynamoDB_allows()
    {
        var nested = string.Concat(Enumerable.Repeat("{\"M\":{\"a\":", 32)) + "{\"N\":\"1\"}" + string.Concat(Enumerable.Repeat("}}", 32));
        var record = Read(Whole.Replace("\"NewImage\":{\"id\":{\"N\":\"1\"}}", $"\"NewImage\":{{\"id\":{nested}}}", StringComparison.Ordinal));

        Text(record.NewImage).ShouldBe($"{{\"id\":{nested}}}");
    }

    [Theory]
    [InlineData("UPSERT instead of MODIFY")]
    [InlineData("torn at the end")]
    [InlineData("bytes that are not UTF-8")]
    public void The_sequence_number_of_an_unreadable_record_is_salvaged(string how)
    {
        byte[] broken = how switch
        {
            "UPSERT instead of MODIFY" => Encoding.UTF8.GetBytes(Whole.Replace("MODIFY", "UPSERT", StringComparison.Ordinal)),
            "torn at the end" => Encoding.UTF8.GetBytes(Whole[..^5]),
            _ => [.. Encoding.UTF8.GetBytes(Whole), 0xFF],
        };
        Should.Throw<FormatException>(() => StreamRecord.Read(broken));

        StreamRecord.TrySalvageSequenceNumber(broken).ShouldBe(new SequenceNumber("100000000000000000001"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"dynamodb":{"SequenceNumber":"12345""")]
    [InlineData("""{"dynamodb":{"SequenceNumber":""}""")]
    [InlineData("""{"dynamodb":{"SequenceNumber":12}""")]
    [InlineData("""{"dynamodb":{"SequenceNumber":"12345678901234567890123456789012345678901"}""")]
    [InlineData("""{"dynamodb":{"SequenceNumber":"1","SequenceNumber":"2"}""")]
    [InlineData("""{"dynamodb":{"NewImage":{"SequenceNumber":{"S":"7"}, "s":{"S":"\"SequenceNumber\":\"7\""}}""")]
    public void A_sequence_number_in_doubt_is_not_salvaged(string raw) => StreamRecord.TrySalvageSequenceNumber(Encoding.UTF8.GetBytes(raw)).ShouldBeNull();

    [Fact]
    public void Salvaging_agrees_with_reading_on_every_record_that_can_be_read()
    {
        foreach (var name in (string[])["get-records-example.json", "get-records-hostile.json", "get-records-views.json", "get-records-ttl.json"])
        {
            foreach (var raw in StreamsAnswers.Records(Fixture.Bytes(name)).Records)
            {
                StreamRecord.TrySalvageSequenceNumber(raw).ShouldBe(StreamRecord.Read(raw).SequenceNumber);
            }
        }
    }

    private static List<StreamRecord> Of(string fixture) => [.. StreamsAnswers.Records(Fixture.Bytes(fixture)).Records.Select(StreamRecord.Read)];

    private static StreamRecord Read(string json) => StreamRecord.Read(Encoding.UTF8.GetBytes(json));

    private static string? Text(ReadOnlyMemory<byte>? slice)
    {
        if (slice is not { } bytes)
        {
            return null;
        }

        using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 512 });
        document.RootElement.ValueKind.ShouldBe(JsonValueKind.Object);
        return Encoding.UTF8.GetString(bytes.Span);
    }
}
