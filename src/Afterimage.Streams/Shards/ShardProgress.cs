using Afterimage.Streams.Records;

namespace Afterimage.Streams.Shards;

/// <summary>How far a shard has been read and kept.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Parent">The shard it continues.</param>
/// <param name="Last">The sequence number of the last record kept; null before the first.</param>
/// <param name="Size">How many places the journal has filled for the shard: entries, gaps, and whatever it keeps beside them.</param>
/// <param name="Finished">Whether nothing follows: the shard was closed and read to its end, or what was left is known to be lost.</param>
public sealed record ShardProgress(ShardId Shard, ShardId? Parent, SequenceNumber? Last, long Size, bool Finished)
{
    /// <summary>When the gap was found that is the last entry; null where the last entry is none.</summary>
    public DateTimeOffset? GapFoundAt { get; init; }

    /// <summary>Whether the last entry is a gap: what came after <see cref="Last"/> is known to be missing, and reading goes on at the horizon.</summary>
    public bool EndsInGap => GapFoundAt is not null;

    /// <summary>
    /// Up to when everything was read, by the clock of the worker that read it; null where that was not noted.
    /// Only what was written later than 24 hours ago is sure to be there still. A shard that follows another begins after this moment.
    /// </summary>
    public DateTimeOffset? ReadThrough { get; init; }

    /// <summary>Under which lease the row stands: rises by one whenever a worker takes the shard; 0 where none ever did.</summary>
    public long Epoch { get; init; }

    /// <summary>Whether anything is known from reading the shard. A row without it says no more than that somebody took the shard.</summary>
    public bool IsBegun => Size > 0 || Finished || ReadThrough is not null;

    /// <summary>A shard of which nothing was kept yet.</summary>
    public static ShardProgress None(Shard shard) => new(shard.Id, shard.Parent, null, 0, false);
}

/// <summary>What is kept of a stream besides the entries.</summary>
/// <param name="Beginning">How its reading began; null where it did not, or where that was not noted.</param>
/// <param name="Shards">The shards of which something is known.</param>
public sealed record StreamProgress(StreamBeginning? Beginning, IReadOnlyList<ShardProgress> Shards);
