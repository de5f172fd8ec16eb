using System.Text;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Amazon.DynamoDBv2;
using Amazon.Runtime;

namespace Afterimage.Tests.Streams.Aws;

public sealed class TableControlTests : IDisposable
{
    private const string Table = """
        {"TableName":"PrimaryTable","TableStatus":"ACTIVE","TableArn":"arn:aws:dynamodb:us-west-2:111122223333:table/PrimaryTable",
         "AttributeDefinitions":[{"AttributeName":"OrderId","AttributeType":"N"},{"AttributeName":"Other","AttributeType":"B"},{"AttributeName":"UserId","AttributeType":"S"}],
         "KeySchema":[{"AttributeName":"OrderId","KeyType":"RANGE"},{"AttributeName":"UserId","KeyType":"HASH"}]
         STREAM}
        """;

    private const string Stream = """
        ,"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"},
         "LatestStreamLabel":"2026-11-21T20:11:12.000","LatestStreamArn":"arn:aws:dynamodb:us-west-2:111122223333:table/PrimaryTable/stream/2026-11-21T20:11:12.000"
        """;

    private readonly StubAws service = new();
    private readonly AmazonDynamoDBClient client;
    private readonly TableControl tables;

    public TableControlTests()
    {
        client = new AmazonDynamoDBClient(new BasicAWSCredentials("local", "local"), Config());
        tables = new TableControl(client);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        client.Dispose();
        service.Dispose();
    }

    [Fact]
    public async Task A_table_tells_its_key_and_its_stream()
    {
        service.Answers(200, Answer("Table", Stream));

        var table = (await tables.DescribeAsync("PrimaryTable", Ct)).ShouldNotBeNull();

        table.Name.ShouldBe("PrimaryTable");
        table.Arn.ShouldBe("arn:aws:dynamodb:us-west-2:111122223333:table/PrimaryTable");
        table.Status.ShouldBe("ACTIVE");
        table.Keys.ShouldBe([new KeyAttribute("UserId", "S"), new KeyAttribute("OrderId", "N")]);
        table.StreamEnabled.ShouldBeTrue();
        table.ViewType.ShouldBe("NEW_AND_OLD_IMAGES");
        table.LatestStream.ShouldBe(new StreamArn("arn:aws:dynamodb:us-west-2:111122223333:table/PrimaryTable/stream/2026-11-21T20:11:12.000"));
        table.Replicated.ShouldBeFalse();
    }

    [Fact]
    public async Task A_table_may_have_no_stream()
    {
        service.Answers(200, Answer("Table", string.Empty));

        var table = (await tables.DescribeAsync("PrimaryTable", Ct)).ShouldNotBeNull();

        table.StreamEnabled.ShouldBeFalse();
        table.ViewType.ShouldBeNull();
        table.LatestStream.ShouldBeNull();
    }

    [Fact]
    public async Task A_stream_that_was_disabled_is_still_named_and_a_global_table_known()
    {
        service.Answers(200, Answer("Table", Stream.Replace("\"StreamEnabled\":true", "\"StreamEnabled\":false", StringComparison.Ordinal) + ",\"Replicas\":[{\"RegionName\":\"eu-west-1\"}]"));

        var table = (await tables.DescribeAsync("PrimaryTable", Ct)).ShouldNotBeNull();

        table.StreamEnabled.ShouldBeFalse();
        table.ViewType.ShouldBeNull();
        table.LatestStream.ShouldNotBeNull();
        table.Replicated.ShouldBeTrue();
    }

