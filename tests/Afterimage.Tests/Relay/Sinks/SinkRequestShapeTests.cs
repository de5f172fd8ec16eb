using System.Text.Json;
using System.Text.Json.Nodes;
using Afterimage.Entries;
using Afterimage.Relay;
using Afterimage.Streams.Aws;
using Afterimage.Tests.Streams.Aws;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Relay.Sinks;

/// <summary>Requests of sinks, held to the models that AWS publishes of its services.</summary>
public sealed class SinkRequestShapeTests : IDisposable
{
    private const string Events = """{"Table":{"KeySchema":[{"AttributeName":"EventId","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"EventId","AttributeType":"S"}]}}""";
    private const string ByNumber =
        """{"Table":{"KeySchema":[{"AttributeName":"id","KeyType":"HASH"},{"AttributeName":"timestamp","KeyType":"RANGE"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},{"AttributeName":"timestamp","AttributeType":"N"}]}}""";

    private static readonly Dictionary<string, (string Path, SignedEndpoint Endpoint)> Services = new(StringComparer.Ordinal)
    {
        ["sqs"] = ("sqs/2012-11-05", SignedEndpoint.Sqs(new Uri("http://a"), "eu-west-1")),
        ["sns"] = ("sns/2010-03-31", SignedEndpoint.Sns(new Uri("http://a"), "eu-west-1")),
        ["firehose"] = ("firehose/2015-08-04", SignedEndpoint.Firehose(new Uri("http://a"), "eu-west-1")),
        ["logs"] = ("logs/2014-03-28", SignedEndpoint.Logs(new Uri("http://a"), "eu-west-1")),
        ["dynamodb"] = ("dynamodb/2012-08-10", SignedEndpoint.DynamoDb(new Uri("http://a"), "eu-west-1")),
    };

    private readonly SinkRig rig = new();

    public static TheoryData<string> Names => [.. Services.Keys];

    [Theory]
    [InlineData("sqs", "sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/audit", "{}")]
    [InlineData("sqs", "sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/audit.fifo", "{}")]
    [InlineData("firehose", "firehose:audit", """{"RequestResponses":[{},{}]}""")]
    [InlineData("logs", "logs:/audit/orders", "{}")]
    [InlineData("dynamodb", "table:Audit", Events)]
    [InlineData("dynamodb", "table:Audit", ByNumber)]
    public async Task Every_request_is_one_that_the_service_model_allows(string service, string address, string answer)
    {
        var model = Model(service);
        rig.Aws.Answers(200, answer);

        await SinkRig.SendAsync(rig.Open(address), Batch());

        rig.Operations.Select((operation, at) => model.Problems(operation, rig.Sent(at))).ShouldAllBe(problems => problems.Count == 0);
        rig.Operations.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Requests_that_make_a_log_group_are_allowed_too()
    {
        var model = Model("logs");
        rig.Aws.Answers(400, """{"__type":"ResourceNotFoundException"}""").Answers(200, "").Answers(200, "").Answers(200, "").Answers(200, "{}");

        await SinkRig.SendAsync(rig.Open(new SinkOptions("logs:audit") { Retention = TimeSpan.FromDays(30) }), Batch());

        rig.Operations.Count().ShouldBe(5);
        rig.Operations.SelectMany((operation, at) => model.Problems(operation, rig.Sent(at))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("sns:arn:aws:sns:eu-west-1:123456789012:audit")]
    [InlineData("sns:arn:aws:sns:eu-west-1:123456789012:audit.fifo")]
    public async Task Every_form_is_one_that_the_service_model_allows(string address)
    {
        var model = Model("sns");
        rig.Aws.Answers(200, """<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult/></PublishBatchResponse>""");

        await SinkRig.SendAsync(rig.Open(address), Batch());

        var form = QueryForm.Read(rig.Text());
        form.Remove("Action", out var operation);
        form.Remove("Version", out var version);
        version.ShouldBe("2010-03-31");
        model.Metadata("xmlNamespace").ShouldBe("http://sns.amazonaws.com/doc/2010-03-31/");
        model.Problems(operation!, Structure(form)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_service_is_addressed_as_its_model_says(string service)
    {
        var (path, endpoint) = Services[service];
        var metadata = BotocoreData.Read($"{path}/service-2.json").GetProperty("metadata");
        Assert.SkipWhen(service == "sqs" && metadata.GetProperty("protocol").GetString() == "query", "This botocore is older than the JSON protocol of SQS.");

        endpoint.SigningName.ShouldBe(metadata.TryGetProperty("signingName", out var name) ? name.GetString() : metadata.GetProperty("endpointPrefix").GetString());
        if (metadata.GetProperty("protocol").GetString() == "json")
        {
            endpoint.TargetPrefix.ShouldBe(metadata.GetProperty("targetPrefix").GetString() + ".");
            endpoint.ContentType.ShouldBe("application/x-amz-json-" + metadata.GetProperty("jsonVersion").GetString());
        }
        else
        {
            endpoint.TargetPrefix.ShouldBeNull();
        }
    }

    public void Dispose() => rig.Dispose();

    private static ServiceModel Model(string service)
    {
        var model = BotocoreData.Read($"{Services[service].Path}/service-2.json");
        Assert.SkipWhen(service == "sqs" && model.GetProperty("metadata").GetProperty("protocol").GetString() == "query", "This botocore is older than the JSON protocol of SQS.");
        return new ServiceModel(model);
    }

    private static List<OutgoingEntry> Batch() =>
    [
        Outgoing.Of(Outgoing.Entry(1) with { Time = DateTimeOffset.UnixEpoch, Actor = new Actor(ActorSource.Stamp, "alice"), Tenant = "acme" }),
        Outgoing.Of(SampleEntries.Modify(
            """{"id":{"S":"2"},"n":{"N":"1"},"l":{"L":[{"NULL":true},{"BOOL":false}]},"m":{"M":{"b":{"B":"AQI="}}},"s":{"SS":["a"]},"ns":{"NS":["1"]},"bs":{"BS":["AQI="]}}""", """{"id":{"S":"2"}}""")),
    ];

    // Lists are `member.N`, maps `entry.N.Name` and `entry.N.Value` (the Query protocol).
    private static JsonElement Structure(Dictionary<string, string> form)
    {
        var root = new JsonObject();
        foreach (var (name, value) in form)
        {
            JsonNode at = root;
            var steps = name.Split('.').Where(step => step is not ("member" or "entry")).ToArray();
            foreach (var step in steps[..^1])
            {
                at = at[step] ??= new JsonObject();
            }

            at[steps[^1]] = value;
        }

        return JsonSerializer.SerializeToElement(Shaped(root));
    }

    private static JsonNode Shaped(JsonNode node)
    {
        if (node is not JsonObject members)
        {
            return node.DeepClone();
        }

        if (!members.All(member => member.Key.All(char.IsAsciiDigit)))
        {
            return new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, (JsonNode?)Shaped(member.Value!))));
        }

        return members.All(member => member.Value is JsonObject { Count: 2 } pair && pair.ContainsKey("Name") && pair.ContainsKey("Value"))
            ? new JsonObject(members.Select(member => KeyValuePair.Create(member.Value!["Name"]!.GetValue<string>(), (JsonNode?)Shaped(member.Value["Value"]!))))
            : new JsonArray([.. members.Select(member => Shaped(member.Value!))]);
    }
}
