using Afterimage.Streams.Records;

namespace Afterimage.Streams.Reading;

/// <summary>Tells when a shard that another worker reads was read through, by what that worker notes of it, and without comparing clocks.</summary>
internal sealed class OthersReading
{
    // What is noted is when the third-last read began, and one may have been under way at the first look: so many moves later, all of them began since.
    private const int MovesOfQuiet = 5;

    private readonly Dictionary<ShardId, (DateTimeOffset? At, int Moves)> seen = [];

    /// <summary>Whether everything was read that was there when this was asked first of the shard.</summary>
    public bool IsThrough(ShardId shard, DateTimeOffset? readThrough)
    {
        var (at, moves) = seen.TryGetValue(shard, out var known) ? known : seen[shard] = (readThrough, 0);
        seen[shard] = (readThrough, at == readThrough ? moves : moves + 1);
        return seen[shard].Moves >= MovesOfQuiet;
    }
}
