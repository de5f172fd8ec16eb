using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Reading;

/// <summary>Says which streams are to be followed. It is asked at the start and then again and again, since tables and streams come and go.</summary>
public interface IStreamSource
{
    /// <summary>Every stream that is to be followed now. One that is no longer named is read no more.</summary>
    /// <exception cref="AwsException">Nothing can be said now: what was named before is followed on.</exception>
    Task<IReadOnlyList<FollowedStream>> LookAsync(CancellationToken ct);

    /// <summary>
    /// Whether a stream that the service denied twice is gone for good, so that what was not read of it is lost. A wrong region and a test
    /// server that was started anew deny streams as well: where that may be so, the answer is false and the denial is an error.
    /// </summary>
    Task<bool> IsGoneAsync(FollowedStream stream, CancellationToken ct);
}

/// <summary>A stream that is to be followed.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Previous">
/// The stream of the same table that came before; null where there was none. As long as that one is named as well, this one is begun only
/// when that one was read to its end.
/// </param>
/// <param name="From">From where it is read if it is begun now.</param>
/// <param name="Access">How it is reached.</param>
public sealed record FollowedStream(StreamArn Stream, StreamArn? Previous, StartFrom From, StreamsAccess Access);

/// <summary>The same streams for ever. Nobody can be asked about their tables, so that a denied one is an error and never gone.</summary>
public sealed class FixedStreams(params IReadOnlyList<FollowedStream> streams) : IStreamSource
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<FollowedStream>> LookAsync(CancellationToken ct) => Task.FromResult(streams);

    /// <inheritdoc/>
    public Task<bool> IsGoneAsync(FollowedStream stream, CancellationToken ct) => Task.FromResult(false);
}
