using Afterimage.Streams.Aws;

namespace Afterimage.Streams.Reading;

/// <summary>How the streams of one account and region are reached. Its limits are shared by everybody who holds this object.</summary>
public sealed class StreamsAccess
{
    // DescribeStream may be called 10 times a second, which is taken to count for an account and region.
    private const int DescribesPerSecond = 10;

    /// <summary>Reaches an account and region that nobody else in this process reads.</summary>
    /// <param name="api">The service there.</param>
    /// <param name="time">The clock of its limits.</param>
    public StreamsAccess(IStreamsApi api, TimeProvider time)
        : this(api, DescribeLimit(time))
    {
    }

    internal StreamsAccess(IStreamsApi api, RateLimit describes) => (Api, Describes) = (api, describes);

    /// <summary>The service.</summary>
    public IStreamsApi Api { get; }

    /// <summary>The turns of DescribeStream.</summary>
    internal RateLimit Describes { get; }

    internal static RateLimit DescribeLimit(TimeProvider time) => new(DescribesPerSecond, TimeSpan.FromSeconds(1), time);
}
