using System.Globalization;
using Afterimage.Trail;

namespace Afterimage.Query;

/// <summary>How far the trail knows a table's changes, so that no answer seems more complete than it is.</summary>
/// <param name="ReadThrough">Everything written before this moment is in the trail; null where that cannot be said.</param>
/// <param name="Shards">How many shards the answer rests on.</param>
public sealed record Completeness(DateTimeOffset? ReadThrough, int Shards)
{
    /// <summary>What is taken off, since a write may show up in its stream a moment late.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    /// <summary>Reads it from the rows of the shards: the least advanced one that is not finished decides.</summary>
    public static Completeness Of(IReadOnlyCollection<TrailShard> shards)
    {
        var open = shards.Where(shard => !shard.Progress.Finished).ToList();
        return open.Count == 0 || open.Exists(shard => shard.ReadThrough is null)
            ? new Completeness(null, shards.Count)
            : new Completeness(open.Min(shard => shard.ReadThrough) - Slack, shards.Count);
    }

    /// <summary>One line for people.</summary>
    public override string ToString() => (Shards, ReadThrough) switch
    {
        (0, _) => "nothing was read yet: run `afterimage run`",
        (_, null) => "read to the end of what was found; how far that reaches in time is not known",
        (_, { } moment) => string.Create(CultureInfo.InvariantCulture, $"read through {moment.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z ({Slack.TotalSeconds:0} s of slack taken off)"),
    };
}
