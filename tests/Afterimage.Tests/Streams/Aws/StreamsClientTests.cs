using System.Text;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Tests.Streams.Aws;

public sealed class StreamsClientTests
{
    private static readonly StreamArn Forum = new("arn:aws:dynamodb:us-west-2:111122223333:table/Forum/stream/2015-05-20T20:51:10.252");

    private readonly ManualTime time = ManualTime.At("2026-11-21T20:11:12Z");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Each_record_is_the_text_that_was_delivered_and_nothing_is_copied()
    {
        var answer = Fixture.Bytes("get-records-hostile.json");
        var text = Encoding.UTF8.GetString(answer);

        var page = StreamsAnswers.Records(answer);

        page.Records.Count.ShouldBe(2);
        foreach (var record in page.Records)
        {
            text.ShouldContain(Encoding.UTF8.GetString(record.Span));
            System.Runtime.InteropServices.MemoryMarshal.TryGetArray(record, out var segment).ShouldBeTrue();
            segment.Array.ShouldBeSameAs(answer);
        }

        page.NextIterator.ShouldEndWith("|1|AAAAAAAAAAGQBYshYDEe+/==");
    }

    [Theory]
    [InlineData("get-records-last-page-null.json")]
    [InlineData("get-records-last-page-absent.json")]
    public async Task The_last_page_of_a_shard_may_hold_records(string fixture)
    {
        using var service = new StubAws().Answers(200, Fixture.Bytes(fixture));

        var page = await service.Streams(time).GetRecordsAsync("it", Ct);

        page.NextIterator.ShouldBeNull();
        page.Records.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("<html>Sign in to the network</html>")]
    [InlineData("{\"NextShardIterator\":\"x\"}")]
    [InlineData("{\"Records\":null}")]
    [InlineData("{\"Records\":{}}")]
    [InlineData("{\"Records\":[],\"NextShardIterator\":\"\"}")]
    [InlineData("{\"Records\":[],\"NextShardIterator\":7}")]
    [InlineData("{\"Records\":[]} {}")]
    [InlineData("{\"Records\":[{\"eventID\":")]
    public async Task An_answer_that_is_not_a_page_is_never_taken_for_the_end_of_a_shard(string answer)
    {
        using var service = new StubAws().Answers(200, answer);

        var error = await Should.ThrowAsync<AwsException>(() => service.Streams(time).GetRecordsAsync("it", Ct));

        error.Code.ShouldBe("UnreadableResponse");
        error.Message.ShouldContain("GetRecords");
        service.Requests.Count.ShouldBe(RetryPlan.AttemptsMax);
    }

    [Fact]
    public async Task A_torn_answer_is_asked_for_again()
    {
        var whole = Fixture.Bytes("get-records-hostile.json");
        using var service = new StubAws().Answers(200, whole[..^40]).Answers(200, whole);

        (await service.Streams(time).GetRecordsAsync("it", Ct)).Records.Count.ShouldBe(2);
    }

    [Fact]
    public void A_record_that_is_nested_too_deeply_does_not_spoil_its_page()
    {
        var deep = new string('[', 1000) + new string(']', 1000);
        var page = StreamsAnswers.Records(Encoding.UTF8.GetBytes($"{{\"Records\":[{{\"x\":{deep}}}],\"NextShardIterator\":null}}"));

        Should.Throw<FormatException>(() => StreamRecord.Read(page.Records[0]));
    }

    [Fact]
    public async Task The_published_description_is_read()
    {
        using var service = new StubAws().Answers(200, Fixture.Bytes("describe-stream-example.json"));

        var description = await service.Streams(time).DescribeStreamAsync(Forum, null, null, Ct);

        description.Stream.ShouldBe(Forum);
        description.Status.ShouldBe("ENABLED");
        description.ViewType.ShouldBe("NEW_AND_OLD_IMAGES");
        description.LastEvaluatedShard.ShouldBeNull();
        description.Shards.Count.ShouldBe(4);
        description.Shards[0].Parent.ShouldBeNull();
        description.Shards[3].ShouldBe(new Shard(
            new("shardId-00000001414608446368-3a1afbaf"), new ShardId("shardId-00000001414592258131-674fd923"), new SequenceNumber("2574600000000000000935255"), null));
    }

