using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Tests.Simulation;

/// <summary>Beginnings: a stream that follows another is begun after it, and says so once.</summary>
internal static class SimBeginChecks
{
    /// <summary>A beginning that is about to be kept.</summary>
    public static void WhenKept(SimWorld world, StreamBeginning beginning)
    {
        var last = Begun(world, beginning.Stream.Table).Where(one => IsBefore(one, beginning.Stream)).OrderBy(one => one.Label, StringComparer.Ordinal).Cast<StreamArn?>().LastOrDefault();
        SimFailure.Unless(beginning.Previous == last, $"{beginning.Stream} begins after {beginning.Previous?.Label ?? "nothing"}, and not after {last?.Label ?? "nothing"}.");
        SimFailure.Unless(!Begun(world, beginning.Stream.Table).Any(one => IsBefore(beginning.Stream, one)), $"{beginning.Stream} begins after one that was made later.");
        if (last is { } previous)
        {
            var kept = world.Trail.Entries.Where(entry => entry.Stream == previous && entry.Sequence is not null).Select(entry => entry.Sequence!.Value).ToHashSet();
            var unread = world.FindStream(previous)!.Shards.SelectMany(shard => shard.Changes).FirstOrDefault(change => !kept.Contains(change.Sequence) && !change.Shard.HasLost(change));
            SimFailure.Unless(unread is null, $"{beginning.Stream.Label} begins before {unread} was read.");
        }
    }

    /// <summary>Whether a stream was over before anybody wanted its table.</summary>
    public static bool WasNeverWanted(SimWorld world, StreamArn stream) => Begun(world, stream.Table).All(one => IsBefore(stream, one));

    /// <summary>Whether a stream came and went between two that follow each other in the trail.</summary>
    public static bool IsPassedOver(SimWorld world, StreamArn stream) =>
        world.Trail.Beginnings.Values.Any(one => one.Beginning.Previous is { } previous && previous.Table == stream.Table && IsBefore(previous, stream) && IsBefore(stream, one.Beginning.Stream));

    private static IEnumerable<StreamArn> Begun(SimWorld world, string table) => world.Trail.Beginnings.Keys.Where(one => one.Table == table);

    private static bool IsBefore(StreamArn one, StreamArn other) => string.CompareOrdinal(one.Label, other.Label) < 0;
}
