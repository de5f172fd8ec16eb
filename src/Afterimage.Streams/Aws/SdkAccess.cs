using Amazon;
using Amazon.Runtime;

namespace Afterimage.Streams.Aws;

/// <summary>
/// What clients of the SDK are made with: who calls, in which region, and where a service answers. DynamoDB and every other service that is called
/// go by the same settings, variables and profile.
/// </summary>
internal sealed class SdkAccess : IDisposable
{
    private const int RetriesMax = 2;

    private readonly ChainCredentials chain;
    private readonly ChainCredentials credentials;

    private SdkAccess(Endpoints endpoints, ChainCredentials chain, string? role)
    {
        (Endpoints, this.chain) = (endpoints, chain);
        credentials = role is null ? chain : ChainCredentials.Assuming(role, chain);
    }

    /// <summary>How long connecting may take.</summary>
    public static TimeSpan ConnectTimeout { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Who calls. Looked for at the first call.</summary>
    public ChainCredentials Credentials => credentials;

    /// <summary>The region, and where services answer.</summary>
    public Endpoints Endpoints { get; }

    /// <summary>Prepares calls without making any.</summary>
    /// <exception cref="AwsConfigurationException">Region, profile or endpoint are missing or wrong.</exception>
    public static SdkAccess Create(AwsSettings settings, Func<string, string?> environment)
    {
        var endpoints = Endpoints.Resolve(settings, environment, AwsProfile.InForce(settings, environment));
        return new(endpoints, new ChainCredentials(settings.Profile, environment), settings.Role);
    }

    /// <summary>Says everything that a service's client would otherwise look for by itself.</summary>
    /// <exception cref="AwsConfigurationException">The service's endpoint is wrong.</exception>
    public TConfig Configure<TConfig>(TConfig config)
        where TConfig : ClientConfig
    {
        config.IgnoreConfiguredEndpointUrls = true;
        config.AuthenticationRegion = Endpoints.Region;
        // DynamoDB's legacy default is ten retries: an endpoint that is down would stay silent for minutes.
        config.RetryMode = RequestRetryMode.Standard;
        config.MaxErrorRetry = RetriesMax;
        config.Timeout = SignedJsonClient.AttemptTimeout;
        config.ConnectTimeout = ConnectTimeout;
        if (Endpoints.Of(config.ServiceId) is { } configured)
        {
            // Rules for FIPS and dual stack do not apply to an endpoint that was given, and the SDK refuses the two together.
            config.ServiceURL = configured.ToString();
            config.UseDualstackEndpoint = false;
            config.UseFIPSEndpoint = false;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(Endpoints.Region);
            config.UseDualstackEndpoint = Endpoints.DualStack;
            config.UseFIPSEndpoint = Endpoints.Fips;
        }

        return config;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        credentials.Dispose();
        chain.Dispose();
    }
}
