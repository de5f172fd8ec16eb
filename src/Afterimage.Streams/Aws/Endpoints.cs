using Amazon.Runtime.Internal.Endpoints.StandardLibrary;
using Amazon.Runtime.Internal.Util;
using Amazon.Util;

namespace Afterimage.Streams.Aws;

/// <summary>Where calls go. Everything is decided here, from settings, environment and profile, without any I/O.</summary>
/// <param name="Region">The region that requests are signed for.</param>
/// <param name="Streams">The endpoint of DynamoDB Streams.</param>
/// <param name="Of">The endpoint that is configured for a service, by the SDK's id of it; null leaves it to the SDK's rules.</param>
/// <param name="DualStack">Whether endpoints that speak IPv6 too are wanted.</param>
/// <param name="Fips">Whether FIPS endpoints are wanted.</param>
internal sealed record Endpoints(string Region, Uri Streams, Func<string, Uri?> Of, bool DualStack, bool Fips)
{
    private const string StreamsServiceId = "DynamoDB Streams";

    /// <summary>Decides.</summary>
    /// <exception cref="AwsConfigurationException">There is no region, or what is given is none, or an endpoint is not a URL.</exception>
    public static Endpoints Resolve(AwsSettings settings, Func<string, string?> environment, AwsProfile? profile)
    {
        var region = RegionOf(settings, environment, profile);
        var dualStack = Flag(environment, "AWS_USE_DUALSTACK_ENDPOINT") ?? profile?.DualStack ?? false;
        var fips = Flag(environment, "AWS_USE_FIPS_ENDPOINT") ?? profile?.Fips ?? false;
        return new(
            region,
            Configured(StreamsServiceId, settings, environment, profile) ?? ForStreams(region, dualStack, fips),
            serviceId => Configured(serviceId, settings, environment, profile),
            dualStack,
            fips);
    }

    /// <summary>The endpoint of DynamoDB Streams by the rules that AWS publishes for it.</summary>
    /// <exception cref="AwsConfigurationException">The partition has no such endpoint.</exception>
    public static Uri ForStreams(string region, bool dualStack, bool fips)
    {
        var partition = PartitionOf(region, dualStack, fips);

        // The dash in place of the dot came with dual stack, and only these three partitions have it.
        var dash = dualStack && partition.name is ("aws" or "aws-cn" or "aws-us-gov");
        // In GovCloud the plain endpoint is the FIPS endpoint, and has no other name.
        var suffix = fips && (dualStack || partition.name != "aws-us-gov") ? "-fips" : string.Empty;
        var domain = dualStack ? partition.dualStackDnsSuffix : partition.dnsSuffix;
        return new($"https://streams{(dash ? '-' : '.')}dynamodb{suffix}.{region}.{domain}/");
    }

    /// <summary>The endpoint of Firehose (<c>firehose</c>), CloudWatch Logs (<c>logs</c>), SNS (<c>sns</c>) or SQS (<c>sqs</c>) by the rules that AWS publishes for them.</summary>
    /// <exception cref="AwsConfigurationException">The partition has no such endpoint.</exception>
    public static Uri ForName(string name, string region, bool dualStack, bool fips)
    {
        var partition = PartitionOf(region, dualStack, fips);
        // In GovCloud the plain endpoint of all but Firehose is the FIPS endpoint.
        var isPlain = !dualStack && partition.name == "aws-us-gov" && name != "firehose";
        var domain = dualStack ? partition.dualStackDnsSuffix : partition.dnsSuffix;
        return new($"https://{name}{(fips && !isPlain ? "-fips" : string.Empty)}.{region}.{domain}/");
    }

    private static Partition PartitionOf(string region, bool dualStack, bool fips)
    {
        var partition = Fn.Partition(region);
        return (!dualStack || partition.supportsDualStack) && (!fips || partition.supportsFIPS) ? partition : throw new AwsConfigurationException(
            $"The partition of region {region} has no {(fips ? "FIPS" : "dual-stack")} endpoints.",
            "Unset AWS_USE_DUALSTACK_ENDPOINT and AWS_USE_FIPS_ENDPOINT, or give the endpoint's URL.");
    }

    private static string RegionOf(AwsSettings settings, Func<string, string?> environment, AwsProfile? profile)
    {
        var region = Given(settings.Region)
            ?? Given(environment("AWS_REGION"))
            ?? Given(environment("AWS_DEFAULT_REGION"))
            ?? Given(profile?.Region)
            ?? throw new AwsConfigurationException(
                "No AWS region is configured.",
                "Set --region, AWS_REGION, or 'region' in the profile, such as eu-west-1. For DynamoDB Local any will do.");
        // It becomes part of a host name.
        return Fn.IsValidHostLabel(region, allowSubDomains: false)
            ? region
            : throw new AwsConfigurationException($"'{region}' is not an AWS region.", "Regions look like eu-west-1.");
    }

    private static Uri? Configured(string serviceId, AwsSettings settings, Func<string, string?> environment, AwsProfile? profile)
    {
        if (Given(settings.Endpoint) is { } explicitly)
        {
            return Url(explicitly, "the endpoint given");
        }

        if (Flag(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") ?? profile?.IgnoreConfiguredEndpoints ?? false)
        {
            return null;
        }

        // AWS_ENDPOINT_URL_DYNAMODB_STREAMS and AWS_ENDPOINT_URL_DYNAMODB: the SDK makes the name from the service's id.
        var own = TransformServiceId.TransformServiceIdToEnvVariable(serviceId);
        foreach (var name in (ReadOnlySpan<string>)[own, EnvironmentVariables.GLOBAL_ENDPOINT_ENVIRONMENT_VARIABLE])
        {
            if (Given(environment(name)) is { } value)
            {
                return Url(value, name);
            }
        }

        return Given(profile?.Endpoint(serviceId)) is { } ofProfile ? Url(ofProfile, "the profile's endpoint_url") : null;
    }

    private static Uri Url(string text, string origin) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") && uri.Query.Length == 0
            ? uri
            : throw new AwsConfigurationException(
                $"'{text}' ({origin}) is not the URL of an endpoint.",
                "Endpoints look like http://127.0.0.1:8000.");

    private static bool? Flag(Func<string, string?> environment, string name) => Given(environment(name)) is { } text
        ? text.Equals("true", StringComparison.OrdinalIgnoreCase)
        : null;

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
