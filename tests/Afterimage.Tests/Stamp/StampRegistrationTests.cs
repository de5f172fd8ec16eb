using Afterimage.Stamp;
using Amazon;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Afterimage.Tests.Stamp;

/// <summary>The client that stamps among an application's services.</summary>
public sealed class StampRegistrationTests
{
    [Fact]
    public void One_client_is_given_whichever_type_is_asked_for()
    {
        using var services = new ServiceCollection().AddStampedDynamoDB(_ => Client("eu-west-1")).BuildServiceProvider();

        var client = services.GetRequiredService<StampedDynamoDBClient>();

        services.GetRequiredService<IAmazonDynamoDB>().ShouldBeSameAs(client);
        services.GetRequiredService<AmazonDynamoDBClient>().ShouldBeSameAs(client);
    }

    [Fact]
    public void A_plain_client_that_was_registered_before_is_given_to_nobody()
    {
        using var plain = new AmazonDynamoDBClient("key", "secret", RegionEndpoint.EUWest1);
        using var services = new ServiceCollection()
            .AddSingleton<IAmazonDynamoDB>(plain)
            .AddSingleton(plain)
            .AddStampedDynamoDB(_ => Client("eu-west-1"))
            .BuildServiceProvider();

        services.GetServices<IAmazonDynamoDB>().ShouldBe([services.GetRequiredService<StampedDynamoDBClient>()]);
        services.GetServices<AmazonDynamoDBClient>().ShouldBe([services.GetRequiredService<StampedDynamoDBClient>()]);
    }

    [Fact]
    public void Called_again_the_last_word_counts()
    {
        using var services = new ServiceCollection().AddStampedDynamoDB(_ => Client("eu-west-1")).AddStampedDynamoDB(_ => Client("us-east-1")).BuildServiceProvider();

        services.GetServices<IAmazonDynamoDB>().Single().Config.RegionEndpoint.ShouldBe(RegionEndpoint.USEast1);
    }

    [Fact]
    public void A_client_under_a_key_of_its_own_stays()
    {
        using var plain = new AmazonDynamoDBClient("key", "secret", RegionEndpoint.EUWest1);
        using var services = new ServiceCollection().AddKeyedSingleton<IAmazonDynamoDB>("cache", plain).AddStampedDynamoDB(_ => Client("eu-west-1")).BuildServiceProvider();

        services.GetRequiredKeyedService<IAmazonDynamoDB>("cache").ShouldBeSameAs(plain);
    }

    [Fact]
    public void The_endpoint_may_come_from_what_else_is_registered()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("DynamoDB", "http://127.0.0.1:8000")]).Build();
        using var services = LocalClients.Add(new ServiceCollection().AddSingleton<IConfiguration>(settings)).BuildServiceProvider();

        services.GetRequiredService<IAmazonDynamoDB>().Config.ServiceURL.ShouldStartWith("http://127.0.0.1:8000");
    }

    [Fact]
    public void Without_more_the_client_is_made_when_it_is_first_asked_for()
    {
        var services = new ServiceCollection().AddStampedDynamoDB(new StampOptions { Service = "orders-api" });

        services.Select(service => (service.ServiceType, service.Lifetime)).ShouldBe(
        [
            (typeof(StampedDynamoDBClient), ServiceLifetime.Singleton),
            (typeof(AmazonDynamoDBClient), ServiceLifetime.Singleton),
            (typeof(IAmazonDynamoDB), ServiceLifetime.Singleton),
        ]);
    }

    private static StampedDynamoDBClient Client(string region) => new("key", "secret", RegionEndpoint.GetBySystemName(region));
}
