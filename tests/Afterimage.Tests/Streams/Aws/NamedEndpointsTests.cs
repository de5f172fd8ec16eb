using Afterimage.Hosting;
using Afterimage.Relay;
using Afterimage.Streams.Aws;

namespace Afterimage.Tests.Streams.Aws;

/// <summary>Where the services answer that sinks call.</summary>
public sealed class NamedEndpointsTests
{
    [Theory]
    [InlineData("sqs", "eu-west-1", false, false, "https://sqs.eu-west-1.amazonaws.com/")]
    [InlineData("sns", "cn-north-1", false, false, "https://sns.cn-north-1.amazonaws.com.cn/")]
    [InlineData("logs", "us-west-2", false, true, "https://logs-fips.us-west-2.amazonaws.com/")]
    [InlineData("logs", "us-gov-west-1", false, true, "https://logs.us-gov-west-1.amazonaws.com/")]
    [InlineData("firehose", "us-gov-west-1", false, true, "https://firehose-fips.us-gov-west-1.amazonaws.com/")]
    [InlineData("sqs", "eu-west-1", true, false, "https://sqs.eu-west-1.api.aws/")]
    public void Each_region_has_its_endpoint(string name, string region, bool dualStack, bool fips, string expected) =>
        Endpoints.ForName(name, region, dualStack, fips).ShouldBe(new Uri(expected));

    [Theory]
    [InlineData("sns", "sns/2010-03-31")]
    [InlineData("sqs", "sqs/2012-11-05")]
    [InlineData("logs", "logs/2014-03-28")]
    [InlineData("firehose", "firehose/2015-08-04")]
    public void Endpoints_are_those_of_the_published_rules_in_every_region(string name, string path)
    {
        var partitions = BotocoreData.Read("partitions.json");
        var rules = new EndpointRuleSet(BotocoreData.Read($"{path}/endpoint-rule-set-1.json"), partitions);
        // What is called global is no region that anything runs in.
        var regions = partitions.GetProperty("partitions").EnumerateArray()
            .SelectMany(partition => partition.GetProperty("regions").EnumerateObject().Select(region => region.Name)).Where(region => !region.EndsWith("-global", StringComparison.Ordinal)).ToList();
        regions.Count.ShouldBeGreaterThan(30);

        foreach (var (region, dualStack, fips) in regions.SelectMany(region => new[] { (region, false, false), (region, false, true), (region, true, false), (region, true, true) }))
        {
            var published = rules.Resolve(region, dualStack, fips);
            if (published is null)
            {
                Should.Throw<AwsConfigurationException>(() => Endpoints.ForName(name, region, dualStack, fips), $"{region} {dualStack} {fips}");
            }
            else
            {
                Endpoints.ForName(name, region, dualStack, fips).ToString().TrimEnd('/').ShouldBe(published, $"{region} {dualStack} {fips}");
            }
        }
    }

    [Theory]
    [InlineData("Sns", "AWS_ENDPOINT_URL_SNS", "sns")]
    [InlineData("Sqs", "AWS_ENDPOINT_URL_SQS", "sqs")]
    [InlineData("Logs", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "logs")]
    [InlineData("Firehose", "AWS_ENDPOINT_URL_FIREHOSE", "firehose")]
    [InlineData("DynamoDb", "AWS_ENDPOINT_URL_DYNAMODB", "dynamodb")]
    public void Each_service_has_its_variable_and_its_name_in_signatures(string target, string variable, string signed)
    {
        var place = Place(target, new() { [variable] = "http://127.0.0.1:5000", ["AWS_ENDPOINT_URL"] = "http://other" });

        place.Endpoint.ShouldBe(new Uri("http://127.0.0.1:5000"));
        (place.SigningName, place.Region).ShouldBe((signed, "eu-west-1"));
    }

    [Fact]
    public void A_queue_of_ones_own_is_asked_for_at_its_own_address_unless_a_variable_says_otherwise()
    {
        var elsewhere = new Uri("http://localhost:9324");

        Place("Sqs", [], elsewhere).Endpoint.ShouldBe(elsewhere);
        Place("Sqs", new() { ["AWS_ENDPOINT_URL"] = "http://all:1" }, elsewhere).Endpoint.ShouldBe(new Uri("http://all:1"));
    }

    [Fact]
    public void Without_a_region_it_is_said_what_to_do()
    {
        using var access = new SinkAccess(new AwsSettings(), _ => null, TimeProvider.System, new Random(1));

        Assert.SkipWhen(AwsProfile.Read("default", null)?.Region is not null, "The profile of this machine has a region.");
        Should.Throw<UsageException>(() => access.Of(AwsTarget.Firehose, null, null)).Problems.Single().Hint.ShouldContain("AWS_REGION");
    }

    private static SignedEndpoint Place(string target, Dictionary<string, string> environment, Uri? elsewhere = null)
    {
        environment["AWS_REGION"] = "eu-west-1";
        using var access = SdkAccess.Create(new AwsSettings(), environment.GetValueOrDefault);
        return SinkAccess.Place(Enum.Parse<AwsTarget>(target), access, elsewhere);
    }
}
