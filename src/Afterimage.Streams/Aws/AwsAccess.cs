using Amazon.DynamoDBv2;

namespace Afterimage.Streams.Aws;

/// <summary>The clients of one account and region. They share credentials and may be used by many callers at once.</summary>
public sealed class AwsAccess : IDisposable
{
    // Enough for every shard that can be read within the limits of one account, few enough to be kind to a small machine.
    private const int ConnectionsMax = 256;

    // DNS is asked again this often, so that an endpoint may move.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly SocketsHttpHandler connections = new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = SdkAccess.ConnectTimeout,
        MaxConnectionsPerServer = ConnectionsMax,
        PooledConnectionLifetime = ConnectionLifetime,
    };

    private readonly SdkAccess sdk;
    private readonly HttpMessageInvoker http;
    private readonly AmazonDynamoDBClient tables;

    private AwsAccess(SdkAccess sdk, TimeProvider time, Random random)
    {
        this.sdk = sdk;
        http = new HttpMessageInvoker(connections);
        tables = new AmazonDynamoDBClient(sdk.Credentials, sdk.Configure(new AmazonDynamoDBConfig()));
        Region = sdk.Endpoints.Region;
        StreamsEndpoint = sdk.Endpoints.Streams;
        Tables = new TableControl(tables);
        var service = SignedEndpoint.Streams(StreamsEndpoint, Region);
        // The random that was handed in belongs to its owner; calls on many threads draw from one of their own.
        Streams = new StreamsClient(new SignedJsonClient(service, sdk.Credentials, http, time, new Random(random.Next())));
        var database = new Uri(tables.DetermineServiceOperationEndpoint(new Amazon.DynamoDBv2.Model.GetItemRequest()).URL);
        Items = new SignedJsonClient(SignedEndpoint.DynamoDb(database, Region), sdk.Credentials, http, time, new Random(random.Next()));
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

    /// <summary>DynamoDB without the SDK's objects: requests and answers as UTF-8.</summary>
    internal SignedJsonClient Items { get; }

    /// <summary>Makes the clients without any call; credentials are looked for at the first one.</summary>
    /// <param name="settings">What was given explicitly.</param>
    /// <param name="environment">The environment's variables by name.</param>
    /// <param name="time">The clock of signatures and waits.</param>
    /// <param name="random">Seeds the jitter of retries.</param>
    /// <exception cref="AwsConfigurationException">Region, profile or endpoint are missing or wrong.</exception>
    public static AwsAccess Create(AwsSettings settings, Func<string, string?> environment, TimeProvider time, Random random) =>
        new(SdkAccess.Create(settings, environment), time, random);

    /// <inheritdoc/>
    public void Dispose()
    {
        tables.Dispose();
        http.Dispose();
        connections.Dispose();
        sdk.Dispose();
    }
}
