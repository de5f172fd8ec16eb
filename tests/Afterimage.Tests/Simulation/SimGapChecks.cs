using Afterimage.Streams.Shards;

namespace Afterimage.Tests.Simulation;

/// <summary>Gaps: none where nothing could be lost, and none missing where something was.</summary>
internal sealed class SimGapChecks(SimWorld world, HashSet<SimChange> kept)
{
    // What the reader may be wrong by: clocks, and moments that are noted late.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(30);

    private readonly List<SimEntry> gaps = [.. world.Trail.Entries.Where(entry => entry.Gap is not null)];

    /// <summary>Whether the trail owns up to a change that is not in it.</summary>
    public bool Covers(SimChange change)
    {
        var shard = change.Shard;
        var mine = gaps.Where(entry => entry.Stream == shard.Stream.Arn).ToList();
        if (mine.Exists(entry => entry.Shard == shard.Id && !(change.Sequence <= entry.Gap!.Last) && !(change.Sequence >= entry.Gap.Next)))
        {
            return true;
        }

        // What lies between two streams covers a stream that nobody saw, and shards that nobody saw at the end of one that went.
        var isUnknown = RowOf(shard) is null && world.Trail.Beginnings.Values.Any(one => one.Beginning.Previous == shard.Stream.Arn);
        if (shard.Stream.IsGone && (isUnknown || SimBeginChecks.IsPassedOver(world, shard.Stream.Arn)))
        {
            return true;
        }

        // What follows concerns the head of a shard: a gap of another one may reach into it.
        var isHead = !shard.Changes.Exists(other => other.Sequence < change.Sequence && kept.Contains(other));
        return isHead && (WasNeverAskedFor(change) || FollowsAGap(shard) || IsUnseen(shard, change, mine));
    }

    /// <summary>A gap that is about to be kept.</summary>
    public static void WhenKept(SimWorld world, ShardGap gap)
    {
        var stream = world.FindStream(gap.Stream)!;
        var shard = stream.Shards.Find(one => one.Id == gap.Shard)!;
        var now = world.Loop.Now;
        var last = gap.Last is null ? -1 : shard.Changes.FindIndex(change => change.Sequence == gap.Last);
        var mayBe = gap.Cause switch
        {
            GapCause.Trimmed when gap.Last is null => shard.Trimmed > 0 || now - LastSign(world, shard) >= SimTable.Retention - Slack,
            GapCause.Trimmed => last < shard.Trimmed && !(shard.ShownClosedFrom <= now - Slack && shard.Ending <= gap.Last),
            GapCause.ShardGone => shard.IsGone,
            _ => stream.IsGone,
        };
        SimFailure.Unless(mayBe, $"A gap where nothing could be lost: {gap}");
        var isLost = shard.Changes.Skip(last + 1).Any(shard.HasLost);
        SimFailure.Unless(gap.Certainty != GapCertainty.Certain || isLost, $"Not certain at all: {gap}");
    }

    // Since when nobody can tell what a shard that was not begun may have held: the last that was noted of it, or of its parent.
    private static DateTimeOffset LastSign(SimWorld world, SimShard shard) => world.Trail.Rows
        .Where(one => one.Stream == shard.Stream.Arn && (one.Row.Shard == shard.Id || one.Row.Shard == shard.Parent?.Id))
        .Select(one => one.Row.ReadThrough).Max() ?? DateTimeOffset.MinValue;

    // Older than the horizon when the stream was begun, or so little younger that it went before it could be read.
    private bool WasNeverAskedFor(SimChange change) =>
        world.Trail.Beginnings.TryGetValue(change.Shard.Stream.Arn, out var begun) && change.MadeAt <= begun.KeptAt - SimTable.Retention + Slack;

    // Whose heads are missing because of what is missing before: up to a gap, or to a record that was kept after it.
    private bool FollowsAGap(SimShard shard)
    {
        for (var parent = shard.Parent; parent is not null; parent = parent.Parent)
        {
            if (RowOf(parent)?.EndsInGap == true)
            {
                return true;
            }

            if (parent.Changes.Exists(kept.Contains))
            {
                return false;
            }
        }

        return false;
    }

    // Nobody can say from where a shard came that came and went unseen. Its own gap stands for it and for those before and behind it; or
    // that of a shard which was lost in the same absence, as long as no shard is known whose children nobody knows.
    private bool IsUnseen(SimShard shard, SimChange change, List<SimEntry> gaps)
    {
        var first = shard;
        while (first.Parent is { } parent && !parent.Changes.Exists(kept.Contains) && RowOf(parent) is not { Size: > 0 })
        {
            first = parent;
        }

        return first.IsGone && gaps.Exists(entry => entry.Gap is { Next: null, Cause: not GapCause.Trimmed } && entry.KeptAt > change.MadeAt);
    }

    private ShardProgress? RowOf(SimShard? shard) => world.Trail.Rows.FirstOrDefault(one => one.Stream == shard?.Stream.Arn && one.Row.Shard == shard.Id).Row;
}
