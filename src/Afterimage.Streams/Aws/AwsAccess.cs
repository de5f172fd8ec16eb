using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Runtime;

namespace Afterimage.Streams.Aws;

/// <summary>The clients of one account and region. They share credentials and may be used by many callers at once.</summary>
public sealed class AwsAccess : IDisposable
{
    // Enough for every shard that can be read within the limits of one account, few enough to be kind to a small machine.
    private const int ConnectionsMax = 256;

    private const int SdkRetriesMax = 2;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    // DNS is asked again this often, so that an endpoint may move.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly SocketsHttpHandler connections = new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = ConnectTimeout,
        MaxConnectionsPerServer = ConnectionsMax,
        PooledConnectionLifetime = ConnectionLifetime,
    };

    private readonly ChainCredentials chain;
    private readonly ChainCredentials credentials;
    private readonly HttpMessageInvoker http;
    private readonly AmazonDynamoDBClient tables;

    private AwsAccess(Endpoints endpoints, ChainCredentials chain, string? role, TimeProvider time, Random random)
    {
        this.chain = chain;
        credentials = role is null ? chain : ChainCredentials.Assuming(role, chain);
        http = new HttpMessageInvoker(connections);
        tables = new AmazonDynamoDBClient(credentials, TablesConfig(endpoints));
        Region = endpoints.Region;
        StreamsEndpoint = endpoints.Streams;
        Tables = new TableControl(tables);
        var service = SignedEndpoint.Streams(endpoints.Streams, endpoints.Region);
        // The random that was handed in belongs to its owner; calls on many threads draw from one of their own.
        Streams = new StreamsClient(new SignedJsonClient(service, credentials, http, time, new Random(random.Next())));
    }

    /// <summary>The region that requests are signed for.</summary>
    public string Region { get; }

    /// <summary>Where <see cref="Streams"/> calls.</summary>
    public Uri StreamsEndpoint { get; }

    /// <summary>DynamoDB Streams.</summary>
    public IStreamsApi Streams { get; }

    /// <summary>The tables.</summary>
    public TableControl Tables { get; }

    /// <summary>DynamoDB itself, as the SDK gives it.</summary>
    public IAmazonDynamoDB DynamoDb => tables;

    /// <summary>Makes the clients without any call; credentials are looked for at the first one.</summary>
    /// <param name="settings">What was given explicitly.</param>
    /// <param name="environment">The environment's variables by name.</param>
    /// <param name="time">The clock of signatures and waits.</param>
    /// <param name="random">Seeds the jitter of retries.</param>
    /// <exception cref="AwsConfigurationException">Region, profile or endpoint are missing or wrong.</exception>
    public static AwsAccess Create(AwsSettings settings, Func<string, string?> environment, TimeProvider time, Random random)
    {
        var name = settings.Profile ?? environment("AWS_PROFILE");
        var profile = AwsProfile.Read(name ?? "default", environment("AWS_SHARED_CREDENTIALS_FILE"));
        if (name is not null && profile is null)
        {
            throw new AwsConfigurationException(
                $"There is no AWS profile '{name}'.",
                "'aws configure list-profiles' shows those there are; 'aws configure --profile NAME' makes one.");
        }

        var endpoints = Endpoints.Resolve(settings, environment, profile);
        return new(endpoints, new ChainCredentials(settings.Profile, environment), settings.Role, time, random);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        tables.Dispose();
        http.Dispose();
        connections.Dispose();
        credentials.Dispose();
        chain.Dispose();
    }

    private static AmazonDynamoDBConfig TablesConfig(Endpoints endpoints)
    {
        var config = new AmazonDynamoDBConfig
        {
            // Everything the SDK would look for by itself has been decided.
            IgnoreConfiguredEndpointUrls = true,
            AuthenticationRegion = endpoints.Region,
            // DynamoDB's legacy default is ten retries: an endpoint that is down would stay silent for minutes.
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = SdkRetriesMax,
            Timeout = SignedJsonClient.AttemptTimeout,
            ConnectTimeout = ConnectTimeout,
        };
        if (endpoints.Tables is { } configured)
        {
            // Rules for FIPS and dual stack do not apply to an endpoint that was given, and the SDK refuses the two together.
            config.ServiceURL = configured.ToString();
            config.UseDualstackEndpoint = false;
            config.UseFIPSEndpoint = false;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(endpoints.Region);
            config.UseDualstackEndpoint = endpoints.DualStack;
            config.UseFIPSEndpoint = endpoints.Fips;
        }

        return config;
    }
}
