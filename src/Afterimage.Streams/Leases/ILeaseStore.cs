namespace Afterimage.Streams.Leases;

/// <summary>Keeps who reads what, in the rows by which the journal keeps how far. What it costs grows with the workers, not with the shards.</summary>
/// <remarks>A store that cannot be reached for now says so by an <see cref="Aws.AwsException"/> that may pass; any other exception ends the run.</remarks>
public interface ILeaseStore
{
    /// <summary>Notes that a worker is alive, by counting its beats, and tells who else is there and who owns what. A repeat counts once more, which harms nothing.</summary>
    /// <returns>Everything as of one moment after the beat, or of moments after it: a shard that was finished or taken meanwhile may be told either way.</returns>
    Task<LeaseTable> BeatAsync(WorkerId me, CancellationToken ct);

    /// <summary>
    /// Makes a worker the owner of shards, each for itself: where the row still has the epoch that was seen, it gets the next one. A shard
    /// without a row gets one, at its beginning. A finished one is not given out. A repeat after a lost answer finds the worker as the
    /// owner under the next epoch, and gives it what it took before.
    /// </summary>
    /// <returns>Those that were got.</returns>
    Task<IReadOnlyList<LeasedShard>> TakeAsync(WorkerId me, IReadOnlyList<LeaseWish> wanted, CancellationToken ct);

    /// <summary>Gives shards up that a worker still owns under the epoch given; others are left as they are, so that a repeat does nothing. Epochs stay.</summary>
    Task ReleaseAsync(WorkerId me, IReadOnlyList<Lease> leases, CancellationToken ct);

    /// <summary>Gives up all that a worker owns and forgets it. A worker that is not there has left before. One that beats again is there again.</summary>
    Task LeaveAsync(WorkerId who, CancellationToken ct);
}
