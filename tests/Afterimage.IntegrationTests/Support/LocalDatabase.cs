using Afterimage.App.Demo;
using Amazon.DynamoDBv2;
using Amazon.Runtime;

[assembly: AssemblyFixture(typeof(Afterimage.IntegrationTests.Support.LocalDatabase))]

namespace Afterimage.IntegrationTests.Support;

/// <summary>The DynamoDB Local that all tests of this assembly share, each with tables of its own.</summary>
/// <remarks>It starts when the first test asks for it. <c>AFTERIMAGE_DYNAMODB_LOCAL=http://…</c> names one that is running already.</remarks>
public class LocalDatabase : IAsyncDisposable
{
    private readonly Lazy<Task<DynamoDbLocal>> started = new(
        () => DynamoDbLocal.StartAsync(Console.Error, TimeProvider.System, CancellationToken.None));

    /// <summary>Where it answers.</summary>
    public async Task<Uri> EndpointAsync() => Environment.GetEnvironmentVariable("AFTERIMAGE_DYNAMODB_LOCAL") is { Length: > 0 } given
        ? new Uri(given)
        : (await started.Value).Endpoint;

    /// <summary>A client for its tables, made for the caller to dispose.</summary>
    public async Task<AmazonDynamoDBClient> ClientAsync() => ClientFor(await EndpointAsync());

    /// <summary>Access keys as DynamoDB Local wants them: letters and digits.</summary>
    internal static AWSCredentials Credentials { get; } = new BasicAWSCredentials("afterimage", "afterimage");

    internal static AmazonDynamoDBClient ClientFor(Uri endpoint) =>
        new(Credentials, new AmazonDynamoDBConfig { ServiceURL = endpoint.ToString(), AuthenticationRegion = "us-east-1" });

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (started.IsValueCreated)
        {
            await (await started.Value).DisposeAsync();
        }
    }
}

/// <summary>A DynamoDB Local for the tests of one class, as a class fixture: with each stream and each record that it holds every further write takes it longer.</summary>
public sealed class OwnDatabase : LocalDatabase;
