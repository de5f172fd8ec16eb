using Afterimage.Streams.Aws;

namespace Afterimage.Tests.Streams.Aws;

public sealed class EndpointsTests
{
    private const string Default = "https://streams.dynamodb.eu-west-1.amazonaws.com/";

    private static readonly AwsProfile Plain = new(null, false, false, false, _ => null);

    [Theory]
    [InlineData("us-east-1", false, false, "https://streams.dynamodb.us-east-1.amazonaws.com/")]
    [InlineData("cn-north-1", false, false, "https://streams.dynamodb.cn-north-1.amazonaws.com.cn/")]
    [InlineData("eu-west-1", true, false, "https://streams-dynamodb.eu-west-1.api.aws/")]
    [InlineData("cn-north-1", true, false, "https://streams-dynamodb.cn-north-1.api.amazonwebservices.com.cn/")]
    [InlineData("us-gov-east-1", true, true, "https://streams-dynamodb-fips.us-gov-east-1.api.aws/")]
    [InlineData("us-west-2", false, true, "https://streams.dynamodb-fips.us-west-2.amazonaws.com/")]
    [InlineData("us-gov-west-1", false, true, "https://streams.dynamodb.us-gov-west-1.amazonaws.com/")]
    [InlineData("xx-mars-1", false, false, "https://streams.dynamodb.xx-mars-1.amazonaws.com/")]
    public void Each_region_has_its_endpoint(string region, bool dualStack, bool fips, string expected) =>
        Endpoints.ForStreams(region, dualStack, fips).ShouldBe(new Uri(expected));

    [Fact]
    public void Endpoints_are_those_of_the_published_rules_in_every_region()
    {
        var partitions = BotocoreData.Read("partitions.json");
        var published = BotocoreData.Read("dynamodbstreams/2012-08-10/endpoint-rule-set-1.json");
        var rules = new EndpointRuleSet(published, partitions);
        // Debian's botocore is from 2022, when these endpoints had another name for dual stack.
        bool[] dualStacks = published.GetRawText().Contains("streams-dynamodb", StringComparison.Ordinal) ? [false, true] : [false];
        var regions = partitions.GetProperty("partitions").EnumerateArray()
            .SelectMany(partition => partition.GetProperty("regions").EnumerateObject().Select(region => region.Name)).ToList();
        regions.Count.ShouldBeGreaterThan(30);

        foreach (var region in regions)
        {
            foreach (var (dualStack, fips) in dualStacks.SelectMany(dualStack => new[] { (dualStack, false), (dualStack, true) }))
            {
                Endpoints.ForStreams(region, dualStack, fips).ToString().TrimEnd('/').ShouldBe(rules.Resolve(region, dualStack, fips), $"{region} {dualStack} {fips}");
            }
        }
    }