    [Fact]
    public async Task Shards_may_be_without_numbers_and_their_parents_gone()
    {
        using var service = new StubAws().Answers(200, Fixture.Bytes("describe-stream-idle-shards.json"));

        var description = await service.Streams(time).DescribeStreamAsync(Forum, null, null, Ct);

        description.Status.ShouldBe("DISABLED");
        description.LastEvaluatedShard.ShouldBe(new ShardId("shardId-00000001765400000000-cccccccc"));
        description.Shards.ShouldBe(
        [
            new(new("shardId-00000001765400000000-aaaaaaaa"), new ShardId("shardId-00000001765300000000-trimmed0"), null, null),
            new(new("shardId-00000001765400000000-bbbbbbbb"), null, null, new SequenceNumber("4421584500000000017450439092")),
            new(new("shardId-00000001765400000000-cccccccc"), null, null, null),
        ]);
    }

    [Fact]
    public async Task An_empty_page_of_shards_still_says_where_to_go_on()
    {
        using var service = new StubAws().Answers(200, Fixture.Bytes("describe-stream-empty-page.json"));

        var description = await service.Streams(time).DescribeStreamAsync(Forum, null, null, Ct);

        description.Shards.ShouldBeEmpty();
        description.LastEvaluatedShard.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"StreamDescription\":{}}")]
    [InlineData("{\"StreamDescription\":{\"StreamArn\":\"nonsense\",\"StreamStatus\":\"ENABLED\",\"Shards\":[]}}")]
    [InlineData("{\"StreamDescription\":{\"StreamArn\":\"arn:aws:dynamodb:us-west-2:111122223333:table/Forum/stream/x\",\"StreamStatus\":\"ENABLED\"}}")]
    [InlineData("{\"StreamDescription\":{\"StreamArn\":\"arn:aws:dynamodb:us-west-2:111122223333:table/Forum/stream/x\",\"StreamStatus\":\"ENABLED\",\"Shards\":[{}]}}")]
    [InlineData("{\"StreamDescription\":{\"StreamArn\":\"arn:aws:dynamodb:us-west-2:111122223333:table/Forum/stream/x\",\"StreamStatus\":\"ENABLED\",\"Shards\":[{\"ShardId\":\"s\",\"SequenceNumberRange\":{\"StartingSequenceNumber\":\"x\"}}]}}")]
    public async Task An_answer_that_is_not_a_description_is_an_error(string answer)
    {
        using var service = new StubAws().Answers(200, answer);

        (await Should.ThrowAsync<AwsException>(() => service.Streams(time).DescribeStreamAsync(Forum, null, null, Ct))).Code.ShouldBe("UnreadableResponse");
    }

    [Fact]
    public async Task An_iterator_is_read_and_its_absence_an_error()
    {
        using var service = new StubAws().Answers(200, "{\"ShardIterator\":\"it\"}").Answers(200, "{\"ShardIterator\":null}");
        var streams = service.Streams(time);

        (await streams.GetShardIteratorAsync(Forum, new("s"), null, Ct)).ShouldBe("it");
        (await Should.ThrowAsync<AwsException>(() => streams.GetShardIteratorAsync(Forum, new("s"), null, Ct))).Code.ShouldBe("UnreadableResponse");
    }

    [Fact]
    public async Task Streams_are_listed_page_by_page()
    {
        using var service = new StubAws()
            .Answers(200, Fixture.Bytes("list-streams-example.json"))
            .Answers(200, $"{{\"Streams\":[{{\"StreamArn\":\"{Forum}\",\"TableName\":\"Forum\"}}],\"LastEvaluatedStreamArn\":\"{Forum}\"}}");
        var streams = service.Streams(time);

        var all = await streams.ListStreamsAsync(null, null, Ct);
        var one = await streams.ListStreamsAsync("Forum", null, Ct);

        all.Streams.Select(stream => stream.Label).ShouldBe(["2015-05-20T20:51:10.252", "2015-05-20T20:50:02.714", "2015-05-19T23:03:50.641"]);
        all.LastEvaluatedStream.ShouldBeNull();
        one.LastEvaluatedStream.ShouldBe(Forum);
    }

    [Theory]
    [InlineData("ResourceNotFoundException", typeof(ResourceNotFoundException))]
    [InlineData("ExpiredIteratorException", typeof(ExpiredIteratorException))]
    [InlineData("TrimmedDataAccessException", typeof(TrimmedDataException))]
    public async Task What_a_reader_must_act_on_comes_at_once(string code, Type expected)
    {
        using var service = new StubAws().Answers(400, $$"""{"__type":"com.amazonaws.dynamodb.v20120810#{{code}}","message":"text"}""");

        var error = await Should.ThrowAsync<AwsException>(() => service.Streams(time).GetRecordsAsync("it", Ct));

        error.GetType().ShouldBe(expected);
        service.Requests.Count.ShouldBe(1);
    }
}
