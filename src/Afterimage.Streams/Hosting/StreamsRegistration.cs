using Afterimage.Streams.Aws;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Reading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Afterimage.Streams.Hosting;

/// <summary>Adds the reader of DynamoDB Streams to an application's services.</summary>
public static class StreamsRegistration
{
    /// <summary>
    /// Follows the streams of tables as long as the host runs, and hands what is read to the <see cref="IBatchHandler"/> that the application registers.
    /// </summary>
    /// <remarks>
    /// What else is registered is used: an <see cref="IShardJournal"/>, to keep progress beyond this process, and with it an <see cref="ILeaseStore"/>,
    /// to share the shards among several processes; an <see cref="IStreamSource"/> in place of the tables; an <see cref="IStreamsApi"/> and an
    /// <see cref="ITableLookup"/> in place of AWS; a <see cref="TimeProvider"/>. Each has to be a singleton.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="configure">Says what is followed. Called again, the last word counts.</param>
    public static IServiceCollection AddDynamoDbStreams(this IServiceCollection services, Action<DynamoDbStreamsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<DynamoDbStreamsOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DynamoDbStreamsOptions>, StreamsOptionsCheck>());
        services.AddHostedService<HostedStreams>();
        return services;
    }
}
