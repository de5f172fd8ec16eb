using Afterimage.Relay;
using Afterimage.Streams.Aws;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Hosting;

/// <summary>How sinks reach AWS: the settings, variables and profile of the run, in whatever region a sink is.</summary>
/// <param name="settings">How AWS is reached. Its endpoint is of DynamoDB alone; the other services go by the variables and the profile.</param>
/// <param name="environment">The environment's variables by name.</param>
/// <param name="time">The clock of signatures and waits.</param>
/// <param name="random">Seeds the jitter of retries.</param>
public sealed class SinkAccess(AwsSettings settings, Func<string, string?> environment, TimeProvider time, Random random) : IDisposable
{
    // DNS is asked again this often, so that an endpoint may move.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly List<SdkAccess> accesses = [];

    private readonly HttpMessageInvoker http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = SdkAccess.ConnectTimeout, PooledConnectionLifetime = ConnectionLifetime },
        disposeHandler: true);

    /// <summary>Connections that follow no redirects.</summary>
    internal HttpMessageInvoker Http => http;

    /// <inheritdoc/>
    public void Dispose()
    {
        accesses.ForEach(access => access.Dispose());
        http.Dispose();
    }

    /// <summary>Prepares calls of a service without making any.</summary>
    /// <param name="target">The service.</param>
    /// <param name="region">The region; null is the one in force.</param>
    /// <param name="elsewhere">Where it answers if nothing else is configured; null is AWS.</param>
    /// <exception cref="UsageException">Region, profile or endpoint are missing or wrong.</exception>
    internal IServiceCalls Of(AwsTarget target, string? region, Uri? elsewhere)
    {
        try
        {
            var access = SdkAccess.Create(settings with { Region = region ?? settings.Region, Endpoint = target == AwsTarget.DynamoDb ? settings.Endpoint : null }, environment);
            accesses.Add(access);
            return new SignedCalls(new SignedJsonClient(Place(target, access, elsewhere), access.Credentials, http, time, new Random(random.Next())));
        }
        catch (AwsConfigurationException e)
        {
            throw new UsageException(e.Message, e.Hint);
        }
    }

    /// <summary>The service and where it answers.</summary>
    internal static SignedEndpoint Place(AwsTarget target, SdkAccess access, Uri? elsewhere) => target switch
    {
        AwsTarget.DynamoDb => SignedEndpoint.DynamoDb(DynamoDb(access), access.Endpoints.Region),
        AwsTarget.Firehose => SignedEndpoint.Firehose(Named("Firehose", "firehose", access.Endpoints, elsewhere), access.Endpoints.Region),
        AwsTarget.Logs => SignedEndpoint.Logs(Named("CloudWatch Logs", "logs", access.Endpoints, elsewhere), access.Endpoints.Region),
        AwsTarget.Sns => SignedEndpoint.Sns(Named("SNS", "sns", access.Endpoints, elsewhere), access.Endpoints.Region),
        AwsTarget.Sqs => SignedEndpoint.Sqs(Named("SQS", "sqs", access.Endpoints, elsewhere), access.Endpoints.Region),
        _ => throw new ArgumentOutOfRangeException(nameof(target), target, "There is no such service."),
    };

    private static Uri Named(string serviceId, string name, Endpoints endpoints, Uri? elsewhere) =>
        endpoints.Of(serviceId) ?? elsewhere ?? Endpoints.ForName(name, endpoints.Region, endpoints.DualStack, endpoints.Fips);

    // This one's rules come with its package.
    private static Uri DynamoDb(SdkAccess access)
    {
        using var client = new AmazonDynamoDBClient(access.Credentials, access.Configure(new AmazonDynamoDBConfig()));
        return new Uri(client.DetermineServiceOperationEndpoint(new PutItemRequest()).URL);
    }
}