    [Fact]
    public void An_endpoint_that_is_given_goes_before_all_others_and_serves_both()
    {
        var endpoints = Resolve(
            new(Endpoint: "http://127.0.0.1:8000"),
            new() { ["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"] = "http://a", ["AWS_ENDPOINT_URL"] = "http://b", ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true" },
            Plain with { Endpoint = _ => "http://c" });

        endpoints.Streams.ShouldBe(new Uri("http://127.0.0.1:8000/"));
        endpoints.Of("DynamoDB").ShouldBe(new Uri("http://127.0.0.1:8000/"));
    }

    [Fact]
    public void A_services_own_variable_goes_before_the_common_one()
    {
        var endpoints = Resolve(new(), new() { ["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"] = "http://streams:1/", ["AWS_ENDPOINT_URL"] = "http://all:2/" });

        endpoints.Streams.ShouldBe(new Uri("http://streams:1/"));
        endpoints.Of("DynamoDB").ShouldBe(new Uri("http://all:2/"));
    }

    [Fact]
    public void The_variable_of_DynamoDB_is_not_that_of_its_streams()
    {
        var endpoints = Resolve(new(), new() { ["AWS_ENDPOINT_URL_DYNAMODB"] = "http://tables:1/" });

        endpoints.Streams.ShouldBe(new Uri(Default));
        endpoints.Of("DynamoDB").ShouldBe(new Uri("http://tables:1/"));
    }

    [Fact]
    public void Variables_go_before_the_profile()
    {
        var profile = Plain with { Endpoint = service => $"http://{service.Replace(' ', '-')}/" };

        Resolve(new(), [], profile).Streams.ShouldBe(new Uri("http://dynamodb-streams/"));
        Resolve(new(), [], profile).Of("DynamoDB").ShouldBe(new Uri("http://dynamodb/"));
        Resolve(new(), new() { ["AWS_ENDPOINT_URL"] = "http://all/" }, profile).Streams.ShouldBe(new Uri("http://all/"));
    }

    [Fact]
    public void Configured_endpoints_can_be_ignored()
    {
        var profile = Plain with { Endpoint = _ => "http://profile/" };

        Resolve(new(), new() { ["AWS_ENDPOINT_URL"] = "http://all/", ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "TRUE" }, profile).Streams.ShouldBe(new Uri(Default));
        Resolve(new(), [], profile with { IgnoreConfiguredEndpoints = true }).Streams.ShouldBe(new Uri(Default));
        Resolve(new(), new() { ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "false" }, profile with { IgnoreConfiguredEndpoints = true }).Streams
            .ShouldBe(new Uri("http://profile/"));
    }

    [Fact]
    public void Dual_stack_and_FIPS_come_from_variables_then_from_the_profile()
    {
        Resolve(new(), new() { ["AWS_USE_DUALSTACK_ENDPOINT"] = "true" }).Streams.Host.ShouldBe("streams-dynamodb.eu-west-1.api.aws");
        Resolve(new(), [], Plain with { Fips = true }).Streams.Host.ShouldBe("streams.dynamodb-fips.eu-west-1.amazonaws.com");
        Resolve(new(), new() { ["AWS_USE_FIPS_ENDPOINT"] = "false" }, Plain with { Fips = true }).Streams.ShouldBe(new Uri(Default));
    }

    [Fact]
    public void The_region_comes_from_the_settings_then_the_variables_then_the_profile()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["AWS_REGION"] = "eu-west-2", ["AWS_DEFAULT_REGION"] = "eu-west-3" };
        var profile = Plain with { Region = "eu-north-1" };

        Region(new("eu-central-1"), environment, profile).ShouldBe("eu-central-1");
        Region(new(), environment, profile).ShouldBe("eu-west-2");
        environment["AWS_REGION"] = " ";
        Region(new(), environment, profile).ShouldBe("eu-west-3");
        Region(new(), [], profile).ShouldBe("eu-north-1");
    }

    [Fact]
    public void Without_a_region_it_is_said_what_to_do()
    {
        var error = Should.Throw<AwsConfigurationException>(() => Region(new(Endpoint: "http://127.0.0.1:8000"), [], null));

        error.Message.ShouldBe("No AWS region is configured.");
        error.Hint.ShouldContain("AWS_REGION");
    }

    [Theory]
    [InlineData("eu west 1")]
    [InlineData("evil.example.com/")]
    [InlineData("-")]
    public void A_region_that_is_none_is_refused(string region) => Should.Throw<AwsConfigurationException>(() => Region(new(region), [], null)).Message.ShouldContain(region);

    [Theory]
    [InlineData("localhost:8000")]
    [InlineData("127.0.0.1")]
    [InlineData("ftp://host")]
    [InlineData("http://host/?x=1")]
    [InlineData("http://")]
    public void An_endpoint_that_is_no_URL_is_refused_and_named(string endpoint)
    {
        Should.Throw<AwsConfigurationException>(() => Resolve(new(Endpoint: endpoint), [])).Message.ShouldContain(endpoint);
        Should.Throw<AwsConfigurationException>(() => Resolve(new(), new() { ["AWS_ENDPOINT_URL"] = endpoint })).Message.ShouldContain("AWS_ENDPOINT_URL");
    }

    private static Endpoints Resolve(AwsSettings settings, Dictionary<string, string> environment, AwsProfile? profile = null) =>
        Endpoints.Resolve(settings with { Region = "eu-west-1" }, environment.GetValueOrDefault, profile);

    private static string Region(AwsSettings settings, Dictionary<string, string> environment, AwsProfile? profile) =>
        Endpoints.Resolve(settings, environment.GetValueOrDefault, profile).Region;
}
