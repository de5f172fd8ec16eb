using Afterimage.Stamp;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Afterimage.Tests.Stamp;

/// <summary>The registration of docs/stamps.md with an endpoint and credentials.</summary>
internal static class LocalClients
{
    public static IServiceCollection Add(IServiceCollection services) =>
        services.AddStampedDynamoDB(provider => new StampedDynamoDBClient(
            new BasicAWSCredentials("local", "local"),
            new AmazonDynamoDBConfig { ServiceURL = provider.GetRequiredService<IConfiguration>()["DynamoDB"] },
            new StampOptions { Service = "orders-api" }));
}
