using Afterimage.Streams.Records;

namespace Afterimage.Streams.Shards;

/// <summary>A shard that is over without having been read to its end.</summary>
/// <param name="Before">How far it was kept.</param>
/// <param name="Gap">What is missing; null where nothing can be.</param>
internal sealed record Loss(ShardProgress Before, ShardGap? Gap);

/// <summary>What cannot be read any more. Exactly one gap stands for each shard that was lost, and none where nothing could be.</summary>
internal sealed class Losses(StreamArn stream, Census census, IReadOnlyDictionary<ShardId, ShardProgress> progress, StreamBeginning? beginning)
{
    /// <summary>The shards that were begun and are gone, and those that were seen and went before they could be begun.</summary>
    public IReadOnlyList<Loss> OfSeen(DateTimeOffset now) =>
        [.. progress.Values.Where(row => !row.Finished && census.IsGone(row.Shard))
            .Select(row => Lost(row, GapCause.ShardGone, now))
            .Concat(Unbegun().Where(row => census.IsGone(row.Shard))
                .Select(row => MayHaveLostHead(row, now) ? Lost(row, GapCause.ShardGone, now) : new Loss(row, null)))];

    /// <summary>All that was not finished, when the stream itself is gone. What follows an unfinished shard is covered by its gap.</summary>
    /// <param name="taken">Shards that somebody has taken, so that they were there, also where nothing was ever read of them.</param>
    /// <param name="now">The present.</param>
    public IReadOnlyList<Loss> OfStream(IEnumerable<ShardId> taken, DateTimeOffset now)
    {
        var unread = taken.Where(id => !progress.ContainsKey(id)).Select(id => new ShardProgress(id, null, null, 0, false));
        var open = progress.Values.Where(row => !row.Finished).Concat(Unbegun()).Concat(unread).DistinctBy(row => row.Shard).ToDictionary(row => row.Shard);
        return [.. open.Values.Where(row => progress.ContainsKey(row.Shard) || row.Parent is not { } parent || !IsCovered(parent))
            .Select(row => Lost(row, GapCause.StreamGone, now))];

        // By the gap that is to come, or by the one that was kept.
        bool IsCovered(ShardId parent) => open.ContainsKey(parent) || progress[parent].EndsInGap;
    }

    /// <summary>Shards that came and went without anybody having seen them: all that is known is that children of theirs are there.</summary>
    /// <param name="isStarted">Whether a child is being read already.</param>
    /// <param name="now">The present.</param>
    /// <remarks>
    /// What is gone was written more than a day ago. Had the stream not begun by then, it was never asked for. And where every shard that
    /// may have been the ancestor of an unseen one was lost itself, the gaps of those stand for it.
    /// </remarks>
    public IReadOnlyList<Loss> OfUnseen(Predicate<ShardId> isStarted, DateTimeOffset now)
    {
        if (beginning is null || !Retention.MayHaveTrimmed(HasOpenEnds() ? beginning.At : BegunOrLost() ?? beginning.At, now))
        {
            return [];
        }

        var unseen = census.Listed.Where(child => !progress.ContainsKey(child.Id) && !isStarted(child.Id))
            .Where(child => child.Parent is { } parent && census.IsGone(parent) && !progress.ContainsKey(parent))
            .Select(child => child.Parent!.Value).Distinct();
        return [.. unseen.Select(shard => new ShardProgress(shard, null, null, 0, false)).Select(row => Lost(row, GapCause.ShardGone, now))];
    }

    /// <summary>The gap after what is kept of a shard; null where it is known already, or where nothing came after.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="listed">The shard as it was listed last; null where it never was.</param>
    /// <param name="kept">How far it was kept.</param>
    /// <param name="cause">Why nothing after that can be read, or not all of it.</param>
    /// <param name="isOver">Whether nothing more can be read, so that a number that is known to follow is known to be missing.</param>
    /// <param name="now">The present.</param>
    public static ShardGap? After(StreamArn stream, Shard? listed, ShardProgress kept, GapCause cause, bool isOver, DateTimeOffset now)
    {
        // The ending number of a shard is that of its last record, as documented.
        if (kept.EndsInGap || (kept.Last is not null && listed?.Ending <= kept.Last))
        {
            return null;
        }

        var isMore = kept.Last is null ? listed?.Starting < listed?.Ending : listed?.Ending > kept.Last;
        var certainty = isOver && isMore ? GapCertainty.Certain : GapCertainty.Possible;
        return new ShardGap(stream, kept.Shard, kept.Last, null, cause, certainty, now);
    }

    /// <summary>Whether the beginning of a shard that was not read yet may be missing without any sign: the horizon passes over what was trimmed.</summary>
    private bool MayHaveLostHead(ShardProgress shard, DateTimeOffset now) =>
        shard.Last is null && !shard.EndsInGap && ReadThrough(shard, now) is { } since && Retention.MayHaveTrimmed(since, now);

    /// <summary>
    /// Up to when everything was read, or is known to be lost, that is in a shard or was before it; null where that cannot be said.
    /// Where a parent was read through, its child begins later; a gap at its end reaches into the child up to what is kept of it; and
    /// where the stream was begun, nothing older was asked for.
    /// </summary>
    public DateTimeOffset? ReadThrough(ShardProgress shard, DateTimeOffset now)
    {
        if (shard.Last is not null)
        {
            return shard.ReadThrough;
        }

        var parent = shard.Parent is { } id ? progress.GetValueOrDefault(id) : null;
        var isParentUnseen = parent is null && shard.Parent is not null;
        return new[] { shard.ReadThrough, parent?.ReadThrough, parent?.GapFoundAt, isParentUnseen ? LostAt() : null, BegunAt(shard, now) }.Max();
    }

    // What was there when the stream was begun was asked for as far back as it went. Where its reading did not follow at once, some of that
    // may have been trimmed in between. A shard without a parent is as old as its stream, and one whose parent was gone before anybody saw it is a
    // day older than that: it was there, though a listing left it out.
    private DateTimeOffset? BegunAt(ShardProgress shard, DateTimeOffset now) =>
        beginning is { From: StartFrom.TrimHorizon } && Retention.IsLate(beginning.At, now)
        && (shard.Parent is not { } parent || beginning.Listed.Contains(shard.Shard) || !progress.ContainsKey(parent))
            ? new[] { Retention.Horizon(beginning.At), stream.MadeAt }.Max()
            : beginning?.At;

    // The last moment up to which all that may have been missed is accounted for: as not asked for, or as lost.
    private DateTimeOffset? BegunOrLost() => new[] { LostAt(), beginning?.At }.Max();

    private DateTimeOffset? LostAt() => progress.Values.Where(row => row.Finished).Max(row => row.GapFoundAt);

    // Shards that were read to their end and whose children nobody knows.
    private bool HasOpenEnds()
    {
        var parents = progress.Values.Where(row => row.Parent is not null).Select(row => row.Parent!.Value).ToHashSet();
        return progress.Values.Any(row => row.Finished && !row.EndsInGap && !parents.Contains(row.Shard) && !census.HasChild(row.Shard));
    }

    private Loss Lost(ShardProgress row, GapCause cause, DateTimeOffset now) => new(row, After(stream, census.Find(row.Shard), row, cause, isOver: true, now));

    // What was there when the stream was begun counts as seen by every later run.
    private IEnumerable<ShardProgress> Unbegun() => census.Seen.Select(ShardProgress.None)
        .Concat((beginning?.Listed ?? []).Where(id => census.Find(id) is null).Select(id => new ShardProgress(id, null, null, 0, false)))
        .Where(row => !progress.ContainsKey(row.Shard));
}
