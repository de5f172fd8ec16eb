using System.Text.Json;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;

namespace Afterimage.Tests.Streams.Aws;

public sealed class RequestShapeTests
{
    private static readonly StreamArn Forum = new("arn:aws:dynamodb:us-west-2:111122223333:table/Forum/stream/2015-05-20T20:51:10.252");
    private static readonly ShardId Shard = new("shardId-00000001414562045508-2bac9cd2");

    // Debian's botocore is from 2022.
    private const string ChildrenCall = "DescribeStream for a shard's children";

    // The answers do not matter here: what was sent does.
    private static readonly Dictionary<string, Func<IStreamsApi, CancellationToken, Task>> Calls = new(StringComparer.Ordinal)
    {
        ["DescribeStream"] = (api, ct) => api.DescribeStreamAsync(Forum, null, null, ct),
        ["DescribeStream after a shard"] = (api, ct) => api.DescribeStreamAsync(Forum, Shard, null, ct),
        [ChildrenCall] = (api, ct) => api.DescribeStreamAsync(Forum, Shard, Shard, ct),
        ["GetShardIterator at the horizon"] = (api, ct) => api.GetShardIteratorAsync(Forum, Shard, null, ct),
        ["GetShardIterator after a record of 21 digits"] = (api, ct) => api.GetShardIteratorAsync(Forum, Shard, new SequenceNumber("100000000000000000001"), ct),
        ["GetShardIterator after a record of 40 digits"] = (api, ct) => api.GetShardIteratorAsync(Forum, Shard, new SequenceNumber(new string('9', 40)), ct),
        ["GetRecords"] = (api, ct) => api.GetRecordsAsync("arn:aws:dynamodb:us-west-2:111122223333:table/Forum/stream/x|1|AAAA+/==", ct),
        ["ListStreams"] = (api, ct) => api.ListStreamsAsync(null, null, ct),
        ["ListStreams of a table"] = (api, ct) => api.ListStreamsAsync("Forum", null, ct),
        ["ListStreams of a table after a stream"] = (api, ct) => api.ListStreamsAsync("Forum", Forum, ct),
    };

    private const string Wrong =
        """{"StreamArn":"arn:aws:dynamodb:us-west-2:111122223333:table/F/stream/x","ShardId":"shardId-00000001414562045508-2bac9cd2","ShardIteratorType":"FIRST"}""";

    private readonly ManualTime time = ManualTime.At("2026-11-21T20:11:12Z");

    public static TheoryData<string> Names => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_request_is_one_that_the_service_model_allows(string call)
    {
        var model = Model();
        Assert.SkipWhen(
            call == ChildrenCall && !model.Knows("ShardFilter"),
            "This botocore is older than July 2025 and does not know ShardFilter yet; the request's text is checked besides.");

        var (operation, request) = await SentBy(call);

        operation.ShouldBe(call.Split(' ')[0]);
        model.Problems(operation, request).ShouldBeEmpty();
    }

    [Fact]
    public void Every_operation_of_the_model_is_called() =>
        Calls.Keys.Select(call => call.Split(' ')[0]).Distinct(StringComparer.Ordinal).ShouldBe(Model().Operations, ignoreOrder: true);

    [Fact]
    public void The_service_is_addressed_as_its_model_says()
    {
        var model = Model();
        var service = SignedEndpoint.Streams(new Uri("http://127.0.0.1:8000"), "us-west-2");

        service.SigningName.ShouldBe(model.Metadata("signingName"));
        service.TargetPrefix.ShouldBe(model.Metadata("targetPrefix") + ".");
        service.ContentType.ShouldBe("application/x-amz-json-" + model.Metadata("jsonVersion"));
    }

    [Fact]
    public async Task Each_position_is_asked_for_by_its_own_iterator_type()
    {
        var (_, horizon) = await SentBy("GetShardIterator at the horizon");
        var (_, after) = await SentBy("GetShardIterator after a record of 21 digits");

        horizon.GetProperty("ShardIteratorType").GetString().ShouldBe("TRIM_HORIZON");
        horizon.TryGetProperty("SequenceNumber", out _).ShouldBeFalse();
        after.GetProperty("ShardIteratorType").GetString().ShouldBe("AFTER_SEQUENCE_NUMBER");
        after.GetProperty("SequenceNumber").GetString().ShouldBe("100000000000000000001");
    }

    // API reference, DescribeStream and ShardFilter.
    [Fact]
    public async Task A_shards_children_are_asked_for_by_a_filter()
    {
        var (_, request) = await SentBy(ChildrenCall);

        request.GetRawText().ShouldBe(
            $$$"""{"StreamArn":"{{{Forum}}}","ExclusiveStartShardId":"{{{Shard}}}","ShardFilter":{"Type":"CHILD_SHARDS","ShardId":"{{{Shard}}}"}}""");
    }

    [Theory]
    [InlineData("GetRecords", "{}", "GetRecords.ShardIterator: required")]
    [InlineData("GetRecords", "{\"ShardIterator\":7}", "GetRecords.ShardIterator: Number where the model has string")]
    [InlineData("GetRecords", "{\"ShardIterator\":\"\"}", "GetRecords.ShardIterator: 0 characters")]
    [InlineData("ListStreams", "{\"Table\":\"x\"}", "ListStreams.Table: unknown")]
    [InlineData("GetShardIterator", Wrong, "GetShardIterator.ShardIteratorType: 'FIRST' is none of")]
    public void A_wrong_request_is_noticed(string operation, string request, string problem)
    {
        using var document = JsonDocument.Parse(request);

        Model().Problems(operation, document.RootElement).ShouldHaveSingleItem().ShouldStartWith(problem);
    }

    private static ServiceModel Model() => new(BotocoreData.Read("dynamodbstreams/2012-08-10/service-2.json"));

    private async Task<(string Operation, JsonElement Request)> SentBy(string call)
    {
        using var service = new StubAws().Answers(400, """{"__type":"ValidationException"}""");
        await Should.ThrowAsync<AwsException>(() => Calls[call](service.Streams(time), TestContext.Current.CancellationToken));
        var sent = service.Requests.ShouldHaveSingleItem();
        return (sent.Headers["X-Amz-Target"].Split('.')[1], JsonSerializer.Deserialize<JsonElement>(sent.Body));
    }
}
