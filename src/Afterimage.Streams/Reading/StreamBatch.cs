using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Reading;

/// <summary>What comes next of one shard, to be kept together: records in stream order, a gap before them, the end behind them.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Records">Each record's JSON text in UTF-8, exactly as delivered. May be empty.</param>
/// <param name="EndsShard">Whether this is the last of the shard: it is closed, or what is left of it is lost.</param>
public sealed record StreamBatch(StreamArn Stream, ShardId Shard, IReadOnlyList<ReadOnlyMemory<byte>> Records, bool EndsShard)
{
    /// <summary>What is missing before the records; null where nothing is.</summary>
    public ShardGap? Gap { get; init; }

    /// <summary>
    /// Up to when everything was read, besides what the time of the last record tells; null where nothing is known.
    /// Not the moment at which the end was read: a shard that ended long before has children that did not wait.
    /// </summary>
    public DateTimeOffset? ReadThrough { get; init; }

    /// <summary>How far the shard is kept once this batch is, where every record of it fills a place.</summary>
    internal ShardProgress Advance(ShardProgress before)
    {
        var numbers = Records.Select(StreamRecord.TrySalvageSequenceNumber).Where(number => number is not null).ToList();
        return before with
        {
            Last = numbers.Count > 0 ? numbers[^1] : before.Last,
            Size = before.Size + Records.Count + (Gap is null ? 0 : 1),
            Finished = EndsShard,
            GapFoundAt = Records.Count == 0 ? Gap?.FoundAt ?? before.GapFoundAt : null,
            ReadThrough = new[] { before.ReadThrough, ReadThrough, Records.Count > 0 ? TimeOf(Records[^1]) : null }.Max(),
        };
    }

    private static DateTimeOffset? TimeOf(ReadOnlyMemory<byte> raw)
    {
        try
        {
            return StreamRecord.Read(raw).ApproximateCreationTime;
        }
        catch (FormatException)
        {
            // What cannot be read tells no time; the next one will.
            return null;
        }
    }
}
