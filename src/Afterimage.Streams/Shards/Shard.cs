using Afterimage.Streams.Records;

namespace Afterimage.Streams.Shards;

/// <summary>A shard as DescribeStream lists it.</summary>
/// <param name="Id">The shard.</param>
/// <param name="Parent">The shard it continues; its records come first. It may no longer be listed.</param>
/// <param name="Starting">The lowest sequence number; absent at times.</param>
/// <param name="Ending">The highest one. Absent while the shard is open, and for a while after it closed.</param>
public sealed record Shard(ShardId Id, ShardId? Parent, SequenceNumber? Starting, SequenceNumber? Ending);
