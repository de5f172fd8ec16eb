using System.Text;
using Afterimage.Streams.Records;

namespace Afterimage.Tests.Simulation;

/// <summary>A change that was made: what must be found again in the trail, or in a gap.</summary>
/// <param name="Shard">Where its record lies.</param>
/// <param name="Sequence">The record's place.</param>
/// <param name="Item">The item that was changed.</param>
/// <param name="Version">The how manieth change of that item it is.</param>
/// <param name="MadeAt">When it was made.</param>
internal sealed record SimChange(SimShard Shard, SequenceNumber Sequence, string Item, int Version, DateTimeOffset MadeAt)
{
    /// <summary>The record as the service delivers it.</summary>
    public ReadOnlyMemory<byte> Record { get; } = Encoding.UTF8.GetBytes(
        $$"""
        {"eventID":"{{Sequence.Text}}","eventName":"MODIFY","dynamodb":{"ApproximateCreationDateTime":{{MadeAt.ToUnixTimeSeconds()}},"Keys":{"id":{"S":"{{Item}}"} },"SequenceNumber":"{{Sequence.Text}}","StreamViewType":"KEYS_ONLY"} }
        """);

    public override string ToString() => $"{Item} v{Version} at {Sequence.Text} of {Shard.Id} of {Shard.Stream.Arn.Label} ({MadeAt:dd HH:mm:ss})";
}

/// <summary>A shard as it truly is, which is not always what the service says of it.</summary>
/// <param name="stream">Its stream.</param>
/// <param name="id">Its name.</param>
/// <param name="parent">The shard it continues.</param>
/// <param name="range">Which items it takes.</param>
/// <param name="starting">The lowest sequence number it may hold.</param>
/// <param name="madeAt">Since when it is there.</param>
internal sealed class SimShard(SimStream stream, ShardId id, SimShard? parent, Range range, SequenceNumber starting, DateTimeOffset madeAt)
{
    public SimStream Stream { get; } = stream;

    public ShardId Id { get; } = id;

    public SimShard? Parent { get; } = parent;

    public DateTimeOffset MadeAt { get; } = madeAt;

    /// <summary>Its place in the listing.</summary>
    public int Place { get; init; }

    public Range Range { get; } = range;

    public SequenceNumber Starting { get; } = starting;

    /// <summary>A child may not be listed for a moment after it was made.</summary>
    /// <remarks>It is never listed before its parent was.</remarks>
    public DateTimeOffset ListedFrom { get; init; }

    /// <summary>A parent may be listed as open for a moment after its children are there.</summary>
    public DateTimeOffset ShownClosedFrom { get; set; } = DateTimeOffset.MaxValue;

    public DateTimeOffset? ClosedAt { get; set; }

    public List<SimChange> Changes { get; } = [];

    /// <summary>How many of the changes have been trimmed.</summary>
    public int Trimmed { get; set; }

    /// <summary>Whether it is closed and held something, of which nothing is left.</summary>
    public bool IsAllTrimmed => ClosedAt is not null && Changes.Count > 0 && Trimmed == Changes.Count;

    /// <summary>Whether the service has forgotten the shard.</summary>
    public bool IsGone { get; set; }

    /// <summary>The documented meaning: the last record's number. A shard without records has its starting number there.</summary>
    public SequenceNumber Ending => Changes.Count > 0 ? Changes[^1].Sequence : Starting;

    /// <summary>Whether nobody can read a change of it any more.</summary>
    public bool HasLost(SimChange change) => IsGone || Stream.IsGone || Changes.IndexOf(change) < Trimmed;

    public bool Takes(int hash) => hash >= Range.Start.Value && hash < Range.End.Value;
}
