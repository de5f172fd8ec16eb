using Amazon.DynamoDBv2;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Afterimage.Stamp;

/// <summary>Adds the client that stamps to an application's services.</summary>
public static class StampRegistration
{
    /// <summary>One <see cref="StampedDynamoDBClient"/> with the credentials and region of the surroundings, wherever a DynamoDB client is asked for.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">How to stamp; the defaults unless told.</param>
    /// <inheritdoc cref="AddStampedDynamoDB(IServiceCollection, Func{IServiceProvider, StampedDynamoDBClient})" path="/remarks"/>
    public static IServiceCollection AddStampedDynamoDB(this IServiceCollection services, StampOptions? options = null) =>
        services.AddStampedDynamoDB(_ => new StampedDynamoDBClient(options));

    /// <summary>One <see cref="StampedDynamoDBClient"/>, made with the credentials and the configuration of your choice, wherever a DynamoDB client is asked for.</summary>
    /// <remarks>
    /// It is given for <see cref="StampedDynamoDBClient"/>, <see cref="AmazonDynamoDBClient"/> and <see cref="IAmazonDynamoDB"/>, in place of what was registered for them before: a plain
    /// client that stayed would write without a name, and nobody would see it. What is registered after it, counts. Keyed registrations stay as they are.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="make">Makes the client, once; it is disposed with the services.</param>
    public static IServiceCollection AddStampedDynamoDB(this IServiceCollection services, Func<IServiceProvider, StampedDynamoDBClient> make)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(make);
        services.RemoveAll<StampedDynamoDBClient>().RemoveAll<AmazonDynamoDBClient>().RemoveAll<IAmazonDynamoDB>();
        services.AddSingleton(make);
        services.AddSingleton<AmazonDynamoDBClient>(provider => provider.GetRequiredService<StampedDynamoDBClient>());
        services.AddSingleton<IAmazonDynamoDB>(provider => provider.GetRequiredService<StampedDynamoDBClient>());
        return services;
    }
}
