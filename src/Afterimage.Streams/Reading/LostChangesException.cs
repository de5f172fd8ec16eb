using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Reading;

/// <summary>Changes were trimmed from a stream before they were read: DynamoDB keeps them for 24 hours.</summary>
public sealed class LostChangesException(StreamArn stream, ShardProgress lost, Exception? innerException = null)
    : Exception($"Changes of table {stream.Table} were trimmed before they were read: shard {lost.Shard} of {stream}, after sequence number {lost.Last?.Text ?? "(none kept)"}.", innerException)
{
    /// <summary>The stream.</summary>
    public StreamArn Stream { get; } = stream;

    /// <summary>The shard, and how far it was kept.</summary>
    public ShardProgress Lost { get; } = lost;
}
