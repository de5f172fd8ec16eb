using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Aws;

/// <summary>The four calls of the DynamoDB Streams API (version 2012-08-10). A simulator implements it too.</summary>
/// <remarks>Every call throws <see cref="AwsException"/> or one of its kinds where the service answers with an error that retries did not mend.</remarks>
public interface IStreamsApi
{
    /// <summary>One page of a stream's shards, at most 100; the caller follows <see cref="StreamDescription.LastEvaluatedShard"/>, also when a page is empty.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="after">Where the page before ended.</param>
    /// <param name="childrenOf">Asks for this shard's children only (ShardFilter CHILD_SHARDS); services that do not know the filter list everything.</param>
    /// <param name="ct">Abandons the call.</param>
    Task<StreamDescription> DescribeStreamAsync(StreamArn stream, ShardId? after, ShardId? childrenOf, CancellationToken ct);

    /// <summary>An iterator into a shard, good for 15 minutes.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="after">The last record already kept; null starts at the oldest record there is (TRIM_HORIZON).</param>
    /// <param name="ct">Abandons the call.</param>
    /// <exception cref="TrimmedDataException">The record after which to go on has been trimmed.</exception>
    Task<string> GetShardIteratorAsync(StreamArn stream, ShardId shard, SequenceNumber? after, CancellationToken ct);

    /// <summary>At most 1,000 records or 1 MB from where the iterator points.</summary>
    /// <exception cref="ExpiredIteratorException">The iterator is older than 15 minutes.</exception>
    /// <exception cref="TrimmedDataException">The iterator points before the horizon.</exception>
    Task<RecordsPage> GetRecordsAsync(string iterator, CancellationToken ct);

    /// <summary>One page of streams, of one table or of all.</summary>
    Task<StreamsPage> ListStreamsAsync(string? table, StreamArn? after, CancellationToken ct);
}

/// <summary>A page of DescribeStream.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Status">ENABLING, ENABLED, DISABLING or DISABLED.</param>
/// <param name="ViewType">KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES.</param>
/// <param name="Shards">The shards of this page.</param>
/// <param name="LastEvaluatedShard">Where the next page goes on; null on the last.</param>
public sealed record StreamDescription(StreamArn Stream, string Status, string? ViewType, IReadOnlyList<Shard> Shards, ShardId? LastEvaluatedShard);

/// <summary>A page of GetRecords.</summary>
/// <param name="Records">Each record's JSON text in UTF-8, exactly as delivered.</param>
/// <param name="NextIterator">Where to go on. Null says the shard is closed and read out, and the same page may still hold records.</param>
public sealed record RecordsPage(IReadOnlyList<ReadOnlyMemory<byte>> Records, string? NextIterator);

/// <summary>A page of ListStreams.</summary>
public sealed record StreamsPage(IReadOnlyList<StreamArn> Streams, StreamArn? LastEvaluatedStream);