    [Fact]
    public async Task A_table_that_does_not_exist_is_null()
    {
        service.Answers(400, Error("ResourceNotFoundException"));

        (await tables.DescribeAsync("Nowhere", Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Tables_are_listed_to_the_last_page()
    {
        service
            .Answers(200, """{"TableNames":["A","B"],"LastEvaluatedTableName":"B"}""")
            .Answers(200, """{"TableNames":[],"LastEvaluatedTableName":"B2"}""")
            .Answers(200, """{"TableNames":["C"]}""");

        var names = new List<string>();
        await foreach (var name in tables.ListAsync(Ct))
        {
            names.Add(name);
        }

        names.ShouldBe(["A", "B", "C"]);
        service.Requests.Select(request => Encoding.UTF8.GetString(request.Body)).ShouldBe(["{}", """{"ExclusiveStartTableName":"B"}""", """{"ExclusiveStartTableName":"B2"}"""]);
    }

    [Fact]
    public async Task A_stream_is_enabled_with_both_images()
    {
        service.Answers(200, Answer("TableDescription", Stream));

        (await tables.EnableStreamAsync("PrimaryTable", Ct)).StreamEnabled.ShouldBeTrue();

        Encoding.UTF8.GetString(service.Requests.ShouldHaveSingleItem().Body)
            .ShouldBe("""{"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"},"TableName":"PrimaryTable"}""");
    }

    [Theory]
    [InlineData("ResourceNotFoundException", typeof(ResourceNotFoundException))]
    [InlineData("AccessDeniedException", typeof(AccessDeniedException))]
    [InlineData("UnrecognizedClientException", typeof(AccessDeniedException))]
    [InlineData("LimitExceededException", typeof(ThrottledException))]
    [InlineData("ThrottlingException", typeof(ThrottledException))]
    [InlineData("ValidationException", typeof(AwsException))]
    [InlineData("ResourceInUseException", typeof(AwsException))]
    public async Task Errors_are_those_of_the_streams_client(string code, Type expected)
    {
        service.Answers(400, Error(code), ("x-amzn-RequestId", "R1"));

        var error = await Should.ThrowAsync<AwsException>(() => tables.EnableStreamAsync("PrimaryTable", Ct));

        error.GetType().ShouldBe(expected);
        error.Code.ShouldBe(code);
        error.StatusCode.ShouldBe(400);
        error.RequestId.ShouldBe("R1");
        error.Message.ShouldEndWith("why");
    }

    [Fact]
    public async Task An_endpoint_that_is_down_is_named()
    {
        service.Fails(new HttpRequestException("Connection refused"));

        var error = await Should.ThrowAsync<EndpointUnreachableException>(() => tables.DescribeAsync("PrimaryTable", Ct));

        error.Endpoint.ShouldBe(new Uri("http://127.0.0.1:8000/"));
        error.Message.ShouldContain("Connection refused");
    }

    [Fact]
    public async Task An_answer_that_is_not_JSON_is_an_error_of_the_same_family()
    {
        service.Answers(200, "<html>Sign in</html>");

        (await Should.ThrowAsync<AwsException>(() => tables.DescribeAsync("PrimaryTable", Ct))).Code.ShouldBe("UnreadableResponse");
    }

    [Fact]
    public async Task Missing_credentials_say_what_to_do()
    {
        using var none = new ChainCredentials("no-such-profile", name => name == "AWS_SHARED_CREDENTIALS_FILE" ? "/dev/null" : null);
        using var unsigned = new AmazonDynamoDBClient(none, Config());

        var error = await Should.ThrowAsync<AwsConfigurationException>(() => new TableControl(unsigned).DescribeAsync("PrimaryTable", Ct));

        error.Hint.ShouldContain("AWS_ACCESS_KEY_ID");
        service.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancelling_is_not_an_error_of_the_endpoint()
    {
        using var cancel = new CancellationTokenSource();
        service.NeverAnswers(cancel);

        await Should.ThrowAsync<OperationCanceledException>(() => tables.DescribeAsync("PrimaryTable", cancel.Token));
    }

    private AmazonDynamoDBConfig Config() => new()
    {
        ServiceURL = "http://127.0.0.1:8000",
        AuthenticationRegion = "us-west-2",
        MaxErrorRetry = 0,
        HttpClientFactory = new StubFactory(service),
    };

    private static string Answer(string member, string stream) => $$"""{"{{member}}":{{Table.Replace("STREAM", stream, StringComparison.Ordinal)}}}""";

    private static string Error(string code) => $$"""{"__type":"com.amazonaws.dynamodb.v20120810#{{code}}","message":"why"}""";

    private sealed class StubFactory(StubAws service) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(service, disposeHandler: false);

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => true;
    }
}
