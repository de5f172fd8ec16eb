using Afterimage.Streams.Records;

namespace Afterimage.Streams.Reading;

/// <summary>Records of one shard in stream order, to be kept together.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Records">Each record's JSON text in UTF-8, exactly as delivered. May be empty when the shard has ended.</param>
/// <param name="EndsShard">Whether the shard is closed and this is the last of it.</param>
public sealed record StreamBatch(StreamArn Stream, ShardId Shard, IReadOnlyList<ReadOnlyMemory<byte>> Records, bool EndsShard);
