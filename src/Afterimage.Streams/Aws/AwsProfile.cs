using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;

namespace Afterimage.Streams.Aws;

/// <summary>What a profile of the shared credentials and config files says besides credentials.</summary>
/// <param name="Region">The region.</param>
/// <param name="DualStack">Whether endpoints that speak IPv6 too are wanted.</param>
/// <param name="Fips">Whether FIPS endpoints are wanted.</param>
/// <param name="IgnoreConfiguredEndpoints">Whether endpoints of variables and profile count for nothing.</param>
/// <param name="Endpoint">The endpoint for a service id; null where the profile names none.</param>
internal sealed record AwsProfile(string? Region, bool DualStack, bool Fips, bool IgnoreConfiguredEndpoints, Func<string, string?> Endpoint)
{
    /// <summary>The profile that settings or environment name, else the default one. Null where there is no default one.</summary>
    /// <exception cref="AwsConfigurationException">One is named, and there is none of this name.</exception>
    public static AwsProfile? InForce(AwsSettings settings, Func<string, string?> environment)
    {
        var name = settings.Profile ?? environment("AWS_PROFILE");
        var profile = Read(name ?? "default", environment("AWS_SHARED_CREDENTIALS_FILE"));
        return name is null || profile is not null ? profile : throw new AwsConfigurationException(
            $"There is no AWS profile '{name}'.",
            "'aws configure list-profiles' shows those there are; 'aws configure --profile NAME' makes one.");
    }

    /// <summary>Reads a profile through the SDK. Null where there is none of this name.</summary>
    /// <param name="name">The profile's name.</param>
    /// <param name="credentialsFile">The shared credentials file; null is the SDK's own place for it.</param>
    public static AwsProfile? Read(string name, string? credentialsFile)
    {
        if (!new CredentialProfileStoreChain(credentialsFile).TryGetProfile(name, out var profile))
        {
            return null;
        }

        return new(
            profile.Region?.SystemName,
            profile.UseDualstackEndpoint ?? false,
            profile.UseFIPSEndpoint ?? false,
            profile.IgnoreConfiguredEndpointUrls ?? false,
            serviceId => (profile.Services is null ? null : EndpointOfServices(name, credentialsFile, serviceId)) ?? profile.EndpointUrl);
    }

    // Only the SDK's client configuration looks into `[services ...]` sections, so one is made to be asked.
    private static string? EndpointOfServices(string name, string? credentialsFile, string serviceId)
    {
        ClientConfig config = new AmazonDynamoDBConfig { Profile = new Profile(name, credentialsFile) };
        config.ServiceId = serviceId;
        return config.ServiceURL;
    }
}
